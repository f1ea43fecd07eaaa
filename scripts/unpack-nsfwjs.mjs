/**
 * Unpacks the MobileNetV2 that the npm package nsfwjs carries, a classifier trained
 * from ImageNet's weights, to a layers model: real pretrained weights that a package
 * registry alone brings. The package keeps the model as base64 inside modules.
 *
 *   node scripts/unpack-nsfwjs.mjs FOLDER_OF_PACKAGE OUT
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import process from 'node:process';

const [packageFolder, out] = process.argv.slice(2);
if (packageFolder === undefined || out === undefined) {
  console.error('usage: node scripts/unpack-nsfwjs.mjs FOLDER_OF_PACKAGE OUT');
  process.exit(2);
}
const require = createRequire(import.meta.url);
const folder = resolve(packageFolder, 'dist/models/mobilenet_v2');
const read = (file) => {
  const content = require(join(folder, file));
  return content.default ?? content;
};
const model = read('model.min.js');
const weights = Buffer.from(read('group1-shard1of1.min.js'), 'base64');
const weightsManifest = model.weightsManifest.map((group) => ({
  ...group,
  paths: ['weights.bin'],
}));
await mkdir(out, { recursive: true });
await writeFile(join(out, 'weights.bin'), weights);
await writeFile(join(out, 'model.json'), JSON.stringify({ ...model, weightsManifest }));
