import { readdirSync, readFileSync } from 'node:fs';

/** The folder of the standard library. */
const folder = 'specs/std';

/** A module with the texts of the standard library, so that no file is read to compile. */
export function renderStandardLibrary(): string {
  const entries = readdirSync(folder)
    .filter((name) => name.endsWith('.unet'))
    .sort()
    .map((name) => {
      const text = readFileSync(`${folder}/${name}`, 'utf8').replaceAll(/[\\`]|\$\{/g, '\\$&');
      return `  'std/${name}': \`${text}\`,\n`;
    });
  return [
    '// Generated from specs/std by "npm run generate"; do not edit.\n\n',
    '/** The standard library: the text of each file by the path that imports name. */\n',
    'export const standardLibrary: Readonly<Record<string, string>> = {\n',
    ...entries,
    '};\n',
  ].join('');
}
