import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { sealJson } from '../../../src/runtime/runs/sealed-json.js';
import { callCli, type CliResult } from '../../cli/run-cli.js';
import {
  compiled,
  filesOf,
  logOf,
  openWorkshop,
  smallSpec,
  stopAfter,
  trained,
  type Workshop,
} from '../training/support.js';

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder: shop.folder });
const train = (...words: string[]): Promise<CliResult> =>
  call('train', 'small.unet', '--data', 'now', '--out', 'run', ...words);

beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
  writeFileSync(at('small.unet'), smallSpec);
  await trained({ data: shop.data, out: at('unbroken') });
  await stopAfter(4, { data: shop.data, out: at('stopped') });
});
beforeEach(() => {
  for (const name of ['run', 'now']) rmSync(at(name), { recursive: true, force: true });
  cpSync(at('stopped'), at('run'), { recursive: true });
  cpSync(shop.data, at('now'), { recursive: true });
});
afterAll(() => shop.remove());

describe('data that changed', () => {
  const image = (name: string): string => at(`now/train/images/cells-00${name}.png`);
  const mask = (name: string): string => at(`now/train/masks/cells-00${name}.png`);
  const changes: readonly (readonly [string, string, () => void])[] = [
    [
      'a pair is deleted',
      'train: 1 pair is missing ("cells-002")',
      () => [image('2'), mask('2')].forEach((file) => rmSync(file)),
    ],
    [
      'an image is replaced',
      'train: 1 image changed ("cells-002")',
      () => copyFileSync(image('1'), image('2')),
    ],
    [
      'a mask is replaced',
      'train: 1 mask changed ("cells-002")',
      () => copyFileSync(mask('1'), mask('2')),
    ],
    [
      'a pair is renamed',
      'train: 1 pair was renamed ("cells-002" to "cells-009")',
      () => [image, mask].forEach((path) => renameSync(path('2'), path('9'))),
    ],
    [
      'a pair is added',
      'train: 1 pair is new ("cells-009")',
      () => [image, mask].forEach((path) => copyFileSync(path('1'), path('9'))),
    ],
    [
      'a validation pair is gone',
      'val: 1 pair is missing ("cells-002")',
      () => ['images', 'masks'].forEach((part) => rmSync(at(`now/val/${part}/cells-002.png`))),
    ],
  ];

  test.each(changes)('%s: it is told, and nothing is done', async (_title, reported, change) => {
    change();
    const before = filesOf(at('run/last'));
    const { code, stderr } = await train('--resume');
    expect(stderr).toContain('UNET6138');
    expect(stderr.replace(/\s+/g, ' ')).toContain(reported);
    expect(stderr).toContain('--allow-changes');
    expect(code).toBe(1);
    expect(filesOf(at('run/last'))).toEqual(before);
  });

  test('a person may go on with them: it is told, logged, and remembered', async () => {
    changes[0]![2]();
    const first = await train('--resume', '--allow-changes');
    expect(first.stderr).toContain('warning UNET6138');
    expect(first.code).toBe(0);
    expect(logOf(at('run'))).toContainEqual({
      ...{ kind: 'changed', epoch: 2, step: 4 },
      what: ['data: train: 1 pair is missing ("cells-002")'],
    });
    const again = await train('--resume', '--epochs', '3');
    expect(again.stderr).not.toContain('UNET6138');
    expect(again.code).toBe(0);
  });

  test('moved to another folder and packed anew, they are the same', async () => {
    const { default: sharp } = await import('sharp');
    const packed = await sharp(image('2'))
      .toColourspace('b-w')
      .png({ compressionLevel: 1 })
      .toBuffer();
    expect(packed.equals(readFileSync(image('2')))).toBe(false);
    writeFileSync(image('2'), packed);
    expect((await train('--resume')).code).toBe(0);
    expect(filesOf(at('run/last'))).toEqual(filesOf(at('unbroken/last')));
  });

  test('without the list of them, a change is told all the same', async () => {
    rmSync(at('run/data.json'));
    changes[0]![2]();
    expect((await train('--resume')).stderr).toContain('which files is not known');
  });
});

test('another engine or version is told, and needs a word', async () => {
  const model = JSON.parse(readFileSync(at('run/last/model.json'), 'utf8')) as {
    sha256?: string;
    userDefinedMetadata: { unetc: { conditions: Record<string, string> } };
  };
  Object.assign(model.userDefinedMetadata.unetc.conditions, { engine: 'cpu', unetc: '0.0.9' });
  delete model.sha256;
  writeFileSync(at('run/last/model.json'), sealJson(model));
  // Unless one is named, the run keeps its engine.
  expect((await train('--resume')).stderr.match(/UNET6137/g)).toHaveLength(1);
  const resumed = ['--resume', '--engine', 'wasm'];
  const { code, stderr } = await train(...resumed);
  expect(stderr.match(/UNET6137/g)).toHaveLength(2);
  expect(code).toBe(1);
  expect((await train(...resumed, '--allow-changes')).code).toBe(0);
  expect((await train('--allow-changes')).code).toBe(2);
});

test('weights that stand under the names of others are refused, by all who read them', async () => {
  for (const name of ['last', 'best']) {
    const file = at(`run/${name}/model.json`);
    const model = JSON.parse(readFileSync(file, 'utf8')) as {
      sha256?: string;
      userDefinedMetadata: { unetc: { weightNames: string[] } };
    };
    const { weightNames } = model.userDefinedMetadata.unetc;
    const scale = weightNames.findIndex((weight) => weight.endsWith('/gamma'));
    expect(weightNames[scale + 1]).toMatch(/\/beta$/);
    weightNames.splice(scale, 2, weightNames[scale + 1]!, weightNames[scale]!);
    delete model.sha256;
    writeFileSync(file, sealJson(model));
  }
  const reported = 'does not match its own spec: weightNames[';
  expect((await train('--resume')).stderr).toContain(reported);
  const measured = await call('eval', 'run', '--data', 'now');
  expect(measured.stderr).toContain(reported);
  expect(measured.code).toBe(1);
});

test('more epochs under a schedule that spreads over them are told', async () => {
  const { code, stderr } = await train('--resume', '--epochs', '3');
  expect(stderr).toContain('warning UNET6139');
  expect(code).toBe(0);
});

describe('a run that ended before its first checkpoint', () => {
  const strip = (...names: string[]): void => {
    rmSync(at('run'), { recursive: true });
    mkdirSync(at('run'));
    for (const name of names) copyFileSync(at(`stopped/${name}`), at(`run/${name}`));
  };

  test.each([
    [[]],
    [['spec.unet']],
    [['spec.unet', 'data.json']],
    [['spec.unet', 'data.json', 'run.json']],
  ])('with %j: starts from the start, with "--resume" and without', async (names) => {
    for (const words of [['--resume'], []]) {
      strip(...names);
      writeFileSync(at('run/.unetc-0123456789ab.tmp'), 'half');
      mkdirSync(at('run/last'));
      const { code, stderr } = await train(...words);
      expect(code).toBe(0);
      expect(stderr).toContain('epoch 2/2');
      expect(stderr.includes('from the start again')).toBe(words.length > 0);
      expect(filesOf(at('run/last'))).toEqual(filesOf(at('unbroken/last')));
      expect(existsSync(at('run/.unetc-0123456789ab.tmp'))).toBe(false);
    }
  });

  test('whose log has steps: they are kept unless it is asked for', async () => {
    strip('spec.unet', 'run.json', 'log.jsonl');
    const kept = await train();
    expect(kept.code).toBe(1);
    expect(kept.stderr).toContain('UNET6100');
    expect(kept.stderr).toContain('"--resume" starts it from the start');
    expect((await train('--resume')).code).toBe(0);
    expect(logOf(at('run'))).toEqual(logOf(at('unbroken')));
  });

  test('in its first epoch goes on from its first moment', async () => {
    rmSync(at('run'), { recursive: true });
    await stopAfter(1, { data: shop.data, out: at('run') });
    expect((await train('--resume')).code).toBe(0);
    expect(filesOf(at('run/last'))).toEqual(filesOf(at('unbroken/last')));
  });
});

describe('files of different runs', () => {
  test('a best of another run, or of another epoch, or none', async () => {
    const other = await trained({
      ...{ data: shop.data, out: at('other') },
      run: compiled(smallSpec, { seed: 5 }),
    });
    expect(other.value?.kind).toBe('finished');
    const swap = (from: string): void => {
      rmSync(at('run/best'), { recursive: true });
      if (from !== '') cpSync(at(from), at('run/best'), { recursive: true });
    };
    swap('other/best');
    for (const words of [
      ['train', 'small.unet', '--data', 'now', '--out', 'run', '--resume'],
      ['predict', 'run', 'now/val', '--out', 'painted'],
      ['eval', 'run', '--data', 'now'],
    ]) {
      const { code, stderr } = await call(...words);
      expect(stderr).toContain('UNET6131');
      expect(code).toBe(1);
    }
    swap('');
    expect((await train('--resume')).stderr).toContain('its checkpoint is missing');
    const anew = await train('--resume', '--allow-changes');
    expect(anew.stderr).toContain('warning UNET6131');
    expect(anew.code).toBe(0);
    const { value } = await readCheckpoint(at('run'), 'best');
    expect(value?.best?.epoch).toBe(2);
  });

  test('a last that another process has written meanwhile', async () => {
    const { value: resume } = await readCheckpoint(at('run'), 'last');
    await trained({ data: shop.data, out: at('run'), resume });
    const late = await trained({ data: shop.data, out: at('run'), resume });
    expect(late.diagnostics.map(({ code }) => code)).toEqual(['UNET6135']);
  });
});

test('lines of the log that are no entries are dropped, and told', async () => {
  const log = readFileSync(at('run/log.jsonl'), 'utf8');
  writeFileSync(at('run/log.jsonl'), `null\n[1\n${log}"text"\n{"kind":"step","st`);
  const { code, stderr } = await train('--resume');
  expect(code).toBe(0);
  expect(stderr).toMatch(/UNET6133.*\n?.*lines 1, 2, \d+/);
  expect(logOf(at('run'))).toEqual(logOf(at('unbroken')));
});

test('an edited spec.unet is told of, and the one that was trained counts', async () => {
  appendFileSync(at('run/spec.unet'), '\n# mine\n');
  const { code, stderr } = await call('predict', 'run', 'now/val', '--out', 'painted');
  expect(stderr).toContain('warning UNET6132');
  expect(code).toBe(0);
});

test('stopped while the data are read, a run leaves nothing', async () => {
  const signal = AbortSignal.abort();
  const { value, diagnostics } = await trained({ data: shop.data, out: at('never'), signal });
  expect(value?.kind).toBe('not-begun');
  expect(diagnostics).toEqual([]);
  expect(existsSync(at('never'))).toBe(false);
});

test('weights that are no numbers are not written', async () => {
  const run = compiled(smallSpec.replace('adam(lr: 0.01)', 'sgd(lr: 1e38)'), { epochs: 1 });
  const { value, diagnostics } = await trained({ data: shop.data, out: at('spoilt'), run });
  expect(value?.kind).toBe('failed');
  expect(diagnostics.map(({ code }) => code)).toContainEqual(
    expect.stringMatching(/UNET6112|UNET6141/),
  );
  const { value: last } = await readCheckpoint(at('spoilt'), 'last');
  expect([...last!.weights.values()].every((each) => each.every(Number.isFinite))).toBe(true);
});
