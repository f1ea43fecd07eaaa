import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEngine } from '../../../../src/runtime/engines/start-engine.js';
import { torchTensors } from '../../../../src/runtime/exports/weights/named-tensor.js';
import { safetensorsFile } from '../../../../src/runtime/exports/weights/safetensors.js';
import { initialiseWeights } from '../../../../src/runtime/network/weights.js';
import { Random } from '../../../../src/runtime/random.js';
import {
  compiled,
  openWorkshop,
  trained,
  type Workshop,
} from '../../../runtime/training/support.js';
import { findTrainingPython } from '../../../python/find-python.js';
import { preloaded } from '../../../python/preloaded.js';
import { filesOf, writeFiles } from './ask-scripts.js';

const python = findTrainingPython();
const live = python === undefined ? describe.skip : describe;

/** A network without dropout, trained on crops that are drawn alike everywhere. */
const specOf = (recipe: string, variance = ''): string => `
model Small {
  input image: [H, W, 1]
  encoder plain {
    widths: [4, 8]
    stage: conv(width, 3, bias: false) -> batch_norm${variance} -> relu
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: conv_transpose(width, 2, stride: 2)
    stage: conv(width, 3) -> batch_norm -> relu
  }
  head mask: conv(1, 1) -> sigmoid
}

train Small {
  loss: bce + dice
  metrics: [dice, iou]
  ${recipe}
}
`;
const plain =
  'optimizer: adam(lr: 0.003), schedule: cosine(warmup: 1), sizes: crop(24), batch: 2, epochs: 4';
/** Losses that need the pixels of all processes, each in its place. */
const ranked =
  'topk_cross_entropy(share: 0.3) + lovasz_softmax + 0.1 * lovasz_hinge(per: batch) + generalized_dice + 0.01 * boundary + cl_dice';
const augmented = `${plain}, augment: [flip, brightness(0.1)]`;

/** A line of \`log.jsonl\`, as far as it is looked at. */
interface Line {
  readonly kind: string;
  readonly epoch: number;
  readonly step: number;
  readonly loss?: number;
  readonly learningRate?: number;
  readonly images?: number;
  readonly seconds?: number;
  readonly imagesPerSecond?: number;
  readonly waiting?: number;
  readonly isBest?: boolean;
  readonly validation?: {
    readonly loss: number;
    readonly metrics: Readonly<Record<string, { readonly mean: number }>>;
  };
}

live('runs of a script', () => {
  const copied = preloaded(python)!;
  let shop: Workshop;
  const at = (name: string): string => join(shop.folder, name);
  const logOf = (run: string): readonly Line[] =>
    readFileSync(at(`${run}/log.jsonl`), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  /** What does not follow from the recipe and the data. */
  const withoutTimes = (run: string): readonly Line[] =>
    logOf(run).map((line) => ({
      ...line,
      ...{ seconds: undefined, imagesPerSecond: undefined, waiting: undefined },
    }));

  beforeAll(async () => {
    await startEngine('wasm');
    // The last of five batches is smaller, and two processes share it.
    shop = await openWorkshop(10, 3);
    writeFiles(at('plain'), filesOf(specOf(plain)).files);
    const sorted = specOf(plain).replace('bce + dice', ranked);
    writeFiles(at('ranked'), filesOf(sorted).files);
    writeFiles(at('augmented'), filesOf(specOf(augmented, '(running_variance: unbiased)')).files);
  });
  afterAll(() => shop.remove());

  const words = (script: string, out: string, ...more: string[]): readonly string[] => [
    ...[at(`${script}/train.py`), '--data', shop.data, '--out', at(out), ...more],
  ];
  const alone = ['-B'];
  const together = ['-B', '-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '2'];
  // Processes that torchrun starts are copies too.
  const environment = { ...process.env, OMP_NUM_THREADS: '1', PYTHON_EXEC: copied };
  const run = (how: readonly string[], call: readonly string[], program = copied) => {
    const { status, stderr, stdout } = spawnSync(program, [...how, ...call], {
      ...{ encoding: 'utf8', env: environment, cwd: shop.folder },
    });
    return { status, stderr, stdout };
  };
  const finish = (...call: Parameters<typeof run>): void => {
    const { status, stderr } = run(...call);
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  };

  /** Starts a run and gives it a signal once its log has so many lines. */
  const interrupt = async (
    how: readonly string[],
    call: readonly string[],
    out: string,
    lines: number,
    signal: 'SIGTERM' | 'SIGKILL',
  ): Promise<number | null> => {
    const child: ChildProcess = spawn(copied, [...how, ...call], {
      ...{ env: environment, cwd: shop.folder, stdio: 'ignore' },
    });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    const log = at(`${out}/log.jsonl`);
    while (child.exitCode === null) {
      if (existsSync(log) && readFileSync(log, 'utf8').split('\n').length > lines) break;
      await sleep(5);
    }
    child.kill(signal);
    return (await ended)[0];
  };

  /** A run as it ended: its log, the best weights, the state to go on from. */
  const ends = (name: string) => ({
    log: withoutTimes(name),
    best: createHash('sha256')
      .update(readFileSync(at(`${name}/best/model.safetensors`)))
      .digest('hex'),
    state: spawnSync(copied, ['-c', digest, at(`${name}/last/state.pt`)], { encoding: 'utf8' })
      .stdout,
  });

  test('20 steps from the weights that unetc starts from have its losses', async () => {
    const own = compiled(specOf(plain));
    const weights = initialiseWeights(own.model.graph, new Random(own.recipe.seed).fork('weights'));
    const tensors = torchTensors(own.model.graph, await weights.values());
    writeFileSync(at('start.safetensors'), Buffer.concat(safetensorsFile(tensors, {})));
    weights.dispose();
    await trained({ data: shop.data, out: at('ours'), run: own });
    finish(alone, words('plain', 'theirs', '--weights', at('start.safetensors')), python);
    const [ours, theirs] = [logOf('ours'), logOf('theirs')];
    const told = ({ kind, epoch, step, images, isBest }: Line) => ({
      ...{ kind, epoch, step, images, isBest },
    });
    expect(theirs.map(told)).toEqual(ours.map(told));
    expect(ours.filter(({ kind }) => kind === 'step')).toHaveLength(20);
    for (const [index, line] of theirs.entries()) {
      const { loss, learningRate, validation } = ours[index]!;
      expect(Math.abs(line.loss! - loss!)).toBeLessThan(1e-4);
      if (line.kind === 'step') expect(line.learningRate).toBeCloseTo(learningRate!, 12);
      else {
        expect(Math.abs(line.validation!.loss - validation!.loss)).toBeLessThan(1e-3);
        const dice = line.validation!.metrics['dice']!.mean;
        expect(Math.abs(dice - validation!.metrics['dice']!.mean)).toBeLessThan(1e-2);
      }
    }
  }, 300_000);

  test.each(['plain', 'ranked'])(
    'two processes make the steps of one: %s',
    (name) => {
      const start = ['--weights', at('start.safetensors')];
      const first = name === 'plain' ? 'theirs' : `${name} alone`;
      if (name !== 'plain') finish(alone, words(name, first, ...start));
      finish(together, words(name, `${name} shared`, ...start));
      const [one, two] = [logOf(first), logOf(`${name} shared`)];
      expect(two).toHaveLength(one.length);
      for (const [index, { loss, validation }] of two.entries()) {
        expect(Math.abs(loss! - one[index]!.loss!)).toBeLessThan(1e-4);
        const other = one[index]!.validation;
        if (validation === undefined || other === undefined) continue;
        expect(Math.abs(validation.loss - other.loss)).toBeLessThan(1e-3);
      }
    },
    300_000,
  );

  test('two processes that are stopped by SIGTERM go on to the same bits', async () => {
    const long = (out: string) => words('augmented', out, '--epochs', '12', '--workers', '1');
    finish(together, long('unbroken'));
    await interrupt(together, long('broken'), 'broken', 7, 'SIGTERM');
    const stopped = logOf('broken').at(-1)!;
    expect(stopped.kind).toBe('stopped');
    expect(stopped.step).toBeLessThan(60);
    finish(together, [...long('broken'), '--resume']);
    expect(ends('broken')).toEqual(ends('unbroken'));
  }, 600_000);

  test('a process that is killed, and one that is stopped, go on to the same bits', async () => {
    const long = (out: string) => words('augmented', out, '--epochs', '12', '--workers', '0');
    // Of no relation to the copies, so that no order of hashes can be in what is saved.
    finish(alone, long('one'), python);
    await interrupt(alone, long('killed'), 'killed', 13, 'SIGKILL');
    expect(logOf('killed').length).toBeLessThan(logOf('one').length);
    finish(alone, [...long('killed'), '--resume']);
    expect(ends('killed')).toEqual(ends('one'));
    const code = await interrupt(alone, long('ended'), 'ended', 7, 'SIGTERM');
    expect([code, logOf('ended').at(-1)!.kind]).toEqual([143, 'stopped']);
    finish(alone, [...long('ended'), '--resume']);
    expect(ends('ended')).toEqual(ends('one'));
  }, 600_000);

  test('a network of one size is validated in tiles, as unetc does', async () => {
    const recipe = 'sizes: crop(24), batch: 2, epochs: 1';
    const text = specOf(recipe).replace('[H, W, 1]', '[24, 24, 1]');
    const own = compiled(text);
    writeFiles(at('fixed'), filesOf(text).files);
    await trained({ data: shop.data, out: at('own_tiles'), run: own });
    const weights = initialiseWeights(own.model.graph, new Random(own.recipe.seed).fork('weights'));
    const tensors = torchTensors(own.model.graph, await weights.values());
    writeFileSync(at('fixed.safetensors'), Buffer.concat(safetensorsFile(tensors, {})));
    weights.dispose();
    finish(alone, words('fixed', 'their_tiles', '--weights', at('fixed.safetensors')));
    const [ours, theirs] = ['own_tiles', 'their_tiles'].map((name) => logOf(name).at(-1)!);
    expect(Math.abs(theirs!.validation!.loss - ours!.validation!.loss)).toBeLessThan(1e-3);
    const dice = ({ validation }: Line): number => validation!.metrics['dice']!.mean;
    expect(Math.abs(dice(theirs!) - dice(ours!))).toBeLessThan(1e-2);
  }, 300_000);

  test('a run that loses patience ends where unetc ends it, also where it was broken', async () => {
    const recipe =
      'optimizer: sgd(lr: 1e-30), schedule: plateau(1, 0.5, cooldown: 1), sizes: crop(24), batch: 5, epochs: 30, patience: 5';
    const still = specOf(recipe).replaceAll('-> batch_norm ', '');
    await trained({ data: shop.data, out: at('our_end'), run: compiled(still) });
    writeFiles(at('still'), filesOf(still).files);
    finish(alone, words('still', 'their_end', '--workers', '0'));
    const told = (name: string) =>
      logOf(name).map(({ kind, epoch, step, learningRate }) => [kind, epoch, step, learningRate]);
    expect(told('their_end')).toEqual(told('our_end'));
    const rates = logOf('our_end').flatMap(({ learningRate: rate }) => rate ?? []);
    const factors = [1, 1, 0.5, 0.5, 0.25, 0.25].flatMap((each) => [each, each]);
    expect(rates.map((rate) => rate / 1e-30)).toEqual(
      factors.map((each) => expect.closeTo(each, 9)),
    );
    const last = { kind: 'ended', epoch: 6, step: 12, best: 1 };
    expect([logOf('their_end').at(-1), logOf('our_end').at(-1)]).toEqual([last, last]);
    const call = words('still', 'cut_end', '--workers', '0');
    await interrupt(alone, call, 'cut_end', 4, 'SIGKILL');
    finish(alone, [...call, '--resume']);
    finish(alone, [...call, '--resume']);
    expect(ends('cut_end')).toEqual(ends('their_end'));
  }, 300_000);

  test('clipped gradients, parts of a batch and averages are those of unetc, to the same bits', async () => {
    const recipe =
      'optimizer: adam(lr: 0.003), clip: norm(0.3), accumulate: 2, ema: 0.9, sizes: crop(24), batch: 5, epochs: 8';
    const run = compiled(specOf(recipe));
    const weights = initialiseWeights(run.model.graph, new Random(run.recipe.seed).fork('weights'));
    const tensors = torchTensors(run.model.graph, await weights.values());
    writeFileSync(at('averaged.safetensors'), Buffer.concat(safetensorsFile(tensors, {})));
    weights.dispose();
    await trained({ data: shop.data, out: at('our_average'), run });
    writeFiles(at('averaged'), filesOf(specOf(recipe)).files);
    const start = ['--weights', at('averaged.safetensors'), '--workers', '0'];
    finish(alone, words('averaged', 'their_average', ...start));
    const [ours, theirs] = [logOf('our_average'), logOf('their_average')];
    expect(theirs).toHaveLength(ours.length);
    for (const [index, line] of theirs.entries()) {
      const { loss, validation } = ours[index]!;
      expect(Math.abs(line.loss! - loss!)).toBeLessThan(1e-4);
      if (validation === undefined) continue;
      expect(Math.abs(line.validation!.loss - validation.loss)).toBeLessThan(1e-3);
    }
    const call = words('averaged', 'cut_average', ...start);
    await interrupt(alone, call, 'cut_average', 7, 'SIGKILL');
    finish(alone, [...call, '--resume']);
    expect(ends('cut_average')).toEqual(ends('their_average'));
    finish(together, words('averaged', 'shared_average', ...start));
    const shared = logOf('shared_average').at(-1)!.validation!;
    expect(Math.abs(shared.loss - theirs.at(-1)!.validation!.loss)).toBeLessThan(5e-2);
  }, 300_000);

  test('a process that ends with its input is gone at once', async () => {
    const call = words('augmented', 'left', '--epochs', '500', '--end-with-stdin');
    const child = spawn(copied, [...alone, ...call], {
      ...{ env: environment, cwd: shop.folder, stdio: ['pipe', 'ignore', 'ignore'] },
    });
    const ended = once(child, 'exit');
    const log = at('left/log.jsonl');
    while (!existsSync(log) || readFileSync(log, 'utf8') === '') await sleep(20);
    child.stdin!.end();
    expect(await ended).toEqual([1, null]);
    expect(logOf('left').at(-1)!.kind).not.toBe('stopped');
  }, 300_000);

  test('what fails after workers have begun ends the run, and is told', () => {
    writeFiles(at('unfit'), new Map([['best', 'a file']]));
    const { status, stderr } = run(alone, words('plain', 'unfit', '--workers', '1'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('best')]);
    // An exception that nobody foresaw.
    const broken = new Map(filesOf(specOf(plain)).files);
    const text = broken.get('train.py')!;
    broken.set('train.py', text.replace('validated = self.validate()', 'validated = 1 / 0'));
    writeFiles(at('faulty'), broken);
    const found = run(alone, words('faulty', 'ended_early', '--workers', '1'));
    expect([found.status, found.stderr]).toEqual([1, expect.stringContaining('ZeroDivisionError')]);
  }, 120_000);

  test('parts of a batch, one after the other, are learnt from as the whole', () => {
    finish(alone, words('plain', 'parts', '--accumulate', '2', '--epochs', '1'));
    const steps = logOf('parts').filter(({ kind }) => kind === 'step');
    expect(steps).toHaveLength(5);
    expect(steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  }, 300_000);

  test('what cannot be done is told in a sentence', () => {
    cpSync(at('theirs'), at('taken'), { recursive: true });
    const told = (...call: string[]): readonly [number | null, string] => {
      const { status, stderr } = run(alone, words('plain', 'taken', ...call));
      return [status, stderr.trim()];
    };
    expect(told()).toEqual([1, `${at('taken')} holds a run: --resume goes on with it`]);
    const [code, text] = told('--resume', '--batch', '3');
    expect([code, text.includes("'batch': 2")]).toEqual([1, true]);
    expect(told('--batch', '0')[0]).toBe(2);
    rmSync(at('taken'), { recursive: true });
    expect(told('--data', at('nowhere'))[1]).toContain('nowhere');
    expect(told('--data', at('nowhere'))[1]).not.toContain('Traceback');
    writeFileSync(at('broken.safetensors'), 'x');
    const [, weights] = told('--weights', at('broken.safetensors'));
    expect(weights).toContain('broken.safetensors: ');
    expect(weights).not.toContain('Traceback');
  }, 300_000);
});

/** Prints a digest of all tensors and numbers of a state. */
const digest = `
import hashlib, sys, torch
def walk(value):
    if isinstance(value, torch.Tensor):
        return [value.contiguous().numpy().tobytes()]
    if isinstance(value, dict):
        return [part for key in value for part in [str(key).encode(), *walk(value[key])]]
    if isinstance(value, (list, tuple)):
        return [part for each in value for part in walk(each)]
    return [repr(value).encode()]
state = torch.load(sys.argv[1], weights_only=True)
print(hashlib.sha256(b"".join(walk(state))).hexdigest())
`;
