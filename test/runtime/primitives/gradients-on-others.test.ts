import { beforeEach, describe, expect, test } from '@jest/globals';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { differentiate, relativeError } from '../numeric.js';
import { describeOn } from '../webgpu.js';
import { gradientCases } from './gradient-cases.js';

const engineOf = { webgpu: 'webgpu', tensorflow: 'tfjs-node' } as const;

/** The cpu engine's gradients are held to finite differences beside this file. */
describeOn(['webgpu', 'tensorflow'], 'values and gradients are those of cpu', (backend) => {
  // One case that ends the engine must not fail the others.
  beforeEach(async () => {
    await startEngine(engineOf[backend]);
  });

  describe.each(gradientCases)('%s', (_group, cases) => {
    test.each(cases.map((each) => [each.title, each] as const))('%s', async (_title, each) => {
      const onCpu = await differentiate('cpu', each.run, each.args);
      const found = await differentiate(backend, each.run, each.args);
      expect(found.outputShape).toEqual(onCpu.outputShape);
      expect(relativeError(found.output, onCpu.output)).toBeLessThan(1e-5);
      onCpu.gradients.forEach((expected, at) => {
        expect(relativeError(found.gradients[at]!, expected)).toBeLessThan(1e-4);
      });
    });
  });
});
