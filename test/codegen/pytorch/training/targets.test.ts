import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAugmentation } from '../../../../src/runtime/data/augment/build.js';
import { iterateBatches } from '../../../../src/runtime/data/batches.js';
import { startEngine } from '../../../../src/runtime/engines/start-engine.js';
import { torchTensors } from '../../../../src/runtime/exports/weights/named-tensor.js';
import { safetensorsFile } from '../../../../src/runtime/exports/weights/safetensors.js';
import { weightMapsOfAll } from '../../../../src/runtime/losses/loss-terms.js';
import { initialiseWeights } from '../../../../src/runtime/network/weights.js';
import { Random } from '../../../../src/runtime/random.js';
import { describeNetwork } from '../../../../src/runtime/training/network-interface.js';
import { openRunData } from '../../../../src/runtime/training/setup.js';
import { preparePairs } from '../../../../src/runtime/training/target-planes.js';
import { balanceOf, withPlanes } from '../../../../src/runtime/training/weight-planes.js';
import { callCli } from '../../../cli/run-cli.js';
import { findTrainingPython, mypyCache, toolBeside } from '../../../python/find-python.js';
import { preloaded } from '../../../python/preloaded.js';
import {
  everyTarget,
  severalHeads,
  writeTargets,
} from '../../../runtime/training/several-targets.js';
import {
  compiled,
  logOf,
  openWorkshop,
  trained,
  type Workshop,
} from '../../../runtime/training/support.js';
import { root } from '../../cases.js';
import { filesOf, writeFiles } from './ask-scripts.js';

const python = findTrainingPython();
const live = python === undefined ? describe.skip : describe;

const [seed, epoch, batch] = [0, 3, 2];

/** The recipe with other fields, by what is looked at. */
const texts: Readonly<Record<string, string>> = {
  turned: everyTarget,
  warped: everyTarget.replace('[flip, rotate90]', '[flip, rotate(40), elastic, rotate90]'),
  resized: everyTarget.replace('crop(24)', 'resize(20)'),
  padded: everyTarget.replace('crop(24)', 'pad'),
  weighed: everyTarget.replace('loss distance: mse', 'loss distance: huber * borders'),
};

live('targets of heads in Python', () => {
  let shop: Workshop;
  let sharded = '';
  let answers: Readonly<Record<string, { readonly error?: string }>> = {};
  const at = (...names: string[]): string => join(shop.folder, ...names);

  beforeAll(async () => {
    await startEngine('wasm');
    shop = await openWorkshop();
    await writeTargets(shop.data);
    writeFileSync(at('several.unet'), everyTarget);
    sharded = at('shards');
    const call = ['data', shop.data, '--spec', 'several.unet', '--shards', sharded];
    const { code, stderr: told } = await callCli(call, { folder: shop.folder });
    expect([code, told]).toEqual([0, expect.stringContaining('train-00000-of-00001.tar')]);
    mkdirSync(at('code'));
    for (const [name, text] of Object.entries(texts)) {
      writeFileSync(at('code', `${name}.py`), filesOf(text).files.get('data.py')!);
    }
    const common = { seed, epoch, start: 0, batch, world: 1 };
    const cases = Object.keys(texts).map((id) => ({
      ...{ id, file: `${id}.py`, ...common, data: shop.data },
    }));
    cases.push({ ...{ id: 'shards', file: 'turned.py', ...common, data: sharded } });
    writeFileSync(at('code', 'cases.json'), JSON.stringify(cases));
    const script = join(root, 'test/python/data.py');
    const { status, stdout, stderr } = spawnSync(preloaded(python!), ['-B', script, at('code')], {
      ...{ encoding: 'utf8', maxBuffer: 1 << 28 },
    });
    if (status !== 0) throw new Error(stderr);
    answers = JSON.parse(stdout) as typeof answers;
  }, 300_000);
  afterAll(() => shop.remove());

  test.each([...Object.keys(texts), 'shards'])('samples are those of unetc: %s', async (name) => {
    expect(answers[name]!.error).toBeUndefined();
    const bytes = readFileSync(at('code', `${name}.bin`));
    const found = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const run = compiled(texts[name] ?? everyTarget, { seed, batch });
    const data = name === 'shards' ? sharded : shop.data;
    const expected = await planesOf(run, data);
    let place = 0;
    for (const { pixels, size, planes } of expected) {
      place += pixels + size;
      const length = planes.length * size;
      const theirs = found.subarray(place, place + length);
      place += length;
      const off = Array.from(theirs, (value, i) => {
        const own = planes[Math.floor(i / size)]![i % size]!;
        if (Number.isNaN(own) || Number.isNaN(value))
          return Number.isNaN(own + value) && Number.isNaN(own) === Number.isNaN(value) ? 0 : 1;
        return Math.abs(value - own);
      });
      expect(Math.max(...off)).toBeLessThan(1e-5);
    }
  });

  test('every head has the losses of unetc, step by step', async () => {
    const text = everyTarget.replace('augment: [flip, rotate90]', '');
    const own = compiled(text);
    const weights = initialiseWeights(own.model.graph, new Random(own.recipe.seed).fork('weights'));
    const tensors = torchTensors(own.model.graph, await weights.values());
    writeFileSync(at('start.safetensors'), Buffer.concat(safetensorsFile(tensors, {})));
    weights.dispose();
    await trained({ data: shop.data, out: at('ours'), run: own });
    writeFiles(at('script'), filesOf(text).files);
    const words = ['--data', shop.data, '--out', at('theirs'), '--workers', '0'];
    const { status, stderr } = spawnSync(
      preloaded(python!),
      ['-B', at('script/train.py'), ...words, '--weights', at('start.safetensors')],
      { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } },
    );
    expect([status, stderr]).toEqual([0, expect.anything()]);
    type Line = {
      kind: string;
      loss: number;
      losses?: Record<string, number>;
      validation?: { loss: number };
    };
    const [ours, theirs] = ['ours', 'theirs'].map((name) => logOf(at(name)) as readonly Line[]);
    expect(theirs!.map(({ kind }) => kind)).toEqual(ours!.map(({ kind }) => kind));
    for (const [index, { loss, losses, validation }] of ours!.entries()) {
      const line = theirs![index]!;
      expect(Math.abs(line.loss - loss)).toBeLessThan(1e-4);
      for (const [head, value] of Object.entries(losses ?? {})) {
        expect([head, Math.abs(line.losses![head]! - value) < 1e-4]).toEqual([head, true]);
      }
      if (validation === undefined) continue;
      expect(Math.abs(line.validation!.loss - validation.loss)).toBeLessThan(1e-3);
    }
  }, 300_000);
});

/** What comes beside the images and masks of an epoch: weight maps, then targets; and how many values stand before it. */
async function planesOf(
  run: ReturnType<typeof compiled>,
  data: string,
): Promise<
  readonly {
    readonly pixels: number;
    readonly size: number;
    readonly planes: readonly Float32Array[];
  }[]
> {
  const network = describeNetwork(run);
  const { value } = await openRunData(data, run, network, undefined);
  const maps = weightMapsOfAll(run.recipe.losses);
  const balance = await balanceOf(maps, value!.training, network.head.classCount);
  const split = withPlanes(value!.training, preparePairs(run.recipe, balance));
  const { sizes, policy, scaling } = network;
  const options = { sizes, policy, scaling, batch, seed, epoch, training: true };
  const augmentations = run.recipe.augment.map(buildAugmentation);
  const samples = [];
  for await (const each of iterateBatches(split, { ...options, augmentations })) {
    const pixels = each.inputHeight * each.inputWidth;
    const size = each.outputHeight * each.outputWidth;
    const heads = Object.keys(run.recipe.data.targets).flatMap((head) => each.targets.get(head)!);
    for (const n of each.names.keys()) {
      const planes = [...each.planes, ...heads].map((plane) =>
        plane.subarray(n * size, (n + 1) * size),
      );
      samples.push({ pixels, size, planes });
    }
  }
  return samples;
}

/** What scripts are checked for: other places, readers and losses than the recipes above. */
const more: Readonly<Record<string, string>> = {
  divided: everyTarget.replace('epochs: 2', 'split: folders(train: "trn", val: "tst"), epochs: 2'),
  drawn: everyTarget
    .replaceAll('{part}/', '')
    .replace('epochs: 2', 'split: fraction(0.2), epochs: 2'),
  listed: everyTarget
    .replaceAll('{part}/', '')
    .replace('epochs: 2', 'pairs: list("pairs.csv"), epochs: 2'),
  coloured: everyTarget.replace('epochs: 2', 'colors: [[0, 0, 0], [255, 0, 0]], epochs: 2'),
  distances: severalHeads('target far: distance', 'head far: d1 -> conv(1, 1)').replace(
    ', mae, rmse',
    '',
  ),
  halved: severalHeads(
    'target parts: planes(["{part}/both"])\n loss parts: mae * borders',
    'head parts: d1 -> conv(1, 1) { supervise: [e2] }',
  ).replace(', mae, rmse', ''),
};
const tools = python === undefined ? [] : ['ruff', 'mypy'].map((name) => toolBeside(python, name));
const [ruff, mypy] = tools;
const checked = ruff === undefined || mypy === undefined ? describe.skip : describe;

checked('scripts with targets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-targets-py-'));
  const all = Object.entries({ ...texts, ...more });
  // Other tests check modules of the same names at the same time.
  const cache = `${mypyCache()}-of-targets`;
  beforeAll(() => {
    for (const [name, text] of all) writeFiles(join(folder, name), filesOf(text).files);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (program: string, words: readonly string[], place: string): string => {
    const { status, stdout, stderr } = spawnSync(program, [...words], {
      ...{ cwd: place, encoding: 'utf8' },
    });
    return status === 0 ? '' : `${stdout}${stderr}`;
  };

  test.each(['check', 'format'])('ruff %s has nothing to say', (word) => {
    const how = word === 'format' ? ['--check', '--diff'] : ['--quiet'];
    for (const [name] of all) {
      const words = [word, '--isolated', '--no-cache', ...how, '.'];
      expect([name, run(ruff!, words, join(folder, name))]).toEqual([name, '']);
    }
  });

  test.each(['weighed', 'listed', 'coloured', 'halved'])(
    'mypy --strict has nothing to say: %s',
    (name) => {
      const words = ['--strict', '--no-error-summary', '--cache-dir', cache, '.'];
      expect(run(mypy!, words, join(folder, name))).toBe('');
    },
    300_000,
  );
});
