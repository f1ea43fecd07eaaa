import { describe, expect, it } from '@jest/globals';
import type { ScalingPlan } from '../../../src/ir/scaling.js';
import { buildAugmentation } from '../../../src/runtime/data/augment/build.js';
import {
  countBatches,
  iterateBatches,
  type Batch,
  type BatchOptions,
} from '../../../src/runtime/data/batches.js';
import type { DataPair, DataSplit, LoadedPair } from '../../../src/runtime/data/dataset.js';
import { createClassMask, createPixels, IGNORED } from '../../../src/runtime/data/pixels.js';
import { readSizePolicy, type SizePolicy } from '../../../src/ir/sizes/size-policy.js';
import { anySize, call, halfResolution, multipleOf16, plane, unpadded } from './support/axes.js';

/** A split in memory; each image's value at (y, x) tells its class: bright where the mask is 1. */
function splitOf(sizes: readonly (readonly [height: number, width: number])[]): DataSplit {
  const loaded = sizes.map(([height, width], i): LoadedPair => {
    const pixels = createPixels(height, width, 1);
    const mask = createClassMask(height, width);
    mask.data.forEach((_, at) => {
      const y = Math.floor(at / width);
      mask.data[at] = (at * 7 + i) % 3 === 0 || y < height / 3 ? 1 : 0;
      pixels.data[at] = mask.data[at]!;
    });
    return { name: `image ${i}`, pixels, mask };
  });
  const pairs = loaded.map(({ name, mask }): DataPair => {
    const { height, width } = mask;
    const contents = { image: name, mask: name };
    return { name, imagePath: name, maskPath: name, height, width, contents };
  });
  return {
    name: 'train',
    pairs,
    load: (pair) => Promise.resolve(loaded[pairs.indexOf(pair)]!),
  };
}

/** From 0 to 1, as the file is. */
const unit: ScalingPlan = {
  range: undefined,
  order: undefined,
  statistics: { mean: [0], deviation: [1] },
};

const defaults: BatchOptions = {
  sizes: plane(multipleOf16),
  policy: { kind: 'pad' },
  scaling: unit,
  batch: 2,
  seed: 1,
  epoch: 0,
  training: true,
  augmentations: [],
};

async function collect(split: DataSplit, options: Partial<BatchOptions> = {}): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of iterateBatches(split, { ...defaults, ...options })) batches.push(batch);
  return batches;
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

/** Where the output's pixels have weight, the image's pixel under them has the value of the class. */
function expectAligned(batch: Batch): void {
  const [marginY, marginX] = [
    (batch.inputHeight - batch.outputHeight) / 2,
    (batch.inputWidth - batch.outputWidth) / 2,
  ];
  for (let n = 0; n < batch.count; n++) {
    for (let y = 0; y < batch.outputHeight; y++) {
      for (let x = 0; x < batch.outputWidth; x++) {
        const to = (n * batch.outputHeight + y) * batch.outputWidth + x;
        if (batch.weights[to] === 0) continue;
        const row = n * batch.inputHeight + y + Math.floor(marginY);
        const from = row * batch.inputWidth + x + Math.floor(marginX);
        expect(batch.images[from]).toBe(batch.masks[to]);
      }
    }
  }
}

describe('an epoch', () => {
  const five = splitOf([
    [8, 8],
    [8, 8],
    [8, 8],
    [8, 8],
    [8, 8],
  ]);

  it('gives every pair once, the last batch smaller', async () => {
    const batches = await collect(five, { sizes: plane(anySize) });
    expect(batches.map((batch) => batch.count)).toEqual([2, 2, 1]);
    expect(countBatches(five, 2)).toBe(3);
    const names = batches.flatMap((batch) => batch.names);
    expect([...names].sort()).toEqual(five.pairs.map((pair) => pair.name));
    expect(batches[2]!.images.length).toBe(64);
  });

  it('shuffles for training by seed and epoch, and keeps the order otherwise', async () => {
    const order = async (options: Partial<BatchOptions>): Promise<string> =>
      (await collect(five, options)).flatMap((batch) => batch.names).join();
    const orders = new Set<string>();
    for (let epoch = 0; epoch < 10; epoch++) orders.add(await order({ epoch }));
    expect(orders.size).toBeGreaterThan(5);
    expect(await order({ seed: 3, epoch: 4 })).toBe(await order({ seed: 3, epoch: 4 }));
    expect(await order({ training: false })).toBe(five.pairs.map((pair) => pair.name).join());
  });

  it('a sample does not depend on the batch size or on its neighbours', async () => {
    const augmentations = [
      buildAugmentation(call('elastic', { sigma: 2, grid: 3 })),
      buildAugmentation(call('noise', { sigma: 0.1 })),
    ];
    const byName = async (batch: number): Promise<Map<string, string>> => {
      const images = new Map<string, string>();
      for (const made of await collect(five, { batch, augmentations, sizes: plane(anySize) })) {
        made.names.forEach((name, i) =>
          images.set(name, made.images.subarray(64 * i, 64 * i + 64).join()),
        );
      }
      return images;
    };
    const alone = await byName(1);
    expect(await byName(5)).toEqual(alone);
    expect(new Set(alone.values()).size).toBe(5);
  });

  it('prepares one batch ahead, no more, and passes failures on', async () => {
    let loads = 0;
    const counted: DataSplit = { ...five, load: (pair) => (loads++, five.load(pair)) };
    const iterator = iterateBatches(counted, { ...defaults, batch: 1 });
    expect(loads).toBe(0);
    await iterator.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(loads).toBe(2);
    await iterator.return(undefined);
    const failing: DataSplit = { ...five, load: () => Promise.reject(new Error('gone')) };
    await expect(collect(failing)).rejects.toThrow('gone');
  });

  it('of no pairs has no batches', async () => {
    expect(await collect(splitOf([]))).toEqual([]);
  });
});

describe('size policies in training', () => {
  it('pad: one size a batch, the largest; weight 0 on the rim', async () => {
    const split = splitOf([
      [10, 20],
      [30, 5],
      [1, 1],
    ]);
    const [first, second] = await collect(split, { training: false });
    expect([first!.inputHeight, first!.inputWidth]).toEqual([32, 32]);
    expect(sum(first!.weights.subarray(0, 1024))).toBe(200);
    expect(sum(first!.weights.subarray(1024))).toBe(150);
    expect([second!.inputHeight, second!.inputWidth]).toEqual([16, 16]);
    expect(sum(second!.weights)).toBe(1);
    expectAligned(first!);
    expectAligned(second!);
  });

  it('unpadded networks: the mask has the output size and lies under the middle of the input', async () => {
    const split = splitOf([
      [40, 50],
      [33, 20],
    ]);
    const [batch] = await collect(split, { sizes: plane(unpadded) });
    expect([batch!.inputHeight, batch!.outputHeight]).toEqual([236, 52]);
    expect(sum(batch!.weights)).toBe(40 * 50 + 33 * 20);
    expectAligned(batch!);
  });

  it('crop: windows anywhere in training, in the middle otherwise, all of them on the image', async () => {
    const split = splitOf([[60, 47]]);
    const policy: SizePolicy = { kind: 'crop', height: 204, width: 204 };
    const images = new Set<string>();
    for (let epoch = 0; epoch < 20; epoch++) {
      const [batch] = await collect(split, { policy, epoch, sizes: plane(unpadded) });
      expect(batch!.weights.every((weight) => weight === 1)).toBe(true);
      expect(batch!.outputHeight).toBe(20);
      expectAligned(batch!);
      images.add(batch!.images.join());
    }
    expect(images.size).toBeGreaterThan(15);
    const plain = { policy, training: false, sizes: plane(unpadded) };
    const [a] = await collect(split, plain);
    const [b] = await collect(split, { ...plain, epoch: 7 });
    expect(a).toEqual(b);
  });

  it('crop and tile of an image smaller than the window: mirrored, weight 0 outside', async () => {
    const policy = readSizePolicy(call('tile', { size: [32, 16], overlap: 4 }));
    const [batch] = await collect(splitOf([[10, 30]]), { policy });
    expect([batch!.inputHeight, batch!.inputWidth]).toEqual([32, 16]);
    expect(sum(batch!.weights)).toBe(10 * 16);
    expectAligned(batch!);
  });

  it('resize: the whole image, classes never mixed', async () => {
    const policy = readSizePolicy(call('resize', { size: [32, 48] }));
    const [batch] = await collect(
      splitOf([
        [16, 24],
        [64, 96],
      ]),
      { policy },
    );
    expect([batch!.outputHeight, batch!.outputWidth]).toEqual([32, 48]);
    expect(sum(batch!.weights)).toBe(2 * 32 * 48);
    expect(new Set(batch!.masks)).toEqual(new Set([0, 1]));
    expect(batch!.images.some((value) => value > 0.01 && value < 0.99)).toBe(true);
  });

  it('outputs of half the resolution', async () => {
    const [batch] = await collect(splitOf([[16, 32]]), { sizes: plane(halfResolution) });
    expect([batch!.outputHeight, batch!.outputWidth]).toEqual([8, 16]);
    expect(sum(batch!.weights)).toBe(128);
    for (let i = 0; i < 128; i++) {
      const [y, x] = [2 * Math.floor(i / 16) + 1, 2 * (i % 16) + 1];
      expect(batch!.masks[i]).toBe(batch!.images[y * 32 + x]);
    }
  });
});

describe('masks', () => {
  it('follow every warp of the image', async () => {
    const augmentations = [
      buildAugmentation(call('flip', { axes: 'both' })),
      buildAugmentation(call('shift', { amount: 0.2 })),
    ];
    const split = splitOf([
      [31, 31],
      [20, 20],
    ]);
    for (let epoch = 0; epoch < 8; epoch++) {
      for (const batch of await collect(split, { augmentations, epoch, sizes: plane(unpadded) })) {
        expectAligned(batch);
      }
    }
  });

  it('pixels without a class have weight 0', async () => {
    const split = splitOf([[16, 16]]);
    const loaded = await split.load(split.pairs[0]!);
    loaded.mask.data.fill(IGNORED, 0, 40);
    const [batch] = await collect(split);
    expect(sum(batch!.weights)).toBe(216);
    expect(Math.max(...batch!.masks)).toBe(1);
  });

  it('scaling is that of the whole image, whatever the window', async () => {
    const split = splitOf([[64, 64]]);
    const policy: SizePolicy = { kind: 'crop', height: 16, width: 16 };
    const [batch] = await collect(split, { policy, scaling: { ...unit, statistics: undefined } });
    const whole = (await split.load(split.pairs[0]!)).pixels.data;
    const mean = sum(whole) / whole.length;
    const deviation = Math.sqrt(mean * (1 - mean));
    const distinct = [...new Set(batch!.images)].sort((a, b) => a - b);
    expect(distinct[0]).toBeCloseTo(-mean / deviation, 5);
    expect(distinct.at(-1)).toBeCloseTo((1 - mean) / deviation, 5);
  });
});
