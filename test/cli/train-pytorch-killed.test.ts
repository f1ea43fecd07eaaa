import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateDemo } from '../../src/runtime/demo/generate-demo.js';
import { readCheckpoint } from '../../src/runtime/runs/read-checkpoint.js';
import { findTrainingPython } from '../python/find-python.js';
import { preloaded } from '../python/preloaded.js';
import { openProgram, type BuiltProgram } from './built-program.js';

const python = findTrainingPython();
const live = python === undefined ? describe.skip : describe;

const spec = `model Cells {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4], stage: conv(width, 3) -> batch_norm -> relu, down: max_pool(2) }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: conv_transpose(width, 2, stride: 2), stage: conv(width, 3) -> relu }
  head mask: conv(1, 1)
}

train Cells {
  loss: bce + dice
  metrics: [dice]
  optimizer: adam(lr: 0.01)
  augment: [flip, brightness(0.1)]
  sizes: crop(16)
  epochs: 30
  batch: 2
}
`;

live('a training in Python whose unetc ends early', () => {
  const copied = preloaded(python)!;
  let folder: string;
  let program: BuiltProgram;
  const at = (name: string): string => join(folder, name);
  /** Writes down when each call of Python ends, whoever is left to see it. */
  const wrapper = (): string => at('python');
  const ends = (): number => readFileSync(at('ends'), 'utf8').length;

  const words = (out: string, processes: number, program = copied): readonly string[] => [
    ...['train', at('cells.unet'), '--data', at('cells'), '--out', at(out)],
    ...['--engine', 'pytorch', '--threads', '1', '--python', program],
    ...['--processes', String(processes)],
  ];
  const finish = (call: readonly string[]): void => {
    const { code, stderr } = program.run(call);
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  };
  const logOf = (out: string): readonly string[] => {
    const log = at(`${out}/log.jsonl`);
    return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
  };
  /** Starts a training and sends unetc a signal once its log has some lines. */
  const interrupt = async (
    call: readonly string[],
    out: string,
    signal: 'SIGTERM' | 'SIGKILL',
  ): Promise<unknown> => {
    const child = program.start(call);
    const ended = once(child, 'exit');
    while (child.exitCode === null && logOf(out).length < 10) await sleep(10);
    child.kill(signal);
    return (await ended).find((how) => how !== null);
  };
  const lastOf = async (out: string) => {
    const { progress, best, weights } = (await readCheckpoint(at(out), 'last')).value!;
    return { progress, best, weights };
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'unetc-killed-'));
    // Processes that torchrun starts are copies too.
    process.env['PYTHON_EXEC'] = copied;
    program = openProgram('killed');
    writeFileSync(at('cells.unet'), spec);
    writeFileSync(at('ends'), '');
    writeFileSync(
      wrapper(),
      `#!/bin/sh\n"${copied}" "$@"\ncode=$?\nprintf . >> "${at('ends')}"\nexit $code\n`,
      {
        mode: 0o755,
      },
    );
    await generateDemo(at('cells'), { seed: 1, train: 5, val: 1, size: 32 });
    finish(words('unbroken1', 1, python));
    finish(words('unbroken2', 2, python));
  }, 300_000);
  afterAll(() => {
    program.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([1, 2])(
    'killed, %d processes of Python end; resumed, it has the bits of an unbroken one',
    async (processes) => {
      const before = ends();
      const out = `killed${processes}`;
      expect(await interrupt(words(out, processes, wrapper()), out, 'SIGKILL')).toBe('SIGKILL');
      // Python is asked what it has before it trains.
      for (let tries = 0; ends() < before + 2 && tries < 100; tries++) await sleep(100);
      expect(ends()).toBe(before + 2);
      const lines = logOf(out).length;
      expect(lines).toBeLessThan(logOf(`unbroken${processes}`).length);
      await sleep(500);
      expect(logOf(out)).toHaveLength(lines);
      finish([...words(out, processes), '--resume']);
      expect(await lastOf(out)).toEqual(await lastOf(`unbroken${processes}`));
    },
    300_000,
  );

  test('stopped by SIGTERM, two processes save; resumed, they have the bits of an unbroken run', async () => {
    expect(await interrupt(words('stopped', 2), 'stopped', 'SIGTERM')).toBe(143);
    expect(JSON.parse(logOf('stopped').at(-1)!)).toMatchObject({ kind: 'stopped' });
    finish([...words('stopped', 2), '--resume']);
    expect(await lastOf('stopped')).toEqual(await lastOf('unbroken2'));
  }, 300_000);
});
