import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/** Runs a script beside these tests as a process of its own and gives what it prints. */
export async function runAlone(
  script: string,
  calls: readonly (readonly string[])[],
): Promise<readonly string[]> {
  // A bundle beside the test, so that packages are found from there.
  const bundle = fileURLToPath(new URL(`./${script}.bundle.mjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL(`./${script}.ts`, import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  try {
    const printed: string[] = [];
    for (const words of calls) {
      const options = { timeout: 50000 };
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        [bundle, ...words],
        options,
      );
      printed.push(stdout + stderr);
    }
    return printed;
  } finally {
    await rm(bundle);
  }
}
