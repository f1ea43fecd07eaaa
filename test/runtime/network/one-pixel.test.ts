import { beforeAll, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildLayersModel } from '../../../src/runtime/network/layers-model.js';
import { compileText } from '../../../src/compile.js';

beforeAll(async () => void (await startEngine('cpu')));

/** An image that is merged with one value of itself: legal at one pixel alone. */
test.each([
  ['[image, a] -> concat', 4],
  ['[a, image] -> concat', 4],
  ['[image, a] -> add', 2],
  ['[image, a, a] -> average', 2],
  ['[image, a -> conv(3, 1)] -> concat -> conv(2, 1)', 2],
])('%s is told, and the model that is built computes it', (merge, channels) => {
  for (const pool of ['global_max_pool', 'global_avg_pool']) {
    const text = `model Test {
      input image: [H, W, 2]
      wires {
        a = image -> ${pool}
        b = ${merge}
      }
      head mask: b -> identity
    }`;
    const { models, diagnostics } = compileText('test.unet', text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNET4014']);
    expect(diagnostics[0]!.message).toContain('H is 1 and W is 1');
    tf.tidy(() => {
      const result = buildLayersModel(models[0]!.graph).predict(tf.ones([1, 1, 1, 2]));
      expect((result as tf.Tensor).shape).toEqual([1, 1, 1, channels]);
      const values = Array.from((result as tf.Tensor).dataSync());
      if (!merge.includes('conv'))
        expect(values).toEqual(values.map(() => (merge.includes('add') ? 2 : 1)));
    });
  }
});
