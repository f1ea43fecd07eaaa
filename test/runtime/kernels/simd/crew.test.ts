import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nodeWorker } from '../../../../src/runtime/engines/wasm-crew.js';
import { Crew } from '../../../../src/runtime/kernels/simd/crew.js';
import { sharedKernels } from '../../../../src/runtime/kernels/simd/module.generated.js';
import { webAssembly, type WasmMemory } from '../../../../src/runtime/kernels/simd/web-assembly.js';

interface Host {
  readonly Memory: new (sizes: object) => WasmMemory;
}

const { Memory } = webAssembly as unknown as Host;
const memory = new Memory({ initial: 2, maximum: 65536, shared: true });
const values = new Float32Array(memory.buffer, 0, 1024);
let copyRuns: (...values: readonly number[]) => void;
let crew: Crew;

beforeAll(async () => {
  const module = await webAssembly.compile(Buffer.from(sharedKernels, 'base64'));
  const { exports } = new webAssembly.Instance(module, { env: { memory } });
  ({ copyRuns } = exports as { copyRuns: typeof copyRuns });
  crew = await Crew.start([nodeWorker(), nodeWorker()], module, memory, ['copyRuns']);
});

afterAll(() => crew.end());

/** What copies runs of 4 values from one place to others, counted in values, before the runs. */
const copy = (from: number, to: number): number[] => [from * 4, 0, to * 4, 16, 16];
const alike = <Value>(value: Value): Value[] => [value, value, value];

test('three threads do all units of a task once, over and over', () => {
  expect(crew.size).toBe(3);
  for (let round = 0; round < 500; round++) {
    values.fill(0).set([round, 1, 2, 3]);
    const units = 1 + (round % 60);
    const chunks = Math.min(units, 1 + (round % 7));
    crew.run('copyRuns', copyRuns, alike(copy(0, 100)), { units, chunks });
    for (let unit = 0; unit < 60; unit++) {
      const expected = unit < units ? [round, 1, 2, 3] : [0, 0, 0, 0];
      expect([...values.subarray(100 + unit * 4, 104 + unit * 4)]).toEqual(expected);
    }
  }
});

test('each thread has values of its own', () => {
  const places = [100, 400, 700];
  const task = { units: 60, chunks: 60 };
  for (let round = 0; round < 50; round++) {
    values.fill(0).set([7, 8, 9, 10]);
    crew.run(
      'copyRuns',
      copyRuns,
      places.map((to) => copy(0, to)),
      task,
    );
    for (let unit = 0; unit < task.units; unit++) {
      const written = places.filter((to) => values[to + unit * 4] === 7);
      expect(written).toHaveLength(1);
    }
  }
});

test.each([
  ['all threads', alike(copy(2 ** 28, 100))],
  ['the caller alone', [copy(2 ** 28, 100), copy(0, 100), copy(0, 100)]],
  ['the others alone', [copy(0, 100), copy(2 ** 28, 100), copy(2 ** 28, 100)]],
])('a trap in %s is told where it happens, and the threads go on', (_name, sets) => {
  // Chance decides who takes which chunk; one that takes none meets no trap.
  const outcomes = Array.from({ length: 50 }, () => {
    try {
      crew.run('copyRuns', copyRuns, sets, { units: 60, chunks: 60 });
      return 'done';
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(outcomes).toContain('RuntimeError');
  expect(outcomes.filter((each) => each !== 'RuntimeError' && each !== 'done')).toEqual([]);
  values.fill(0).set([7, 8, 9, 10]);
  crew.run('copyRuns', copyRuns, alike(copy(0, 200)), { units: 20, chunks: 7 });
  for (let unit = 0; unit < 20; unit++) {
    expect([...values.subarray(200 + unit * 4, 204 + unit * 4)]).toEqual([7, 8, 9, 10]);
  }
});

test('a thread without values of its own is refused', () => {
  const run = (): void => crew.run('copyRuns', copyRuns, [copy(0, 100)], { units: 1, chunks: 1 });
  expect(run).toThrow('each thread needs its values');
});
