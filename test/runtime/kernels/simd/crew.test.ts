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

/** Copies 4 values from one place to another, counted in values. */
const copy = (from: number, to: number): readonly number[] => [from * 4, 16, to * 4, 16, 16, 1];

test('three threads do three parts, two where there are two, over and over', () => {
  expect(crew.size).toBe(3);
  for (let round = 0; round < 200; round++) {
    values.fill(0).set([round, 1, 2, 3]);
    const places = round % 2 === 0 ? [100, 200, 300] : [100, 200];
    crew.run(
      'copyRuns',
      copyRuns,
      places.map((to) => copy(0, to)),
    );
    for (const to of [100, 200, 300]) {
      const expected = places.includes(to) ? [round, 1, 2, 3] : [0, 0, 0, 0];
      expect([...values.subarray(to, to + 4)]).toEqual(expected);
    }
  }
});

test('a trap in another thread is told, and the thread goes on', () => {
  const beyond = copy(2 ** 28, 0);
  expect(() => crew.run('copyRuns', copyRuns, [copy(0, 100), beyond])).toThrow(
    "the kernel 'copyRuns' failed in another thread",
  );
  values.set([7, 8, 9, 10]);
  crew.run('copyRuns', copyRuns, [copy(0, 100), copy(0, 200)]);
  expect([...values.subarray(200, 204)]).toEqual([7, 8, 9, 10]);
});
