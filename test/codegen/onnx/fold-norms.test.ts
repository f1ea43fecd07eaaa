import { beforeAll, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { variedWeights } from '../../networks/forms.js';
import { readOnnx } from './read-onnx.js';
import { compareOnnx, onnxOf, runtime } from './run-onnx.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const withRuntime = runtime === undefined ? test.skip : test;

const text = `model Norms {
  input image: [H, W, 2]
  wires {
    plain = image -> conv(4, 3, bias: true) -> batch_norm -> relu
    each = plain -> depthwise_conv(3, multiplier: 2, bias: false) -> batch_norm
    grouped = each -> conv(6, 3, groups: 2, bias: false) -> batch_norm
    up = grouped -> conv_transpose(3, 3, stride: 2, bias: true) -> batch_norm(epsilon: 0.1)
    shared = up -> conv(3, 1)
    normed = shared -> batch_norm
    both = [shared, normed] -> add
    pooled = both -> max_pool(2) -> batch_norm
  }
  head mask: both -> conv(2, 1) -> batch_norm
  head small: pooled -> identity
}
`;
const { models, diagnostics } = compileText('norms.unet', text);
const model = models[0]!;

test('norms behind convolutions that nothing else reads are folded, and no others', async () => {
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const weights = variedWeights(model.graph);
  const normsIn = async (folds: boolean): Promise<readonly string[]> =>
    readOnnx(await onnxOf(model, weights, folds))
      .nodes.filter(({ type }) => type === 'BatchNormalization')
      .map(({ name }) => name);
  expect(await normsIn(false)).toHaveLength(7);
  expect(await normsIn(true)).toEqual(['normed', 'small']);
  weights.dispose();
});

withRuntime('and give the same numbers', async () => {
  const sizes = [
    [8, 8],
    [11, 14],
  ] as const;
  expect(await compareOnnx(model, sizes, { foldsNorms: true })).toEqual([]);
});
