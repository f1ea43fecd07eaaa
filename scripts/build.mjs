/**
 * Builds the package:
 *
 *   dist/cli    the program, bundled with its dependencies: a small entry, the
 *               program itself, prettier and the reader of HDF5 in files of their
 *               own; TensorFlow.js and sharp stay outside, they are loaded when a
 *               network is run
 *   dist/lib    the library, one module per source file
 *   dist/types  its declarations
 *
 * Options: `--out DIR` builds elsewhere, `--cli-only` builds the program alone,
 * `--metafile FILE` writes which sources went into which file of the program.
 */
import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'dist') },
    'cli-only': { type: 'boolean', default: false },
    metafile: { type: 'string' },
  },
});
const out = resolve(options.out);
const common = {
  absWorkingDir: root,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
};

/**
 * Large libraries that few commands need, in files of their own: what emitting
 * needs of prettier, and the reader of HDF5, which is a module that a script
 * cannot require.
 */
const apart = {
  'prettier/standalone': 'prettier-standalone',
  'prettier/plugins/babel': 'prettier-babel',
  'prettier/plugins/estree': 'prettier-estree',
  'h5wasm/node': 'h5wasm',
};

/** The language server: a program of its own, which the command line loads when asked. */
const server = { in: 'src/lsp/stdio.ts', out: 'server' };
const keepApart = {
  name: 'keep-apart',
  setup(bundler) {
    bundler.onResolve({ filter: /^(prettier|h5wasm)(\/|$)/ }, ({ path }) =>
      path in apart
        ? { path: `./${apart[path]}.js`, external: true }
        : { errors: [{ text: `"${path}" is none of the parts that are shipped.` }] },
    );
    bundler.onResolve({ filter: /\/lsp\/stdio\.js$/ }, () => ({
      path: `./${server.out}.js`,
      external: true,
    }));
  },
};

await mkdir(out, { recursive: true });
await Promise.all(
  options['cli-only'] ? [buildProgram()] : [buildProgram(), buildLibrary(), emitTypes()],
);

/**
 * Bundled: importing chevrotain from node_modules costs a quarter of a second,
 * from one file 10 ms. CommonJS, since V8's code cache works for scripts only on
 * Node 20; modules that a command imports when it needs them still run only then.
 */
async function buildProgram() {
  await replaceFolder(join(out, 'cli'), async (folder) => {
    const program = {
      ...common,
      format: 'cjs',
      bundle: true,
      outdir: folder,
      external: ['@tensorflow/*', 'sharp'],
      // A script run through the code cache may not import without a warning; require can.
      supported: { 'dynamic-import': false },
      banner: { js: `const importMetaUrl=require("node:url").pathToFileURL(__filename).href;` },
      define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'importMetaUrl' },
      // Names stay, so that the stack of a bug report can be read.
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: 'linked',
    };
    const [{ metafile }] = await Promise.all([
      build({
        ...program,
        entryPoints: ['src/cli/program.ts'],
        plugins: [keepApart],
        metafile: true,
      }),
      build({ ...program, entryPoints: [server], plugins: [keepApart] }),
      build({ ...program, entryPoints: ['src/cli/main.ts'], banner: {} }),
      build({
        ...program,
        entryPoints: Object.entries(apart).map(([path, out]) => ({ in: path, out })),
      }),
    ]);
    await copyFile(
      join(root, 'node_modules/h5wasm/LICENSE.txt'),
      join(folder, 'h5wasm.LICENSE.txt'),
    );
    await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
    await chmod(join(folder, 'main.js'), 0o755);
    if (options.metafile) await writeFile(resolve(options.metafile), JSON.stringify(metafile));
  });
}

async function buildLibrary() {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/^(cli|lsp)\b/.test(path))
    .map((path) => join('src', path));
  await replaceFolder(join(out, 'lib'), (folder) =>
    build({ ...common, entryPoints: sources, outbase: 'src', outdir: folder, bundle: false }),
  );
}

async function emitTypes() {
  await replaceFolder(join(out, 'types'), (folder) =>
    run(process.execPath, [
      join(root, 'node_modules/typescript/bin/tsc'),
      '--project',
      join(root, 'tsconfig.build.json'),
      '--outDir',
      folder,
    ]),
  );
}

/** Fills a new folder and puts it in the old one's place, so that a failed build leaves the old one. */
async function replaceFolder(folder, fill) {
  const fresh = `${folder}.${process.pid}`;
  try {
    await fill(fresh);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function run(command, words) {
  return new Promise((done, fail) => {
    spawn(command, words, { cwd: root, stdio: 'inherit' }).on('exit', (code) =>
      code === 0 ? done() : fail(new Error(`${command} ended with ${code}`)),
    );
  });
}
