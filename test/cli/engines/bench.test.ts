import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { renderTimes } from '../../../src/cli/engines/render-times.js';
import { timeInPython } from '../../../src/runtime/python/time-steps.js';
import { findTrainingPython } from '../../python/find-python.js';
import { openProgram, type BuiltProgram } from '../built-program.js';

const python = findTrainingPython();
const live = python === undefined ? test.skip : test;
const size = { side: 16, base: 2 };

live('PyTorch takes the times of a step and of a prediction, and leaves nothing', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'unetc-bench-'));
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  const times = await timeInPython(python!, size);
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  if ('fault' in times) throw new Error(times.fault);
  expect(times.step).toBeGreaterThan(0);
  expect(times.prediction).toBeGreaterThan(0);
  // PyTorch keeps something of its own there.
  expect(readdirSync(temporary).filter((name) => name.startsWith('unetc'))).toEqual([]);
  rmSync(temporary, { recursive: true });
});

test('a Python that fails is told', async () => {
  expect(await timeInPython('false', size)).toEqual({ fault: 'Python ends with code 1' });
  expect(await timeInPython('no-such-python', size)).toEqual({
    fault: expect.stringContaining('no-such-python') as never,
  });
});

test('times are shown beside those of the first engine, and why there are none', () => {
  const common = { description: '', notes: '', does: [], parts: [], isComplete: true } as never;
  const times = (step: number) => ({ small: { step, prediction: step / 4 } });
  const trial = { runs: undefined, fault: 'it broke', milliseconds: undefined, libraries: [] };
  const text = renderTimes([
    { ...(common as object), name: 'wasm', times: times(40) } as never,
    { ...(common as object), name: 'pytorch', times: times(20) } as never,
    { ...(common as object), name: 'webgpu', trial } as never,
  ]);
  expect(text.split('\n').map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
    'ms step, small prediction, small step, large prediction, large',
    'wasm 40.0 x 1.00 10.0 x 1.00 - -',
    'pytorch 20.0 x 2.00 5.0 x 2.00 - -',
    'webgpu it broke',
    expect.stringMatching(/^U-Nets of four levels, batch 4/),
    expect.stringMatching(/^Threads/),
    '',
  ]);
});

const onLinux = existsSync('/proc/self/task') ? describe : describe.skip;

onLinux('a process that takes times', () => {
  let program: BuiltProgram;
  beforeAll(() => {
    program = openProgram('bench');
  });
  afterAll(() => program.remove());

  /** The processes that one has started. */
  const childrenOf = (pid: number): readonly number[] => {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  };
  const isRunning = (pid: number): boolean => {
    try {
      return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends with the one that started it: %s',
    async (signal) => {
      const parent = program.start(['engines', 'wasm', 'cpu', '--bench']);
      const ended = once(parent, 'exit');
      let children: readonly number[] = [];
      while (children.length === 0) {
        await sleep(20);
        children = childrenOf(parent.pid!);
      }
      parent.kill(signal);
      await ended;
      // Left alone it takes times for 6 seconds at least.
      for (let tries = 0; children.some(isRunning) && tries < 200; tries++) await sleep(20);
      expect(children.filter(isRunning)).toEqual([]);
    },
  );
});
