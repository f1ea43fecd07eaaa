import { beforeAll, expect, test } from '@jest/globals';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { CheckpointModel } from '../../../src/runtime/runs/checkpoint.js';
import { isSameWeight } from '../../../src/runtime/pretrained/own-model.js';
import { misfitOfWeights } from '../../../src/runtime/training/misfit-weights.js';
import { describeTopology } from '../../../src/runtime/training/topology.js';
import { forms } from '../../codegen/forms.js';
import { emitCase } from '../../codegen/cases.js';

beforeAll(async () => {
  await startEngine('cpu');
});

test('checkpoints of all layers are written in the order that readers expect', async () => {
  const chosen = forms.filter(({ name }) =>
    /^(every-layer|normalisations|grouped-convolutions|trained-slopes|gated-heads|channel-scales|channel-moves|attention$)/.test(
      name,
    ),
  );
  expect(chosen.length).toBeGreaterThan(4);
  for (const { of, set } of chosen) {
    for (const model of (await emitCase(of, { set })).models) {
      const { weightNames, weightSpecs, modelTopology } = await describeTopology(model);
      const written = {
        modelTopology,
        weightsManifest: [{ paths: [], weights: weightSpecs }],
        userDefinedMetadata: { unetc: { weightNames } },
      } as unknown as CheckpointModel;
      expect(misfitOfWeights(written, model.graph)).toBeUndefined();
      const pairs = weightSpecs.map(({ name }, at) => [name, weightNames[at]!] as const);
      expect(pairs.filter(([stored, own]) => !isSameWeight(stored, own))).toEqual([]);
    }
  }
});
