import { isDeepStrictEqual } from 'node:util';
import type { MaskEncoding } from '../data/mask-encoding.js';
import type { CompiledRun } from '../training/run-spec.js';
import type { NetworkInterface } from '../training/setup.js';
import type { Preprocessing } from './checkpoint.js';

/** What a checkpoint says of how images become input, and masks classes. */
export function describePreprocessing(
  { recipe }: CompiledRun,
  { channels }: NetworkInterface,
  { masks, images }: Pick<Preprocessing, 'masks' | 'images'>,
): Preprocessing {
  const { sizes, scaling } = recipe;
  return {
    channels,
    scaling: { name: scaling.name, options: scaling.options },
    sizes: { name: sizes.name, options: sizes.options },
    masks,
    images,
  };
}

/** Whether what a checkpoint says of its input is what its own spec says. */
export function fitsSpec(
  stored: Preprocessing,
  run: CompiledRun,
  network: NetworkInterface,
): boolean {
  const expected = describePreprocessing(run, network, stored);
  // What is undefined in memory is absent in a file.
  const plain = JSON.parse(JSON.stringify(expected)) as Preprocessing;
  return isDeepStrictEqual(plain, stored) && knowsClasses(stored.masks, network.head.classCount);
}

function knowsClasses(masks: MaskEncoding, classCount: number): boolean {
  const classes = Math.max(2, classCount);
  switch (masks.kind) {
    case 'index':
      return masks.classCount === classes;
    case 'pair':
      return classes === 2 && masks.low !== masks.high;
    case 'colours':
      return masks.table.length === classes;
  }
}
