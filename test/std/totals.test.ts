import { expect, test } from '@jest/globals';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { encoderNetwork } from './encoder-network.js';

/** Weights of an encoder up to one tap: all, and those that are trained. */
function countEncoder(call: string, tap: string): readonly [number, number] {
  const weights = graphWeights(encoderNetwork(call, [tap]).graph);
  const count = (list: typeof weights): number =>
    list.reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
  return [count(weights), count(weights.filter(({ trainable }) => trainable))];
}

/** Totals without the classifier that Keras' documentation and summaries print. */
test.each([
  ['mobilenet_v2 { form: keras }', 2_257_984],
  ['mobilenet_v2 { form: keras, alpha: 0.35 }', 410_208],
  ['mobilenet_v1 {}', 3_228_864],
  ['vgg16 {}', 14_714_688],
  // Keras' input normalisation has 7 more: means, variances and a counter.
  ['efficientnet { form: keras, s32_at: features }', 4_049_571 - 7],
])('%s has the total that Keras gives', (call, total) => {
  expect(countEncoder(call, call.startsWith('vgg') ? 's16' : 's32')[0]).toBe(total);
});

/** torchvision's published totals, less a classifier of 1000 classes. */
test.each([
  ['mobilenet_v2 {}', 3_504_872, 1280],
  ['resnet { depth: 18 }', 11_689_512, 512],
  ['resnet { depth: 34 }', 21_797_672, 512],
  ['resnet { depth: 50 }', 25_557_032, 2048],
  ['resnet { depth: 101 }', 44_549_160, 2048],
  ['resnet { depth: 152 }', 60_192_808, 2048],
  ['efficientnet { s32_at: features }', 5_288_548, 1280],
  ['efficientnet { s32_at: features, depth: 1.1 }', 7_794_184, 1280],
  ['efficientnet { s32_at: features, width: 1.1, depth: 1.2 }', 9_109_994, 1408],
  ['efficientnet { s32_at: features, width: 1.2, depth: 1.4 }', 12_233_232, 1536],
  ['efficientnet { s32_at: features, width: 1.4, depth: 1.8 }', 19_341_616, 1792],
  ['efficientnet { s32_at: features, width: 1.6, depth: 2.2 }', 30_389_784, 2048],
  ['efficientnet { s32_at: features, width: 1.8, depth: 2.6 }', 43_040_704, 2304],
  ['efficientnet { s32_at: features, width: 2, depth: 3.1 }', 66_347_960, 2560],
])('%s has the total that torchvision gives', (call, total, features) => {
  expect(countEncoder(call, 's32')[1]).toBe(total - (features + 1) * 1000);
});
