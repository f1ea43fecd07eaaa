import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphWeights } from '../../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { describeLoad, loadWeights } from '../../../src/runtime/pretrained/load-weights.js';
import type { WeightSource } from '../../../src/runtime/pretrained/weight-source.js';
import {
  counted,
  encoderWeights,
  graphOf,
  networkOf,
  namedSpec,
  sourceOf,
  torchTensors,
  withHeader,
  writeSafetensors,
  type WrittenTensor,
  type WrittenTensors,
} from './support.js';

let folder: string;
let files = 0;

beforeAll(async () => {
  await startEngine('cpu');
  folder = mkdtempSync(join(tmpdir(), 'unetc-load-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function load(
  tensors: WrittenTensors,
  { spec = namedSpec(), ...more }: Partial<WeightSource> & { readonly spec?: string } = {},
) {
  const path = join(folder, `${(files += 1)}.safetensors`);
  writeFileSync(path, writeSafetensors(tensors));
  const source = sourceOf(path, { shown: 'file', ...more });
  const { value, diagnostics } = await loadWeights(networkOf(spec), source);
  const reported = diagnostics.map(({ code, notes }) => ({ code, notes }));
  return { value, reported, diagnostics };
}

const without = (...names: string[]): WrittenTensors =>
  Object.fromEntries(Object.entries(torchTensors).filter(([name]) => !names.includes(name)));

const below = (prefix: string, tensors: WrittenTensors): WrittenTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

describe("PyTorch's names and order of axes", () => {
  test('fill the whole encoder', async () => {
    const { value, reported } = await load(torchTensors);
    expect(reported).toEqual([]);
    const names = encoderWeights(graphOf(namedSpec())).map(({ name }) => name);
    expect([...value!.values.keys()].sort()).toEqual(names.sort());
    expect(describeLoad(value!.summary)).toBe(
      `15 weights from file (safetensors, torch's names, 2 counters of batches set aside)`,
    );
  });

  test('kernels are turned to [height, width, in, out]', async () => {
    const { value } = await load(torchTensors);
    const kernel = value!.values.get('tiny/s1/conv1/kernel')!;
    const stored = torchTensors['stem.weight']!.values;
    for (const [y, x, channel, filter] of [
      [0, 0, 0, 0],
      [0, 1, 2, 3],
      [2, 0, 1, 2],
    ] as const) {
      const own = ((y * 3 + x) * 3 + channel) * 4 + filter;
      expect(kernel[own]).toBe(stored[((filter * 3 + channel) * 3 + y) * 3 + x]);
    }
  });

  test('of a depthwise convolution, the kernels of a channel follow each other', async () => {
    const { value } = await load(torchTensors);
    const kernel = value!.values.get('tiny/x/kernel')!;
    const stored = torchTensors['down.weight']!.values;
    for (const [y, x, channel, times] of [
      [0, 0, 0, 1],
      [1, 2, 3, 0],
      [2, 1, 2, 1],
    ] as const) {
      const own = ((y * 3 + x) * 4 + channel) * 2 + times;
      expect(kernel[own]).toBe(stored[((channel * 2 + times) * 3 + y) * 3 + x]);
    }
  });

  test('running statistics and slopes find their places', async () => {
    const { value } = await load(torchTensors);
    const first = (name: string): number => value!.values.get(name)![0]!;
    expect(first('tiny/x_1/h/moving_mean')).toBe(3620);
    expect(first('tiny/x_2/h/moving_variance')).toBe(4630);
    expect(first('s2/alpha')).toBe(9000);
  });

  test.each(['encoder.', 'model.backbone/'])('may stand below "%s"', async (prefix) => {
    const { value, reported } = await load(below(prefix, torchTensors));
    expect(reported).toEqual([]);
    expect(value!.summary).toMatchObject({ prefix, taken: 15 });
  });
});

test("Keras' names and order are as here", async () => {
  const { graph, encoderFiles } = networkOf(namedSpec());
  const keras: Record<string, WrittenTensor> = {};
  for (const { name, role, shape } of encoderWeights(graph)) {
    const node = graph.nodes.find((each) => each.name === name.slice(0, -role.length - 1))!;
    const stored = encoderFiles!.names.get(node.name)!['keras']!;
    const isDepthwise = role === 'kernel' && node.op.kind === 'depthwise_conv';
    keras[`net/${stored}/${isDepthwise ? 'depthwise_kernel' : role}`] =
      role === 'alpha' ? counted([1, 1, 8], 9000) : counted(shape, 10);
  }
  const { value, reported } = await load(keras);
  expect(reported).toEqual([]);
  expect(value!.summary).toMatchObject({ names: "keras's names", prefix: 'net/', taken: 15 });
  expect([...value!.values.get('tiny/x/kernel')!.slice(0, 3)]).toEqual([10, 11, 12]);
});

describe('nothing is passed over in silence', () => {
  test('what the file lacks is listed with the names that were looked for', async () => {
    const { value, reported } = await load(without('down.bias', 'act.weight'));
    expect(value).toBeUndefined();
    expect(reported).toEqual([
      {
        code: 'UNET6202',
        notes: [
          '"tiny/x/bias" (8): looked for as "down/bias" or "down.bias".',
          '"s2/alpha" (8): looked for as "act/alpha" or "act.weight".',
        ],
      },
    ]);
  });

  test('what has another shape is listed with both', async () => {
    const { value, reported } = await load({
      ...torchTensors,
      'down.weight': counted([8, 1, 5, 5]),
    });
    expect(value).toBeUndefined();
    expect(reported).toEqual([
      {
        code: 'UNET6203',
        notes: [
          '"down.weight" (8 x 1 x 5 x 5) is for "tiny/x/kernel", which would be 8 x 1 x 3 x 3 there.',
        ],
      },
    ]);
  });

  test('what is left over is a warning that lists it by operation', async () => {
    const classifier = { 'fc.weight': counted([5, 8]), 'fc.bias': counted([5]) };
    const { value, reported } = await load({ ...torchTensors, ...classifier });
    expect(value!.summary.taken).toBe(15);
    expect(reported).toEqual([{ code: 'UNET6204', notes: ['"fc": weight (5 x 8), bias (5)'] }]);
  });

  test('one slope for all channels is told as such', async () => {
    const { diagnostics } = await load({ ...torchTensors, 'act.weight': counted([1]) });
    expect(diagnostics.map(({ code, help }) => [code, help.length])).toEqual([['UNET6203', 1]]);
    expect(diagnostics[0]!.help[0]).toMatch(/^Here a "prelu" has a slope for each channel/);
    const both = {
      ...torchTensors,
      'act.weight': counted([1]),
      'down.weight': counted([8, 1, 5, 5]),
    };
    expect((await load(both)).diagnostics[0]!.help).toHaveLength(2);
  });

  test('kernels on the image are adapted in encoders alone', async () => {
    const plain = `model M { input image: [H, W, 1]
      wires { a = image -> conv(4, 3) }
      head mask: a -> conv(1, 1) }`;
    const file = (kernel: number[]) => ({
      'a.weight': counted(kernel),
      'a.bias': counted([4]),
      'mask.weight': counted([1, 4, 1, 1]),
      'mask.bias': counted([1]),
    });
    const helpOf = async (kernel: number[]) =>
      (await load(file(kernel), { spec: plain })).diagnostics.flatMap(({ help }) => help);
    expect(await helpOf([4, 1, 3, 3])).toEqual([]);
    expect(await helpOf([4, 3, 3, 3])).toEqual([expect.stringMatching(/^Make the network as/)]);
    // Laid out as Keras does, under PyTorch's name.
    expect(await helpOf([3, 3, 1, 4])).toEqual([
      expect.stringContaining('call it "a/kernel" there'),
    ]);
    const { diagnostics } = await load({ ...torchTensors, 'stem.weight': counted([4, 1, 3, 3]) });
    expect(diagnostics[0]!.help).toEqual([expect.stringContaining('"adapt_input: sum"')]);
  });

  test.each([
    [['normalization/mean:0', 'normalization/variance:0', 'normalization/count:0'], true],
    [['model/normalization_1/normalization_1/mean'], true],
    [['layers/normalization/vars/0'], true],
    [['batch_normalization/moving_mean', 'normalizations/mean', 'fc.weight'], false],
  ])("%j: statistics of the images are the recipe's", async (names, isPredicted) => {
    const more = Object.fromEntries(names.map((name) => [name, counted([3])]));
    const { diagnostics } = await load({ ...torchTensors, ...more });
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6204']);
    expect(diagnostics[0]!.help.some((line) => line.includes('scaling: imagenet'))).toBe(
      isPredicted,
    );
  });

  test('with "partial" all of that starts anew, and is listed', async () => {
    const file = { ...without('act.weight'), 'down.weight': counted([8, 1, 5, 5]) };
    const { value, reported } = await load(file, { isPartial: true });
    expect(value!.summary.taken).toBe(13);
    expect(reported.map(({ code, notes }) => [code, notes.length])).toEqual([['UNET6205', 2]]);
  });

  test('a file without any known name is refused', async () => {
    const { value, reported, diagnostics } = await load({ 'x.weight': counted([2, 2]) });
    expect(value).toBeUndefined();
    expect(reported[0]).toEqual({
      code: 'UNET6201',
      notes: [
        'The file has "x.weight" (2 x 2).',
        expect.stringContaining('"tiny/s1/conv1/kernel", "tiny/s1/conv1.weight", "stem/kernel"'),
      ],
    });
    expect(diagnostics[0]!.help[0]).toContain('"names"');
  });
});

describe('a state_dict of a network of the same names', () => {
  const spec = `model Plain {
    input image: [H, W, 3]
    wires {
      e1 = image -> conv(4, 3) -> batch_norm -> relu
      e2 = e1 -> conv(4, 3)
    }
    head mask: e2 -> conv(1, 1)
  }`;
  /** As PyTorch keeps them, the modules joined by `.` or `/`. */
  const dict = (join: string, last: string, prefix = ''): WrittenTensors =>
    Object.fromEntries(
      Object.entries({
        [`e1${join}conv1${last}weight`]: counted([4, 3, 3, 3], 7),
        [`e1${join}conv1${last}bias`]: counted([4], 200),
        [`e1${join}batch_norm1${last}num_batches_tracked`]: { shape: [], values: [5] },
        [`e1${join}batch_norm1${last}weight`]: counted([4], 300),
        [`e1${join}batch_norm1${last}bias`]: counted([4], 400),
        [`e1${join}batch_norm1${last}running_mean`]: counted([4], 500),
        [`e1${join}batch_norm1${last}running_var`]: counted([4], 600),
        [`e2${last}weight`]: counted([4, 4, 3, 3]),
        [`e2${last}bias`]: counted([4]),
        [`mask${last}weight`]: counted([1, 4, 1, 1]),
        [`mask${last}bias`]: counted([1]),
      }).map(([name, tensor]) => [prefix + name, tensor]),
    );

  test.each([
    ['e1/conv1.weight', dict('/', '.')],
    ['e1.conv1.weight', dict('.', '.')],
    ['e1/conv1/weight', dict('/', '/')],
    ['module.e1.conv1.weight', dict('.', '.', 'module.')],
    ['_orig_mod.e1.conv1.weight', dict('.', '.', '_orig_mod.')],
    ['module._orig_mod.net.e1.conv1.weight', dict('.', '.', 'module._orig_mod.net.')],
  ])('%s', async (_, tensors) => {
    const { value, reported } = await load(tensors, { spec });
    expect(reported).toEqual([]);
    expect(value!.summary).toMatchObject({ taken: 10, counters: 1 });
    expect(value!.values.get('e1/batch_norm1/moving_variance')![1]).toBe(601);
    // [out, in, height, width] to [height, width, in, out].
    expect(value!.values.get('e1/conv1/kernel')![4 + 2]).toBe(7 + (2 * 3 + 1) * 9);
  });

  test('of other names: kernels that fit are named first, counters never', async () => {
    const other = Object.fromEntries(
      Object.entries(dict('.', '.')).map(([name, tensor]) => [`x${name.slice(1)}q`, tensor]),
    );
    const renamed = {
      'bn.num_batches_tracked': { shape: [], values: [1] },
      'first.weight': counted([8, 3, 7, 7]),
      ...other,
    };
    const { value, diagnostics } = await load(renamed, { spec });
    expect(value).toBeUndefined();
    expect(diagnostics[0]!.code).toBe('UNET6201');
    expect(diagnostics[0]!.notes[0]).toMatch(
      /^The file has "x1\.conv1\.weightq" \(4 x 3 x 3 x 3\)/,
    );
    expect(diagnostics[0]!.notes.join()).not.toContain('num_batches_tracked');
    expect(diagnostics[0]!.notes[1]).toContain('"e1/conv1.weight"');
  });
});

describe('values that are no weights', () => {
  test('whole numbers without a scale', async () => {
    const path = join(folder, 'whole.safetensors');
    const kernel = torchTensors['stem.weight']!;
    const bytes = Buffer.from(Int8Array.from(kernel.values));
    const floats = writeSafetensors(without('stem.weight'));
    const length = Number(floats.readBigUInt64LE(0));
    const header = JSON.parse(floats.toString('utf8', 8, 8 + length)) as Record<string, object>;
    const end = floats.length - 8 - length;
    header['stem.weight'] = {
      ...{ dtype: 'I8', shape: kernel.shape },
      data_offsets: [end, end + bytes.length],
    };
    const values = Buffer.concat([floats.subarray(8 + length), bytes]);
    writeFileSync(path, withHeader(JSON.stringify(header), values));
    const { value, diagnostics } = await loadWeights(networkOf(namedSpec()), sourceOf(path));
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code, notes }) => [code, notes])).toEqual([
      ['UNET6209', ['"stem": weight (4 x 3 x 3 x 3)']],
    ]);
  });

  test('what is infinite or no number', async () => {
    const odd = { shape: [4], values: [0, Number.NaN, 1, Number.POSITIVE_INFINITY] };
    const { value, reported } = await load({ ...torchTensors, 'stem.bias': odd });
    expect(value).toBeUndefined();
    expect(reported).toEqual([
      { code: 'UNET6210', notes: ['"stem.bias" (4): 2, the first is NaN.'] },
    ]);
  });
});

describe("the network's own names", () => {
  const own = (text: string): WrittenTensors =>
    Object.fromEntries(
      graphWeights(graphOf(text)).map(({ name, shape }) => [name, counted(shape)]),
    );

  test('are for the whole network', async () => {
    const { value, reported } = await load(own(namedSpec()));
    expect(reported).toEqual([]);
    expect([...value!.values.keys()]).toContain('mask/kernel');
  });

  test('are for the encoder alone where the spec names the file', async () => {
    const { value, reported } = await load(own(namedSpec()), { encoderOnly: true });
    expect(value!.summary.taken).toBe(15);
    expect(reported.map(({ code }) => code)).toEqual(['UNET6204']);
  });
});

describe('images of other channels', () => {
  const kernel = torchTensors['stem.weight']!.values;
  /** Kernel value [y, x, channel, filter] at the first place. */
  const at = (channel: number, filter: number): number => kernel[(filter * 3 + channel) * 9]!;
  const fitted = async (how: string, channels: number): Promise<Float32Array | undefined> => {
    const { value, reported } = await load(torchTensors, {
      spec: namedSpec(`adapt_input: ${how}`, channels),
    });
    expect(reported).toEqual([]);
    return value!.values.get('tiny/s1/conv1/kernel');
  };

  test('are refused unless the spec says how', async () => {
    const { value, diagnostics } = await load(torchTensors, { spec: namedSpec('', 1) });
    expect(value).toBeUndefined();
    expect(diagnostics[0]!.code).toBe('UNET6203');
    expect(diagnostics[0]!.help[0]).toContain('adapt_input: sum');
  });

  test('sum: one channel gets the sum, two get half of it each', async () => {
    const sum = (filter: number): number => at(0, filter) + at(1, filter) + at(2, filter);
    expect((await fitted('sum', 1))![1]).toBeCloseTo(sum(1), 4);
    const two = (await fitted('sum', 2))!;
    expect([two[2], two[4 + 2]]).toEqual([sum(2) / 2, sum(2) / 2]);
  });

  test('repeat: the old channels in order again and again, scaled', async () => {
    const five = (await fitted('repeat', 5))!;
    const wanted = [0, 1, 2, 0, 1].map((channel) => (at(channel, 3) * 3) / 5);
    wanted.forEach((value, channel) => expect(five[channel * 4 + 3]).toBeCloseTo(value, 4));
  });

  test('random: the kernel is not taken', async () => {
    expect(await fitted('random', 4)).toBeUndefined();
  });
});
