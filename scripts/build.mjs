/**
 * Builds the package:
 *
 *   dist/cli    the program, bundled with its dependencies: a small entry, the
 *               program itself, prettier and the reader of HDF5 in files of their
 *               own; TensorFlow.js and sharp stay outside, they are loaded when a
 *               network is run
 *   dist/lib    the library, bundled too: a module for each name that can be imported, and
 *               parts that they share or load when needed
 *   dist/types  its declarations
 *   dist/page   what packages of networks bring for their page
 *   dist/studio a page of static files in which networks are written
 *
 * So a project that installs the package gets TensorFlow.js, sharp and nothing else.
 *
 * The kernels in `wasm/` are compiled first, into a module of the runtime.
 *
 * Options: `--out DIR` builds elsewhere, `--cli-only` builds the program alone,
 * `--metafile FILE` writes which sources went into which file of the program,
 * `--if-changed` builds nothing where nothing was changed since `dist` was built.
 */
import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { bundleProgram, common, installed, replaceFolder, root, server } from './bundling.mjs';
import { buildStudio } from './build-studio.mjs';
import { writeLicenses } from './licenses.mjs';
import { buildPackagePage } from './package-page.mjs';
import { pruneTypes } from './prune-types.mjs';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'dist') },
    'cli-only': { type: 'boolean', default: false },
    metafile: { type: 'string' },
    'if-changed': { type: 'boolean', default: false },
  },
});
const out = resolve(options.out);

/** Of each part, the folder below `out`. */
const parts = {
  cli: buildProgram,
  ...(options['cli-only']
    ? {}
    : {
        lib: buildLibrary,
        types: emitTypes,
        page: buildPage,
        studio: () => replaceFolder(join(out, 'studio'), buildStudio),
      }),
};
if (!options['if-changed'] || isChanged()) await buildAll();

async function buildAll() {
  await mkdir(out, { recursive: true });
  await run(process.execPath, [join(root, 'scripts/run.mjs'), 'scripts/generate-kernels.ts']);
  const start = new Date();
  await Promise.all(Object.values(parts).map((part) => part()));
  // What is changed while a part is built is newer than it.
  await Promise.all(Object.keys(parts).map((name) => utimes(join(out, name), start, start)));
}

/** Whether a file that builds read is newer than what was built. */
function isChanged() {
  const built = Object.keys(parts).map((name) => join(out, name));
  if (!built.every((folder) => existsSync(folder))) return true;
  const timeOf = (path) => statSync(path).mtimeMs;
  const given = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  const sources = ['src', 'scripts', 'wasm', 'package-page', 'studio', 'specs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, path)),
  );
  const newest = Math.max(...[...given, ...sources].map((path) => timeOf(join(root, path))));
  return newest >= Math.min(...built.map(timeOf));
}

async function buildProgram() {
  await replaceFolder(join(out, 'cli'), async (folder) => {
    const metafile = await bundleProgram({
      entries: ['src/cli/program.ts', server],
      thin: ['src/cli/main.ts'],
      folder,
    });
    await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
    await chmod(join(folder, 'main.js'), 0o755);
    if (options.metafile) await writeFile(resolve(options.metafile), JSON.stringify(metafile));
  });
}

async function buildLibrary() {
  await replaceFolder(join(out, 'lib'), async (folder) => {
    const { metafile } = await build({
      ...common,
      entryPoints: ['src/index.ts', 'src/runtime/index.ts', 'src/runtime/page.ts'],
      outbase: 'src',
      outdir: folder,
      bundle: true,
      splitting: true,
      chunkNames: 'parts/[name]-[hash]',
      external: installed,
      // Pages have none; what bundled packages ask of it has to be undefined there, and no error.
      define: { process: 'globalThis.process' },
      legalComments: 'linked',
      metafile: true,
    });
    writeLicenses(root, folder, [metafile]);
  });
}

async function buildPage() {
  await replaceFolder(join(out, 'page'), buildPackagePage);
}

async function emitTypes() {
  await replaceFolder(join(out, 'types'), async (folder) => {
    await run(process.execPath, [
      join(root, 'node_modules/typescript/bin/tsc'),
      '--project',
      join(root, 'tsconfig.build.json'),
      '--outDir',
      folder,
    ]);
    pruneTypes(folder, ['index.d.ts', 'runtime/index.d.ts', 'runtime/page.d.ts']);
  });
}

function run(command, words) {
  return new Promise((done, fail) => {
    spawn(command, words, { cwd: root, stdio: 'inherit' }).on('exit', (code) =>
      code === 0 ? done() : fail(new Error(`${command} ended with ${code}`)),
    );
  });
}
