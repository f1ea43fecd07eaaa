import { beforeEach, describe, expect, test } from '@jest/globals';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { differentiate, relativeError } from '../numeric.js';
import { describeOnWebgpu } from '../webgpu.js';
import { gradientCases } from './gradient-cases.js';

/** The cpu engine's gradients are held to finite differences beside this file. */
describeOnWebgpu('values and gradients on webgpu are those of cpu', () => {
  // One case that ends the engine must not fail the others.
  beforeEach(async () => {
    await startEngine('webgpu');
  });

  describe.each(gradientCases)('%s', (_group, cases) => {
    test.each(cases.map((each) => [each.title, each] as const))('%s', async (_title, each) => {
      const onCpu = await differentiate('cpu', each.run, each.args);
      const onCard = await differentiate('webgpu', each.run, each.args);
      expect(onCard.outputShape).toEqual(onCpu.outputShape);
      expect(relativeError(onCard.output, onCpu.output)).toBeLessThan(1e-5);
      onCpu.gradients.forEach((expected, at) => {
        expect(relativeError(onCard.gradients[at]!, expected)).toBeLessThan(1e-4);
      });
    });
  });
});
