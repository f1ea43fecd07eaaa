/** What packages of networks bring for their page: its script, its worker, its style, the WASM engine. */
import { mkdir } from 'node:fs/promises';
import { build } from 'esbuild';
import { root } from './bundling.mjs';
import { writeLicenses } from './licenses.mjs';
import { copyWasmEngine } from './wasm-engine.mjs';

/** Fills a new folder with `page.js`, `worker.js`, `page.css`, the engine and `LICENSES.txt`. */
export async function buildPackagePage(folder) {
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'package-page/main.ts', out: 'page' },
      { in: 'src/runtime/package/page/worker.ts', out: 'worker' },
      { in: 'package-page/style.css', out: 'page' },
    ],
    outdir: folder,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    // Asked for how much memory is free, by an engine that pages do not use.
    external: ['node:os'],
    metafile: true,
    logLevel: 'warning',
  });
  await copyWasmEngine(folder);
  writeLicenses(root, folder, [metafile]);
}
