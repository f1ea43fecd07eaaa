import type { Plugin } from 'prettier';

/**
 * Lays code out as prettier does by default, so that a project's plain
 * `prettier --check` passes. Prettier's single-file build is loaded on first use:
 * it needs no file system, and only emitting needs it.
 */
export async function finish(code: string): Promise<string> {
  const [{ format }, babel, estree] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/babel'),
    import('prettier/plugins/estree'),
  ]);
  return format(code, { parser: 'babel-ts', plugins: [babel, estree as Plugin] });
}
