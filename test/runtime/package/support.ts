import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readNpy } from '../../../src/runtime/data/npy.js';
import { callCli, type CliResult } from '../../cli/run-cli.js';

/** A network without padding and with a head beside the one that is predicted, with two classes of names that Markdown and HTML would take for their own. */
export const unpaddedSpec = `
/// A network *without* padding.
model Unpadded {
  input image: [H, W, 1]
  encoder plain {
    widths: [4, 8]
    stage: conv(width, 3, padding: valid) -> relu
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat, align: crop }
  decoder {
    up: conv_transpose(width, 2, stride: 2)
    stage: conv(width, 3, padding: valid) -> relu
  }
  head inside: d1 -> conv(1, 1)
  head mask: conv(2, 1) -> softmax
}

train Unpadded {
  loss: cross_entropy
  target inside: distance
  scaling: standard
  classes: ["back | ground", "a <b>"]
  sizes: crop(34)
  post: remove_small(3)
  objects: components
  optimizer: adam(lr: 0.01)
  epochs: 2
  batch: 2
}
`;

/** A network whose output has a quarter of the resolution, and takes images of any size. */
export const coarseSpec = `
model Coarse {
  input image: [H, W, 1]
  wires { a = image -> conv(4, 3, stride: 2) -> relu -> conv(4, 3, stride: 2) -> relu }
  head mask: a -> conv(2, 1) -> softmax
}

train Coarse {
  loss: cross_entropy
  optimizer: adam(lr: 0.05)
  sizes: crop(33)
  epochs: 4
  batch: 2
}
`;

/** Trains a spec in a folder with data, and packs the run. */
export async function packRun(
  folder: string,
  name: string,
  more: readonly string[] = [],
): Promise<CliResult> {
  const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });
  const trained = await call('train', `${name}.unet`, '--data', 'data', '--out', `run-${name}`);
  if (trained.code !== 0) throw new Error(trained.stderr);
  return call('package', `run-${name}`, '--out', name, ...more);
}

/** Puts the page that the sources make in the place of the one that was built before. */
export function renewPage(place: string, scratch: string): void {
  const script = `import { buildPackagePage } from './scripts/package-page.mjs';
await buildPackagePage(${JSON.stringify(scratch)});`;
  const words = ['--input-type=module', '--eval', script];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  cpSync(scratch, join(place, 'page'), { recursive: true });
}

/** All files below a folder, with slashes. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

/** The numbers of an array of numpy. */
export const numbersIn = (file: string): readonly number[] => [...readNpy(readFileSync(file)).data];

/** The largest distance of two lists of numbers of one length. */
export function distance(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return Infinity;
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
}
