import { beforeAll, expect, test } from '@jest/globals';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { checkWeightOrder } from '../../../src/runtime/runs/weight-order.js';
import { describeTopology } from '../../../src/runtime/training/topology.js';
import { forms } from '../../codegen/forms.js';
import { emitCase } from '../../codegen/cases.js';

beforeAll(async () => {
  await startEngine('cpu');
});

test('checkpoints of all layers are written in the order that readers expect', async () => {
  const chosen = forms.filter(({ name }) =>
    /^(every-layer|normalisations|grouped-convolutions|trained-slopes|gated-heads)/.test(name),
  );
  expect(chosen.length).toBeGreaterThan(4);
  for (const { of, set } of chosen) {
    for (const model of (await emitCase(of, { set })).models) {
      const { weightNames } = await describeTopology(model);
      const weights = new Map(weightNames.map((name) => [name, new Float32Array()]));
      expect(checkWeightOrder('run', 'best', { weights }, model.graph)).toEqual([]);
    }
  }
});
