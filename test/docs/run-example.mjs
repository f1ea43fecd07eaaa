/**
 * Runs an example of a page as a program of its own, in the folder that it lies in: `unetc` is what the
 * sources say, other packages are those of the checkout. Node 20 reads no TypeScript, so it is bundled.
 */
import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const file = resolve(process.argv[2]);
const bundle = file.replace(/\.\w+$/, '.bundle.mjs');
await build({
  entryPoints: [file],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  alias: {
    'unetc/runtime': resolve(root, 'src/runtime/index.ts'),
    unetc: resolve(root, 'src/index.ts'),
  },
  // Not "packages": names of packages that stand for sources are no packages.
  external: [
    '@tensorflow/*',
    'sharp',
    'uplot',
    'esbuild',
    'prettier',
    'chevrotain',
    'geotiff',
    'h5wasm',
    'ajv',
  ],
  logLevel: 'error',
});
try {
  await import(pathToFileURL(bundle).href);
} finally {
  rmSync(bundle, { force: true });
}
