import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { chooseEngine } from '../../../src/cli/engines/choose-engine.js';
import { rankEngines, reasonFor } from '../../../src/cli/engines/rank-engines.js';
import { hasPassed, keepPassed } from '../../../src/cli/engines/verdict-cache.js';
import { trainingEngine } from '../../../src/cli/engines/training-engine.js';
import { workOfRun } from '../../../src/cli/engines/work-of-run.js';
import { conditionOfEngine } from '../../../src/runtime/engines/engine-condition.js';
import { listEngines } from '../../../src/runtime/engines/list-engines.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { Checkpoint } from '../../../src/runtime/runs/checkpoint.js';
import { compileRun } from '../../../src/runtime/training/run-spec.js';
import { callCli, createContext } from '../run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'unetc-choose-'));
afterAll(() => rmSync(folder, { recursive: true }));

const small = { kind: 'training', multiplyAdds: 1e8 } as const;
const large = { kind: 'training', multiplyAdds: 1e10 } as const;

describe('the order of engines', () => {
  test('small steps are for WebAssembly, large ones for native libraries', () => {
    expect(rankEngines(small)[0]).toBe('wasm');
    expect(rankEngines(large)[0]).toBe('tfjs-node-gpu');
    expect(rankEngines({ kind: 'prediction', multiplyAdds: 1e6 })[0]).toBe('onnx');
    expect(rankEngines(large)).not.toContain('onnx');
  });

  test('the reason says how much work there is', () => {
    expect(reasonFor('wasm', { kind: 'training', multiplyAdds: 123e6 })).toBe(
      'the fastest for a step of about 120 million multiply-adds',
    );
    expect(reasonFor('tfjs-node', { kind: 'prediction', multiplyAdds: 3.07e9 })).toBe(
      'the fastest here for an image of about 3.1 billion multiply-adds',
    );
  });
});

test('the work of a step is that of its batch at the size that the recipe cuts', () => {
  const spec = (sizes: string): string => `
model M {
  input image: [H, W, 1]
  wires { a = image -> conv(2, 3) }
  head mask: a -> conv(1, 1)
}
train M {
  sizes: ${sizes}
  batch: 4
}`;
  const workOf = (sizes: string, kind: 'training' | 'prediction'): number =>
    workOfRun(compileRun('m.unet', spec(sizes)).run!, kind).multiplyAdds;
  expect(workOf('crop(32)', 'training')).toBe(20 * 32 * 32 * 4);
  expect(workOf('crop(32)', 'prediction')).toBe(20 * 32 * 32);
  expect(workOf('pad', 'prediction')).toBe(20 * 256 * 256);
});

describe('a self-test that was passed', () => {
  const program = join(folder, 'program.js');
  const library = join(folder, 'library.so');
  const place = { cache: join(folder, 'cache'), program };

  test('is not made again until the program or a library changes', () => {
    writeFileSync(program, '');
    writeFileSync(library, 'one');
    expect(hasPassed('wasm', place)).toBe(false);
    const modified = 1e12;
    utimesSync(library, modified / 1000, modified / 1000);
    keepPassed('wasm', [{ path: library, size: 3, modified }], place);
    expect(hasPassed('wasm', place)).toBe(true);
    expect(hasPassed('tfjs-node', place)).toBe(false);
    writeFileSync(library, 'other');
    expect(hasPassed('wasm', place)).toBe(false);
    keepPassed('cpu', [], place);
    expect(hasPassed('cpu', place)).toBe(true);
    utimesSync(program, 1e9, 1e9);
    expect(hasPassed('cpu', place)).toBe(false);
  });

  test('is kept for the newest builds alone, of each engine', () => {
    const cache = join(folder, 'bounded');
    const place = { cache, program };
    keepPassed('tfjs-node-gpu', [], place);
    for (let build = 1; build <= 12; build++) {
      utimesSync(program, build, build);
      keepPassed('tfjs-node', [], place);
      const [newest] = readdirSync(cache)
        .map((name) => join(cache, name))
        .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
      utimesSync(newest!, 1000 + build, 1000 + build);
    }
    const known = Array.from({ length: 12 }, (_, at) => {
      utimesSync(program, at + 1, at + 1);
      return hasPassed('tfjs-node', place);
    });
    expect(known).toEqual([...Array(4).fill(false), ...Array(8).fill(true)]);
    expect(readdirSync(cache).filter((name) => name.includes('gpu'))).toHaveLength(1);
  });

  test('is kept nowhere without a cache', () => {
    const nowhere = { cache: undefined, program };
    keepPassed('wasm', [], nowhere);
    expect(hasPassed('wasm', nowhere)).toBe(false);
  });
});

test('an engine that fails its self-test is told, and the next one taken', async () => {
  await startEngine('wasm');
  const own = tf.getKernel('Conv2D', 'wasm');
  const { context, told } = createContext();
  tf.unregisterKernel('Conv2D', 'wasm');
  tf.registerKernel({
    ...own,
    kernelFunc: () => {
      throw new Error('no such instruction');
    },
  });
  try {
    const { name } = await chooseEngine(small, context);
    expect(name).toBe('cpu');
  } finally {
    tf.unregisterKernel('Conv2D', 'wasm');
    tf.registerKernel(own);
  }
  expect(told().stderr).toContain(
    'warning UNET6144: The engine "wasm" is here and fails its self-test: no such instruction',
  );
});

describe('what trains', () => {
  const run = compileRun(
    'm.unet',
    `
model M {
  input image: [H, W, 1]
  wires { a = image -> conv(2, 3) }
  head mask: a -> conv(1, 1)
}`,
  ).run!;
  const last = (engine: string): Checkpoint => ({ conditions: { engine } }) as Checkpoint;

  test('is the engine that is named, without a word', async () => {
    const { context } = createContext();
    const chosen = await trainingEngine('cpu', run, last('wasm'), context);
    expect(chosen).toEqual({ name: 'cpu', reason: undefined });
  });

  test('is the engine of a run that goes on', async () => {
    const { context } = createContext();
    for (const engine of ['cpu', 'tfjs-node', 'pytorch']) {
      const chosen = await trainingEngine(undefined, run, last(engine), context);
      expect(chosen).toEqual({ name: engine, reason: 'that of the run' });
    }
  });

  test('has as many threads as before where their number decides bits', async () => {
    const { context } = createContext();
    for (const [threads, words] of [
      [2, 'tfjs-node with 2 threads'],
      [undefined, 'tfjs-node'],
    ] as const) {
      expect(conditionOfEngine({ name: 'tfjs-node', threads })).toBe(words);
      const chosen = await trainingEngine(undefined, run, last(words), context);
      expect(chosen).toEqual({ name: 'tfjs-node', reason: 'that of the run', threads });
    }
    expect(conditionOfEngine({ name: 'wasm', threads: 2 })).toBe('wasm');
  });

  test('is chosen anew for a run that has no step yet, and one of another program', async () => {
    const { context } = createContext();
    for (const before of ['again', last('abacus')] as const) {
      const { name, reason } = await trainingEngine('auto', run, before, context);
      expect([name, reason]).toEqual(['wasm', expect.stringContaining('the fastest')]);
    }
  });
});

test('--bench takes the times of each engine that works, as a table', async () => {
  const { stdout } = await callCli(['engines', 'wasm', '--bench']);
  expect(stdout).toMatch(/^ms +step, small +prediction, small +step, large +prediction, large$/m);
  expect(stdout).toMatch(/^wasm( +\d+\.\d  x 1\.00){4}$/m);
  const all = await callCli(['engines', '--bench']);
  expect(all.stdout).toMatch(/^cpu +found$/m);
});

describe('unetc engines', () => {
  test('tells of each what is here, or what is missing and what brings it', async () => {
    const { stdout, code } = await callCli(['engines']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wasm +found +WebAssembly with our training kernels: /m);
    for (const { name, isComplete, install } of await listEngines()) {
      const state = isComplete ? 'found' : '(missing|incomplete)';
      expect(stdout).toMatch(new RegExp(`^${name} +${state} `, 'm'));
      if (!isComplete) expect(stdout).toContain(`to install: ${install!}`);
    }
  });

  test('one of them is tested in the process itself', async () => {
    const { stdout } = await callCli(['engines', 'wasm', '--json']);
    const [report] = JSON.parse(stdout) as { trial: { runs: string; fault?: string } }[];
    expect(report!.trial.runs).toBe('WebAssembly, 1 thread');
    expect(report!.trial.fault).toBeUndefined();
  });

  test('a name that is none is reported', async () => {
    const { stderr, code } = await callCli(['engines', 'tfjs-nod']);
    expect(code).toBe(2);
    expect(stderr).toContain('UNET6140: There is no engine "tfjs-nod".');
    expect(stderr).toContain('"tfjs-node"');
  });
});
