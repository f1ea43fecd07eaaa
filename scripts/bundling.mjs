/** How programs are bundled: the command line and the editors' server alike. */
import { rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

export const common = {
  absWorkingDir: root,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
};

/** What every script has: names stay, so that the stack of a bug report can be read. */
export const script = {
  ...common,
  format: 'cjs',
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
};

/** What emitting needs of prettier: most of its size, so in files of its own. */
const prettierParts = ['standalone', 'plugins/babel', 'plugins/estree'];
const prettierFile = (part) => `prettier-${part.replace('plugins/', '')}`;
const prettierApart = {
  name: 'prettier-apart',
  setup(bundler) {
    bundler.onResolve({ filter: /^prettier(\/|$)/ }, ({ path }) => {
      const part = path.replace('prettier/', '');
      return prettierParts.includes(part)
        ? { path: `./${prettierFile(part)}.js`, external: true }
        : { errors: [{ text: `"${path}" is none of the parts that are shipped.` }] };
    });
  },
};

/**
 * Bundled: importing chevrotain from node_modules costs a quarter of a second,
 * from one file 10 ms. CommonJS, since V8's code cache works for scripts only on
 * Node 20; modules that a command imports when it needs them still run only then.
 * The folder gets the entries, without what `thin` ones need not have, and prettier.
 */
export async function bundleProgram({ entryPoints, thin = [], folder }) {
  const program = {
    ...script,
    outdir: folder,
    external: ['@tensorflow/*', 'sharp'],
    // A script run through the code cache may not import without a warning; require can.
    supported: { 'dynamic-import': false },
    banner: { js: `const importMetaUrl=require("node:url").pathToFileURL(__filename).href;` },
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'importMetaUrl' },
  };
  const [{ metafile }] = await all([
    build({ ...program, entryPoints, plugins: [prettierApart], metafile: true }),
    build({ ...program, entryPoints: thin, banner: {} }),
    build({
      ...program,
      entryPoints: prettierParts.map((part) => ({
        in: `prettier/${part}`,
        out: prettierFile(part),
      })),
    }),
  ]);
  return metafile;
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
