import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { openRun } from '../../../src/runtime/prediction/open-run.js';
import { openTensorFile } from '../../../src/runtime/pretrained/open-tensor-file.js';
import { TensorFileError } from '../../../src/runtime/pretrained/tensor-file.js';
import type { CheckpointMetadata, CheckpointModel } from '../../../src/runtime/runs/checkpoint.js';
import { sealJson } from '../../../src/runtime/runs/sealed-json.js';
import { readLast } from '../../../src/runtime/training/resume.js';
import { openWorkshop, stopAfter, trained, type Workshop } from '../training/support.js';

// Checkpoints that were edited and got a checksum that fits again.

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;
type Model = Writable<CheckpointModel>;
type Metadata = Writable<CheckpointMetadata>;
type Edit = (unetc: Metadata, model: Model) => void;

let shop: Workshop;
const run = (): string => join(shop.folder, 'run');

beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
  await stopAfter(4, { data: shop.data, out: join(shop.folder, 'made') });
});
beforeEach(() => {
  rmSync(run(), { recursive: true, force: true });
  cpSync(join(shop.folder, 'made'), run(), { recursive: true });
});
afterAll(() => shop.remove());

function forge(name: 'best' | 'last', edit: Edit): void {
  const file = join(run(), name, 'model.json');
  const { sha256: _old, ...model } = JSON.parse(readFileSync(file, 'utf8')) as Model;
  edit(model.userDefinedMetadata.unetc as Metadata, model as Model);
  writeFileSync(file, sealJson(model));
}

async function resume(): Promise<readonly string[]> {
  const { value: last, diagnostics } = await readLast(run());
  if (last === undefined || last === 'again') return diagnostics.map(({ message }) => message);
  const result = await trained({ data: shop.data, out: run(), resume: last });
  return result.diagnostics.map(({ message }) => message);
}

async function open(name: 'best' | 'last'): Promise<readonly string[]> {
  const { value, diagnostics } = await openRun(run(), name);
  if (value !== undefined) (await value.createPredictor()).dispose();
  return diagnostics.map(({ message }) => message);
}

const swap = (list: unknown[], first: number, second: number): void => {
  [list[first], list[second]] = [list[second], list[first]];
};
const layersOf = (model: Model): { name: string }[] =>
  (model.modelTopology as { config: { layers: { name: string }[] } }).config.layers;

const edits: readonly (readonly [part: string, edit: Edit, reported: string])[] = [
  ['two names of other shapes', ({ weightNames }) => swap(weightNames, 0, 1), 'weightNames[0] is'],
  // Statistics of the batch norm: mean and variance.
  [
    'two names of one shape',
    ({ weightNames }) => swap(weightNames, weightNames.length - 1, weightNames.length - 2),
    'weightNames[',
  ],
  [
    'an unknown name',
    ({ weightNames }) => void (weightNames[0] = 'e9/kernel'),
    'weightNames[0] is "e9/kernel"',
  ],
  [
    'two entries of the manifest',
    (_, { weightsManifest }) => swap(weightsManifest[0]!.weights, 1, 2),
    'the manifest has',
  ],
  ['a layer less', (_, model) => void layersOf(model).pop(), 'modelTopology lacks the layer'],
  [
    'a layer of another name',
    (_, model) => void layersOf(model).push({ name: 'more' }),
    'modelTopology has a layer "more"',
  ],
  ['channels', ({ preprocessing }) => void (preprocessing.channels = 2), 'preprocessing.channels'],
  [
    'the pixels of the classes',
    ({ preprocessing }) => void (preprocessing.classPixels = [1, 2, 3]),
    'preprocessing.classPixels has 3 numbers; its spec gives 2 classes',
  ],
  [
    'the scaling',
    ({ preprocessing }) => void (preprocessing.scaling.name = 'zzz' as 'unit'),
    'preprocessing.scaling.name is "zzz"; its spec gives "unit"',
  ],
  [
    'the size of crops',
    ({ preprocessing }) => void (preprocessing.sizes.options = { size: -5 }),
    'preprocessing.sizes.options.size is -5; its spec gives 24',
  ],
  [
    'mask values',
    ({ preprocessing }) => void (preprocessing.masks.ignore = [7]),
    'preprocessing.masks.ignore has the length 1',
  ],
  ['the best metric', ({ best }) => void (best!.metric = 'iou'), 'best.metric is "iou"'],
  ['the best value', ({ best }) => void (best!.value = 99), 'best.value is 99'],
  [
    'what the network is fed',
    (_, model) => void ((model.userDefinedMetadata.network as { model: string }).model = 'Large'),
    'network.model is "Large"',
  ],
  ['who wrote it', (_, model) => void (model.generatedBy = 'me'), 'generatedBy is "me"'],
  ['steps', ({ progress }) => void (progress.epoch = 99), 'steps cannot be 99 epochs'],
];

describe.each(['best', 'last'] as const)('an edited "%s" with a checksum that fits', (name) => {
  test.each(edits)('%s', async (_part, edit, reported) => {
    forge(name, edit);
    const found = await open(name);
    const message = expect.stringMatching(/"[^"]*model\.json"/);
    expect(found).toContainEqual(message);
    expect(found).toContainEqual(expect.stringContaining(reported));
    // Where both checkpoints tell of one thing, they are held against each other first.
    const [problem] = await resume();
    expect(problem).toEqual(message);
    if (!problem!.includes('differently')) expect(problem).toContain(reported);
  });

  test.each<readonly [part: string, edit: Edit, reported: string]>([
    ['mistakes', ({ spec }) => void (spec.text += '\nmodel'), 'its spec does not compile'],
    ['other files', ({ spec }) => void (spec.imports = { 'a.unet': '' }), 'spec.imports'],
  ])('a spec with %s', async (_part, edit, reported) => {
    forge(name, edit);
    expect(await open(name)).toContainEqual(expect.stringContaining(reported));
    expect(await resume()).toContainEqual(expect.stringMatching(/another text|spec.imports/));
  });
});

test.each<readonly [part: string, edit: Edit, reported: string]>([
  [
    'an epoch of no steps',
    ({ progress, optimizer }) => {
      Object.assign(progress, { batch: 30, step: 40 });
      optimizer!.step = 40;
    },
    'progress.batch is 30; an epoch has 3 steps',
  ],
  [
    'a slot of another name',
    ({ optimizer }) => void (optimizer!.slots[2]!.name = 'e1/gone'),
    'the optimizer of its spec has no slot "e1/gone"',
  ],
  [
    'two slots of one length',
    ({ optimizer }) => swap(optimizer!.slots, 0, 1),
    'optimizer.slots[0].name is',
  ],
  [
    'no optimizer',
    (unetc) => void (unetc.optimizer = undefined),
    'the state of the optimizer is missing',
  ],
  [
    'a shape of as many values',
    (_, { weightsManifest }) => void (weightsManifest[0]!.weights[0]!.shape = [9, 1, 1, 4]),
    'weightsManifest.weights[0].shape[0] is 9',
  ],
  [
    'how layers are joined',
    (_, model) => swap(layersOf(model) as unknown[], 3, 4),
    'modelTopology.config.layers[3]',
  ],
  [
    'sums of unknown outputs',
    ({ progress }) => void (progress.outputLossSums = { other: 1 }),
    'its spec has no output "other"',
  ],
])('a run does not go on with %s', async (_part, edit, reported) => {
  forge('last', edit);
  expect(await resume()).toEqual([expect.stringContaining(reported)]);
});

describe('as weights to start from, too', () => {
  const opened = async (): Promise<string> => {
    try {
      (await openTensorFile(join(run(), 'best'))).close();
      return 'opened';
    } catch (error) {
      return error instanceof TensorFileError ? error.reason : String(error);
    }
  };

  test('a whole checkpoint is read', async () => {
    expect(await opened()).toBe('opened');
  });

  test('weights under the names of others are refused', async () => {
    forge('best', ({ weightNames }) => swap(weightNames, 0, weightNames.length - 1));
    expect(await opened()).toMatch(/^its weight ".*" stands under the name ".*"$/);
  });

  test('changed bytes are refused', async () => {
    const best = (name: string): string => join(run(), 'best', name);
    const weights = readdirSync(join(run(), 'best')).find((name) => name.endsWith('.bin'))!;
    const values = readFileSync(best(weights));
    values[3]! ^= 64;
    writeFileSync(best(weights), values);
    expect(await opened()).toBe('its weights differ from what was written');
    const model = readFileSync(best('model.json'), 'latin1');
    writeFileSync(best('model.json'), model.replace('"epoch":1', '"epoch":2'), 'latin1');
    expect(await opened()).toMatch(/^it is damaged: /);
  });
});

test('a run goes on from what was not edited', async () => {
  forge('last', () => undefined);
  expect(await resume()).toEqual([]);
});
