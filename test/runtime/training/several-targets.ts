import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage } from '../../../src/runtime/data/image-files.js';
import { npyHeader, npyValues } from '../../../src/runtime/data/npy.js';
import { png } from '../data/support/folders.js';

/** A mask head, and one of each kind of target beside it. */
export const severalHeads = (targets: string, heads: string, more = ''): string => `
model Several {
  input image: [H, W, 1]
  encoder plain { widths: [4, 8], stage: conv(width, 3) -> relu, down: max_pool(2) }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: nearest(2), stage: conv(width, 3) -> relu }
  head mask: conv(1, 1) -> sigmoid
  ${heads}
}
train Several {
  ${targets}
  metrics: [dice, mae, rmse]
  optimizer: adam(lr: 0.01)
  augment: [flip, rotate90]
  sizes: crop(24)
  epochs: 2
  batch: 2
  ${more}
}
`;

/** A head for each kind of target. */
export const everyTarget = severalHeads(
  `target distance: distance
  target height: values("{part}/heights", scale: 0.5, offset: 1, ignore: 9)
  target parts: planes(["{part}/left", "{part}/right"])
  target third: masks("{part}/thirds")
  loss distance: mse
  objects: head_watershed(distance, seed: 0.3)`,
  `head distance: d1 -> conv(1, 1) -> sigmoid
  head height: d1 -> conv(1, 1)
  head parts: d1 -> conv(2, 1)
  head third: d1 -> conv(3, 1)`,
);

/** An array of numpy. */
export const npyOf = (shape: readonly number[], values: Float32Array): Buffer =>
  Buffer.concat([npyHeader(shape), npyValues(values)]);

/** Files of targets that follow from the place of a pixel and the mask of an image. */
export async function writeTargets(data: string): Promise<void> {
  for (const part of ['train', 'val']) {
    for (const name of ['heights', 'left', 'right', 'thirds']) {
      mkdirSync(join(data, part, name), { recursive: true });
    }
    for (const file of readdirSync(join(data, part, 'masks'))) {
      const { value } = await readImage(join(data, part, 'masks', file));
      const { width, height, data: levels } = value!;
      const stem = file.slice(0, -'.png'.length);
      const place = (folder: string, ending: string): string =>
        join(data, part, folder, `${stem}${ending}`);
      const heights = Float32Array.from(levels, (level, at) =>
        at === 0 ? NaN : at === 1 ? 9 : level / 255,
      );
      writeFileSync(place('heights', '.npy'), npyOf([height, width], heights));
      const grey = async (folder: string, of: (x: number) => number): Promise<void> =>
        writeFileSync(
          place(folder, '.png'),
          await png(
            width,
            height,
            1,
            Array.from(levels, (_, at) => of(at % width)),
          ),
        );
      await grey('left', (x) => (x < 20 ? 255 : 0));
      await grey('right', (x) => (x > 12 ? 255 : 0));
      await grey('thirds', (x) => Math.min(2, Math.floor((3 * x) / width)));
    }
  }
}
