/**
 * Builds the extension for VS Code with npm packages alone:
 *
 *   editors/vscode/dist/extension              the extension, as it is installed
 *   editors/vscode/dist/unetc-VERSION.vsix     the same, packed
 *
 * Options: `--out DIR` builds elsewhere.
 */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import sharp from 'sharp';
import { bundleProgram, common, replaceFolder, root, script, server } from './bundling.mjs';
import { packVsix } from './vsix.mjs';

const source = join(root, 'editors/vscode');
const { values: options } = parseArgs({
  options: { out: { type: 'string', default: join(source, 'dist') } },
});
const out = resolve(options.out);
const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));

await replaceFolder(out, async (fresh) => {
  const extension = join(fresh, 'extension');
  await mkdir(join(extension, 'icons'), { recursive: true });
  // One by one, so that nothing writes any more when one has failed.
  for (const make of [bundleClient, bundlePage, bundleServer, copyFiles, drawIcon]) {
    await make(extension);
  }
  const packed = await packVsix(manifest, await readFiles(extension));
  await writeFile(join(fresh, fileName()), packed);
});
process.stdout.write(`${relative(process.cwd(), join(out, fileName()))}\n`);

function fileName() {
  return `${manifest.name}-${manifest.version}.vsix`;
}

/** What runs in the editor; the editor itself is the one thing it is given. */
async function bundleClient(extension) {
  await build({
    ...script,
    entryPoints: [join(source, 'src/extension.ts')],
    outdir: join(extension, 'client'),
    external: ['vscode'],
  });
}

async function bundlePage(extension) {
  await build({
    ...common,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    bundle: true,
    minify: true,
    entryPoints: [join(source, 'page/picture.ts'), join(source, 'page/picture.css')],
    outdir: join(extension, 'page'),
  });
}

async function bundleServer(extension) {
  await bundleProgram({ entries: [server], folder: join(extension, 'server') });
}

async function copyFiles(extension) {
  const grammars = ['unet', 'markdown-fences'].map((name) => `${name}.tmLanguage.json`);
  const files = [
    [join(source, 'package.json'), 'package.json'],
    [join(source, 'README.md'), 'README.md'],
    [join(source, 'snippets'), 'snippets'],
    [join(source, 'icons/unet.svg'), 'icons/unet.svg'],
    // What "go to definition" opens.
    [join(root, 'specs/std'), 'specs/std'],
    [join(root, 'LICENSE'), 'LICENSE.txt'],
    [join(root, 'CHANGELOG.md'), 'CHANGELOG.md'],
    ...[...grammars, 'language-configuration.json'].map((file) => [
      join(root, 'grammar', file),
      `grammar/${file}`,
    ]),
  ];
  await Promise.all(files.map(([from, to]) => cp(from, join(extension, to), { recursive: true })));
}

/** The list of extensions takes no SVG. */
async function drawIcon(extension) {
  await sharp(join(source, 'icons/unet.svg'), { density: 288 })
    .resize(256, 256)
    .png()
    .toFile(join(extension, 'icons/unet.png'));
}

/** The files below a folder by their paths, which have slashes. */
async function readFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
  const contents = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  return new Map(paths.map((path, index) => [path.split(sep).join('/'), contents[index]]));
}
