import { beforeAll, describe, expect, test } from '@jest/globals';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { differentiate, finiteDifferences, relativeError } from '../numeric.js';
import { gradientCases } from './gradient-cases.js';

/** Float32 rounding, divided by the step of the differences. */
const differencesTolerance = 6e-3;

beforeAll(async () => {
  await startEngine('wasm');
});

describe.each(gradientCases)('%s', (_group, cases) => {
  test.each(cases.map((each) => [each.title, each] as const))('%s', async (_title, each) => {
    const onCpu = await differentiate('cpu', each.run, each.args);
    const onWasm = await differentiate('wasm', each.run, each.args);
    expect(onWasm.outputShape).toEqual(onCpu.outputShape);
    expect(relativeError(onWasm.output, onCpu.output)).toBeLessThan(1e-5);
    const numeric = await finiteDifferences('wasm', each.run, each.args, each.step);
    numeric.forEach((expected, at) => {
      expect(relativeError(onWasm.gradients[at]!, onCpu.gradients[at]!)).toBeLessThan(1e-4);
      expect(relativeError(onWasm.gradients[at]!, expected)).toBeLessThan(differencesTolerance);
      expect(relativeError(onCpu.gradients[at]!, expected)).toBeLessThan(differencesTolerance);
    });
  });
});
