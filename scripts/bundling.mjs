/** How programs are bundled: the command line and the editors' server alike. */
import { rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeLicenses } from './licenses.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

export const common = {
  absWorkingDir: root,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
};

/**
 * Packages that stay outside what is bundled: other programs share TensorFlow.js with us, and
 * sharp has a native part.
 */
export const installed = ['@tensorflow/*', 'sharp'];

/** What every script has: names stay, so that the stack of a bug report can be read. */
export const script = {
  ...common,
  format: 'cjs',
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
};

/**
 * Large libraries that little needs, in files of their own: what emitting needs of
 * prettier, and the reader of HDF5, which is a module that a script cannot require.
 */
const apart = {
  'prettier/standalone': 'prettier-standalone',
  'prettier/plugins/babel': 'prettier-babel',
  'prettier/plugins/estree': 'prettier-estree',
  h5wasm: 'h5wasm',
};

/** The language server: a program of its own, which the command line loads when asked. */
export const server = { in: 'src/lsp/stdio.ts', out: 'server' };

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

/**
 * Bundled: importing chevrotain from node_modules costs a quarter of a second,
 * from one file 10 ms. CommonJS, since V8's code cache works for scripts only on
 * Node 20; modules that a command imports when it needs them still run only then.
 * Each entry is a file for itself; the folder also gets the libraries that any of
 * them loads, and `LICENSES.txt`. Thin entries do without what stands in for `import.meta`. Answers what
 * went into the first entry.
 */
export async function bundleProgram({ entries, thin = [], folder }) {
  const program = {
    ...script,
    outdir: folder,
    external: installed,
    // A script run through the code cache may not import without a warning; require can.
    supported: { 'dynamic-import': false },
    banner: { js: `const importMetaUrl=require("node:url").pathToFileURL(__filename).href;` },
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'importMetaUrl' },
    metafile: true,
  };
  const built = await all(
    [...entries, ...thin].map((entry) =>
      build({
        ...program,
        entryPoints: [entry],
        plugins: [keepApart],
        ...(thin.includes(entry) ? { banner: {} } : {}),
      }),
    ),
  );
  const loaded = new Set(
    built.flatMap(({ metafile }) =>
      Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
    ),
  );
  const parts = Object.entries(apart).filter(([, out]) => loaded.has(`./${out}.js`));
  const apartBuilt = await build({
    ...program,
    entryPoints: parts.map(([path, out]) => ({ in: path, out })),
  });
  writeLicenses(
    root,
    folder,
    [...built, apartBuilt].map(({ metafile }) => metafile),
  );
  return built[0].metafile;
}

/** Fills a new folder and puts it in the old one's place, so that a failed build leaves the old one. */
export async function replaceFolder(folder, fill) {
  const fresh = `${folder}.${process.pid}`;
  try {
    await fill(fresh);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** As `Promise.all`, but nothing runs any more when it rejects: what was written can go. */
async function all(promises) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
