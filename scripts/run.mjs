/**
 * Runs a TypeScript file of this repository: `node scripts/run.mjs FILE [WORDS]`.
 * Node 20 reads no TypeScript; the file and what it imports from `src` are bundled
 * to `.tmp/`, packages are loaded from node_modules as ever.
 */
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [file, ...words] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Usage: node scripts/run.mjs FILE [WORDS]\n');
  process.exit(2);
}
const folder = join(root, '.tmp/run');
const bundle = join(folder, `${basename(file, '.ts')}-${process.pid}.mjs`);
await mkdir(folder, { recursive: true });
await build({
  entryPoints: [resolve(file)],
  outfile: bundle,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.argv = [process.argv[0], bundle, ...words];
try {
  await import(pathToFileURL(bundle).href);
} finally {
  await rm(bundle, { force: true });
}
