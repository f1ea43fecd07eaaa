import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emitData } from '../../../../src/codegen/pytorch/training/data/emit.js';
import { planData } from '../../../../src/codegen/pytorch/training/data/plan.js';
import { iterateBatches, type Batch } from '../../../../src/runtime/data/batches.js';
import { buildAugmentation } from '../../../../src/runtime/data/augment/build.js';
import type { DataSplit } from '../../../../src/runtime/data/dataset.js';
import { weightMapsOfAll } from '../../../../src/runtime/losses/loss-terms.js';
import { compileRun, type CompiledRun } from '../../../../src/runtime/training/run-spec.js';
import { describeNetwork } from '../../../../src/runtime/training/network-interface.js';
import { openRunData } from '../../../../src/runtime/training/setup.js';
import {
  balanceOf,
  weightPlanes,
  withPlanes,
} from '../../../../src/runtime/training/weight-planes.js';
import { anySize, plane } from '../../../runtime/data/support/axes.js';
import { tarEnd, tarHeader } from '../../../../src/runtime/data/shards/tar.js';
import { callCli } from '../../../cli/run-cli.js';
import { writeFiles } from '../../../runtime/data/support/folders.js';
import { writeNpy, writeTiff } from '../../../runtime/data/support/stored-arrays.js';
import { findDataPython } from '../../../python/find-python.js';
import { preloaded } from '../../../python/preloaded.js';
import { root } from '../../cases.js';
import { relayData, writeData, type FolderKind } from './data-folders.js';
import { dataRecipes } from './recipes.js';

const python = findDataPython();
const live = python === undefined ? describe.skip : describe;

/** Recipes whose samples are compared, with the data that they fit. */
const folders: Readonly<Record<string, FolderKind>> = {
  twoLevels: { channels: 3, levels: [0, 200] },
  indices: { channels: 3, levels: [0, 1, 2] },
  instances: { channels: 3, levels: [0, 255], instances: true },
  grey: { channels: 1, levels: [0, 1] },
  alpha: { channels: 4, levels: [0, 255] },
  ignored: { channels: 3, levels: [0, 40, 7, 255] },
  arrays: { channels: 3, levels: [0, 1], arrays: true },
  bands: { channels: 5, levels: [0, 1], arrays: true },
  four: { channels: 3, levels: [0, 1, 2, 3, 9] },
  colours: {
    channels: 3,
    levels: [],
    colours: [
      [0, 0, 0],
      [255, 0, 0],
      [0, 128, 255],
      [9, 9, 9],
    ],
  },
  blackAndWhite: {
    channels: 3,
    levels: [],
    colours: [
      [255, 255, 255],
      [0, 0, 0],
    ],
  },
  redOnBlack: {
    channels: 3,
    levels: [],
    colours: [
      [0, 0, 0],
      [255, 0, 0],
    ],
    instances: true,
  },
};
const folderOf: Readonly<Record<string, string>> = {
  grey: 'grey',
  arrays: 'arrays',
  arrays_padded: 'arrays',
  bands: 'bands',
  alpha: 'alpha',
  valid_pad: 'indices',
  valid_crop: 'indices',
  turned_valid: 'indices',
  judges: 'indices',
  ignore: 'ignored',
  classes: 'four',
  numbered: 'four',
  numbered_wide: 'four',
  foreground_of_classes: 'four',
  colours: 'colours',
  black_and_white: 'blackAndWhite',
  ...Object.fromEntries(
    dataRecipes
      .filter(({ text }) => /\b(pairs|split): /.test(text))
      .map(({ name }) => [name, 'undivided']),
  ),
  borders: 'instances',
  borders_resized: 'twoLevels',
  borders_in_colour: 'redOnBlack',
};
/** What numbers may differ by where functions such as cos, or the order of a sum, may round otherwise. */
const tolerances: Readonly<Record<string, number>> = {
  crop_wide: 2e-6,
  warps: 2e-5,
  values: 2e-6,
  foreground_of_classes: 2e-4,
  turned_warps: 2e-5,
  colours_of_pixels: 2e-6,
  everything: 2e-4,
  borders: 1e-5,
  borders_resized: 1e-5,
  listed_instances: 1e-5,
  borders_in_colour: 1e-5,
};
/** Noise has the distribution of ours, and numbers of its own. */
const compared = dataRecipes.filter(({ name }) => !['noise', 'many_classes'].includes(name));

const seed = 11;
const epoch = 3;
const start = 1;
const batch = 3;

interface Answer {
  readonly error?: string;
  readonly sizes: readonly number[];
  readonly trained: number;
  readonly samples: readonly {
    readonly name: string;
    readonly shapes: readonly (readonly number[])[];
    readonly types: readonly string[];
  }[];
}

const flat = new Array<number>(16 * 16 * 3).fill(0.5);
const sound = writeTiff({ width: 16, height: 16, bands: 3, code: 'f4', pages: [flat] });
const npy = (change: (header: string) => string, values: readonly number[] = flat): Buffer => {
  const bytes = writeNpy(values, [16, 16, 3], 'f4');
  const header = change(bytes.toString('latin1', 10, 128))
    .padEnd(118)
    .slice(0, 118);
  return Buffer.concat([bytes.subarray(0, 10), Buffer.from(header, 'latin1'), bytes.subarray(128)]);
};
/** Files that nothing is trained on. */
const badFiles: Readonly<
  Record<string, { readonly bytes: Buffer; readonly ending: string; readonly told: string }>
> = {
  not_finite: { bytes: npy((text) => text, [NaN, ...flat.slice(1)]), ending: 'npy', told: 'NaN' },
  pickled: { bytes: npy((text) => text.replace('<f4', '|O')), ending: 'npy', told: 'cannot be' },
  short_array: { bytes: npy((text) => text).subarray(0, 900), ending: 'npy', told: 'cannot be' },
  of_one_axis: {
    bytes: npy((text) => text.replace('(16, 16, 3)', '(768,)')),
    ...{ ending: 'npy', told: 'has the shape (768,)' },
  },
  half_numbers: {
    bytes: npy((text) => text.replace('<f4', '<f2').replace('(16, 16, 3)', '(16, 32, 3)')),
    ...{ ending: 'npy', told: 'float16' },
  },
  short_tiff: { bytes: sound.subarray(0, sound.length - 60), ending: 'tif', told: 'cannot be' },
};

live('data.py', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-data-py-'));
  let answers: Readonly<Record<string, Answer>> = {};
  const runs = new Map<string, CompiledRun>();
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(async () => {
    for (const [name, kind] of Object.entries(folders)) await writeData(join(folder, name), kind);
    relayData(join(folder, 'twoLevels'), join(folder, 'undivided'));
    mkdirSync(join(folder, 'code'));
    for (const { name, text } of dataRecipes) {
      const { run } = compileRun('net.unet', text, { seed, batch });
      runs.set(name, run!);
      const { graph, sizes } = run!.model;
      const { value } = emitData({ graph, sizes, recipe: run!.recipe }, 'net.unet');
      writeFileSync(join(folder, 'code', `${name}.py`), value!);
    }
    const common = { seed, epoch, start, batch, world: 1 };
    const cases: unknown[] = dataRecipes.map(({ name }) => ({
      ...{ id: name, file: `${name}.py`, ...common },
      data: join(folder, folderOf[name] ?? 'twoLevels'),
    }));
    const shared = { file: 'crop.py', data: join(folder, 'twoLevels'), ...common };
    cases.push({ ...shared, id: 'shared', world: 2 });
    const { data } = shared;
    const { code, stderr: told } = await callCli(
      ['data', data, '--shards', join(folder, 'shards'), '--shard-size', '1'],
      { folder },
    );
    expect([code, told]).toEqual([0, expect.stringContaining('train-00000-of-00001.tar, 7 pairs')]);
    cases.push({ ...shared, id: 'shards', file: 'crop.py', data: join(folder, 'shards') });
    mkdirSync(join(folder, 'partial'));
    const shard = join(folder, 'shards/train-00000-of-00001.tar');
    copyFileSync(shard, join(folder, 'partial/train-00000-of-00002.tar'));
    cases.push({ ...shared, id: 'partial', data: join(folder, 'partial') });
    const hidden = Buffer.concat([tarHeader('./._a.image.png', 512), Buffer.alloc(512, 'x')]);
    const odd = {
      hidden: { 'train-00000-of-00001.tar': Buffer.concat([hidden, readFileSync(shard)]) },
      mixed: {
        'train-00000-of-00002.tar': readFileSync(shard),
        'train-00000-of-00003.tar': readFileSync(shard),
      },
      twice: { 'train-0.tar': twoArchives(readFileSync(shard)) },
    };
    for (const [id, files] of Object.entries(odd)) {
      writeFiles(join(folder, id), files);
      const val = 'val-00000-of-00001.tar';
      copyFileSync(join(folder, 'shards', val), join(folder, id, val));
      cases.push({ ...shared, id, file: 'crop.py', data: join(folder, id) });
    }
    for (const [id, { bytes, ending }] of Object.entries(badFiles)) {
      const mask = writeNpy(new Array<number>(256).fill(1), [16, 16], 'u1');
      for (const part of ['train', 'val']) {
        writeFiles(join(folder, id), {
          [`${part}/images/a.${ending}`]: bytes,
          [`${part}/masks/a.npy`]: mask,
        });
      }
      cases.push({ ...shared, id, data: join(folder, id), batch: 1, start: 0 });
    }
    cases.push({ ...shared, id: 'again', file: 'noise.py' });
    writeFileSync(join(folder, 'code/cases.json'), JSON.stringify(cases));
    const script = join(root, 'test/python/data.py');
    const { status, stdout, stderr } = spawnSync(
      preloaded(python!),
      ['-B', script, join(folder, 'code')],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    );
    if (status !== 0) throw new Error(stderr);
    answers = JSON.parse(stdout) as typeof answers;
  }, 120_000);

  test.each(compared)('$name: the samples of unetc', async ({ name }) => {
    const answer = answers[name]!;
    expect(answer.error).toBeUndefined();
    const expected = await samplesOf(runs.get(name)!, join(folder, folderOf[name] ?? 'twoLevels'));
    expect(answer.samples.map((sample) => sample.name)).toEqual(
      expected.map((sample) => sample.name),
    );
    const values = valuesOf(readFileSync(join(folder, 'code', `${name}.bin`)));
    let at = 0;
    const worst: unknown[] = [];
    for (const [index, sample] of expected.entries()) {
      const { shapes, types } = answer.samples[index]!;
      expect([sample.name, shapes]).toEqual([sample.name, sample.parts.map(({ shape }) => shape)]);
      expect(types.slice(0, 2)).toEqual(['torch.float32', 'torch.int64']);
      for (const [part, { data }] of sample.parts.entries()) {
        const found = values.subarray(at, at + data.length);
        at += data.length;
        const tolerance = part === 1 ? 0 : (tolerances[name] ?? 0);
        const [difference, place] = largestDifference(found, data);
        if (!(difference <= tolerance)) worst.push([sample.name, part, difference, place]);
      }
    }
    expect(worst).toEqual([]);
    expect(at).toBe(values.length);
  });

  test('processes share batches; one with fewer images than processes is left out', () => {
    const names = (id: string): readonly string[] =>
      answers[id]!.samples.slice(0, answers[id]!.trained).map(({ name }) => name);
    const alone = names('crop');
    expect(answers['crop']!.sizes).toEqual([3, 1]);
    expect(answers['shared']!.sizes).toEqual([3]);
    expect(names('shared')).toEqual([alone[0], alone[2], alone[1]]);
  });

  test('shards give the samples of the folder that they were made of', () => {
    const bytes = (id: string): Buffer => readFileSync(join(folder, 'code', `${id}.bin`));
    expect(answers['shards']!.error).toBeUndefined();
    expect(answers['shards']!.samples.map(({ name }) => name)).toEqual(
      answers['crop']!.samples.map(({ name }) => name.replace('.', '_')),
    );
    expect(bytes('shards').equals(bytes('crop'))).toBe(true);
  });

  test('unetc takes the samples of shards in the order of data.py', async () => {
    const expected = await samplesOf(runs.get('crop')!, join(folder, 'shards'));
    const { samples } = answers['shards']!;
    expect(samples.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
    const values = valuesOf(readFileSync(join(folder, 'code', 'shards.bin')));
    const own = expected.flatMap(({ parts }) => parts.map(({ data }) => data));
    let at = 0;
    for (const data of own) {
      expect(largestDifference(values.subarray(at, at + data.length), data)[0]).toBe(0);
      at += data.length;
    }
    expect(at).toBe(values.length);
  });

  test('shards that are not all there are refused', () => {
    expect(answers['partial']!.error).toContain('1 of 2 train shards');
    expect(answers['mixed']!.error).toContain('2 of 3 train shards');
  });

  test('hidden members of shards are none, and a member that is there twice is refused', () => {
    const bytes = (id: string): Buffer => readFileSync(join(folder, 'code', `${id}.bin`));
    expect(answers['hidden']!.error).toBeUndefined();
    expect(bytes('hidden').equals(bytes('shards'))).toBe(true);
    expect(answers['twice']!.error).toContain('is there twice');
  });

  test.each(Object.entries(badFiles))('a file that is %s is refused', (id, { told }) => {
    expect(answers[id]!.error).toContain(told);
    expect(answers[id]!.error).toContain(`${id}/train/images/a.`);
  });

  test('noise has a deviation of its own for each sample, and is the same each time', () => {
    const bytes = (id: string): Buffer => readFileSync(join(folder, 'code', `${id}.bin`));
    expect(bytes('again').equals(bytes('noise'))).toBe(true);
    const { trained, samples } = answers['noise']!;
    // Without noise the same recipe gives the same parts of the same images.
    const [clean, noisy] = [valuesOf(bytes('crop')), valuesOf(bytes('noise'))];
    const size = 16 * 16;
    const deviations = samples.slice(0, trained).map((_, index) => {
      const from = index * 4 * size;
      let squares = 0;
      for (let i = from; i < from + 3 * size; i++) squares += (noisy[i]! - clean[i]!) ** 2;
      expect(noisy.slice(from + 3 * size, from + 4 * size)).toEqual(
        clean.slice(from + 3 * size, from + 4 * size),
      );
      return Math.sqrt(squares / (3 * size));
    });
    expect(new Set(deviations).size).toBe(4);
    expect(Math.min(...deviations)).toBeGreaterThan(0);
    expect(Math.max(...deviations)).toBeGreaterThan(0.02);
    expect(Math.max(...deviations)).toBeLessThan(0.105);
  });
});

/** An archive with all members of another one two times. */
function twoArchives(bytes: Buffer): Buffer {
  const members = bytes.subarray(0, bytes.length - tarEnd.length);
  return Buffer.concat([members, bytes]);
}

const valuesOf = (bytes: Buffer): Float32Array =>
  new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

interface Sample {
  readonly name: string;
  readonly parts: readonly { readonly shape: readonly number[]; readonly data: Float32Array }[];
}

/** What unetc trains on in an epoch from a batch on, then the images that it validates with. */
async function samplesOf(run: CompiledRun, data: string): Promise<readonly Sample[]> {
  const network = describeNetwork(run);
  const { value, diagnostics } = await openRunData(data, run, network, undefined);
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const maps = weightMapsOfAll(run.recipe.losses);
  const balance = await balanceOf(maps, value.training, network.head.classCount);
  const add = weightPlanes(maps, balance);
  const { sizes, policy, scaling } = network;
  const common = { sizes, scaling, seed };
  const samples: Sample[] = [];
  const collect = async (
    split: DataSplit,
    options: Partial<Parameters<typeof iterateBatches>[1]>,
  ): Promise<void> => {
    const all = { ...common, policy, batch, epoch, training: true, augmentations: [], ...options };
    for await (const each of iterateBatches(withPlanes(split, add), all)) {
      samples.push(...splitBatch(each));
    }
  };
  const augmentations = run.recipe.augment.map(buildAugmentation);
  const { foreground } = run.recipe;
  await collect(value.training, { augmentations, foreground, skip: start });
  const { whole } = planData({ ...run.model, recipe: run.recipe }).value!;
  if (whole !== 'resized') {
    // Outputs stand for the part of whole images that they cover.
    const full = whole === 'padded' ? { ...sizes, classifiesImages: true } : plane(anySize);
    await collect(value.validation, {
      sizes: full,
      policy: { kind: 'pad' },
      batch: 1,
      training: false,
    });
    return samples;
  }
  const trained = samples.length;
  await collect(value.validation, { batch: 1, training: false });
  for (const [index, pair] of value.validation.pairs.entries()) {
    const { mask, planes } = add(await value.validation.load(pair));
    const own = samples[trained + index]!;
    const shape = [mask.height, mask.width];
    const parts = [
      own.parts[0]!,
      { shape, data: Float32Array.from(mask.data) },
      ...(planes === undefined
        ? []
        : [
            {
              shape: [planes.length, ...shape],
              data: Float32Array.from(planes.flatMap((plane) => [...plane])),
            },
          ]),
    ];
    samples[trained + index] = { ...own, parts };
  }
  return samples;
}

/** The samples of a batch, channels first, 255 where a pixel does not count. */
function splitBatch(batch: Batch): readonly Sample[] {
  const { inputHeight, inputWidth, channels, outputHeight, outputWidth } = batch;
  const pixels = inputHeight * inputWidth;
  const size = outputHeight * outputWidth;
  return batch.names.map((name, n) => {
    const image = new Float32Array(pixels * channels);
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < channels; c++) {
        image[c * pixels + i] = batch.images[(n * pixels + i) * channels + c]!;
      }
    }
    const mask = Float32Array.from({ length: size }, (_, i) =>
      batch.weights[n * size + i] === 0 ? 255 : batch.masks[n * size + i]!,
    );
    const { planes } = batch;
    const maps = planes.flatMap((plane) => [...plane.subarray(n * size, (n + 1) * size)]);
    return {
      name,
      parts: [
        { shape: [channels, inputHeight, inputWidth], data: image },
        { shape: [outputHeight, outputWidth], data: mask },
        ...(planes.length === 0
          ? []
          : [{ shape: [planes.length, outputHeight, outputWidth], data: Float32Array.from(maps) }]),
      ],
    };
  });
}

/** The largest difference, relative for values above 1, and where it is. */
function largestDifference(
  found: Float32Array,
  expected: Float32Array,
): readonly [difference: number, place: number] {
  let worst = 0;
  let place = -1;
  for (let i = 0; i < expected.length; i++) {
    const [one, other] = [found[i]!, expected[i]!];
    const difference = one === other ? 0 : Math.abs(one - other) / Math.max(1, Math.abs(other));
    if (!(difference <= worst)) [worst, place] = [difference, i];
  }
  return [worst, place];
}
