/** Builds the studio: a page of static files that any server can offer, below any path. */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './bundling.mjs';
import { writeLicenses } from './licenses.mjs';
import { copyWasmEngine } from './wasm-engine.mjs';

/** Files of the page that are shipped as they are. */
const pageFiles = ['index.html', 'icon.svg'];

const options = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  loader: { '.unet': 'text' },
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
  // Asked for how much memory is free, by engines that pages do not have.
  alias: { 'node:os': './studio/workers/no-system.ts' },
};

/** Fills a folder with the page, its scripts, its examples, and what keeps them for times without a network. */
export async function buildStudio(folder) {
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    ...options,
    entryPoints: {
      main: 'studio/main.ts',
      style: 'studio/style.css',
      language: 'studio/workers/language.ts',
      training: 'studio/workers/training.ts',
      onnx: 'studio/workers/onnx.ts',
    },
    outdir: folder,
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    metafile: true,
  });
  for (const file of pageFiles) await copyFile(join(root, 'studio', file), join(folder, file));
  await mkdir(join(folder, 'engine'));
  await copyWasmEngine(join(folder, 'engine'));
  const words = ['scripts/run.mjs', 'scripts/write-examples.ts', folder];
  const written = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (written.status !== 0) throw new Error(`The examples could not be written: ${written.status}`);
  writeLicenses(root, folder, [metafile]);
  const files = await filesBelow(folder);
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(join(folder, file)));
  await build({
    ...options,
    format: 'iife',
    entryPoints: { 'service-worker': 'studio/workers/service-worker.ts' },
    outdir: folder,
    define: {
      buildName: JSON.stringify(`unetc-${hash.digest('hex').slice(0, 16)}`),
      buildFiles: JSON.stringify(['./', ...files]),
    },
  });
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
