import * as tf from '../../../src/runtime/tensorflow.js';
import { normalValues, type Argument, type TensorFunction } from '../numeric.js';

type T1 = tf.Tensor1D;
type T2 = tf.Tensor2D;
type T4 = tf.Tensor4D;

/** An operation of TensorFlow.js as programs call it that train U-shaped networks. */
export interface StockOperation {
  readonly run: TensorFunction;
  readonly args: readonly Argument[];
  /**
   * What takes its place where an engine has it wrong: how the titles of the cases begin that
   * hold what unetc does (`engine-traps.ts`, `gradient-cases.ts`), or a text that occurs nowhere in the runtime.
   */
  readonly instead?: { readonly cases: string } | { readonly nowhere: string };
}

const normal = (shape: readonly number[], seed: number, deviation = 1): Argument => ({
  shape,
  values: normalValues(shape, seed, deviation),
});
/** Values without ties, away from 0 and from each other, as kinks need. */
const spread = (shape: readonly number[], reach = 3): Argument => {
  const size = shape.reduce((product, each) => product * each, 1);
  // 11 has no factor in common with sizes here: every place is met once.
  const place = (at: number): number => (((at * 11) % size) + 0.5) / size;
  return {
    shape,
    values: Float32Array.from({ length: size }, (_, at) => reach * (2 * place(at) - 1)),
  };
};
const image = normal([1, 5, 6, 2], 1);
const odd = spread([1, 7, 5, 2]);
const line = spread([20]);

const convolution = (
  size: readonly number[],
  call: (x: T4, kernel: T4) => tf.Tensor,
  shape: readonly number[] = [1, 7, 6, 2],
): Pick<StockOperation, 'run' | 'args'> => ({
  run: (x, kernel) => call(x as T4, kernel as T4),
  args: [normal(shape, 2), normal(size, 3)],
});
const transposed = (size: number, pad: 'same' | 'valid'): StockOperation => ({
  ...convolution(
    [size, size, 3, 2],
    (x, kernel) => tf.conv2dTranspose(x, kernel, [1, 8, 10, 3], 2, pad),
    [1, 4, 5, 2],
  ),
  instead: { cases: 'convTranspose2d' },
});
const resizing = (
  method: 'resizeBilinear' | 'resizeNearestNeighbor',
  size: [number, number],
  alignCorners = false,
  halfPixelCenters = false,
): Pick<StockOperation, 'run' | 'args'> => ({
  run: (x) => tf.image[method](x as T4, size, alignCorners, halfPixelCenters),
  args: [normal([1, 4, 5, 2], 4)],
});
const unary = (
  run: (x: tf.Tensor) => tf.Tensor,
  argument: Argument = line,
): Pick<StockOperation, 'run' | 'args'> => ({ run: (x) => run(x!), args: [argument] });
const fused = (activation: 'relu' | 'relu6' | 'sigmoid'): StockOperation => ({
  run: (x, filter, bias) =>
    tf.fused.conv2d({
      ...{ x: x as T4, filter: filter as T4, bias: bias!, strides: 1, pad: 'same' },
      ...{ activation },
    }),
  args: [normal([1, 5, 5, 2], 5), normal([3, 3, 2, 3], 6), normal([3], 7)],
  instead: { cases: 'conv2d' },
});
const batchNorm =
  (hasScale: boolean): TensorFunction =>
  (x, offset, scale) => {
    const { mean, variance } = tf.moments(x!, [0, 1, 2]);
    return tf.batchNorm(x!, mean, variance, offset, hasScale ? scale : undefined, 1e-3);
  };
const edges: [number, number][] = [
  [0, 0],
  [2, 1],
  [1, 2],
  [0, 0],
];
const labels = (): tf.Tensor => tf.oneHot(tf.tensor1d([0, 1, 2, 3], 'int32'), 5);

/** Operations by what they are called in the table of the docs. */
export const stockOperations: Readonly<Record<string, StockOperation>> = {
  'conv2d 3 x 3 same': {
    ...convolution([3, 3, 2, 3], (x, kernel) => tf.conv2d(x, kernel, 1, 'same')),
    instead: { cases: 'conv2d 3x3 stride 1x1 same' },
  },
  'conv2d 3 x 3 same, stride 2, odd': {
    ...convolution([3, 3, 2, 3], (x, kernel) => tf.conv2d(x, kernel, 2, 'same')),
    instead: { cases: 'conv2d 3x3 stride 2x2 same' },
  },
  'conv2d 2 x 2 same, stride 3': {
    ...convolution([2, 2, 2, 3], (x, kernel) => tf.conv2d(x, kernel, 3, 'same'), [1, 8, 7, 2]),
    instead: { cases: "'same' where a stride exceeds its kernel" },
  },
  'conv2d dilated by 2': {
    ...convolution([3, 3, 2, 3], (x, kernel) => tf.conv2d(x, kernel, 1, 'same', 'NHWC', 2)),
    instead: { cases: 'gradients of a dilated convolution' },
  },
  'conv2d, edges in numbers': {
    ...convolution([3, 3, 2, 3], (x, kernel) =>
      tf.conv2d(x, kernel, 1, edges as tf.backend_util.ExplicitPadding),
    ),
    instead: { cases: 'padding stated in numbers' },
  },
  'conv2dTranspose 2 x 2 valid, stride 2': transposed(2, 'valid'),
  'conv2dTranspose 3 x 3 same, stride 2': transposed(3, 'same'),
  'conv2dTranspose 4 x 4 same, stride 2': transposed(4, 'same'),
  'depthwiseConv2d 3 x 3 same': {
    ...convolution([3, 3, 2, 1], (x, kernel) => tf.depthwiseConv2d(x, kernel, 1, 'same')),
    instead: { cases: 'depthwise' },
  },
  'depthwiseConv2d 3 x 3 same, stride 2': {
    ...convolution([3, 3, 2, 1], (x, kernel) => tf.depthwiseConv2d(x, kernel, 2, 'same')),
    instead: { cases: 'depthwise' },
  },
  'depthwiseConv2d dilated by 2': {
    ...convolution([3, 3, 2, 1], (x, kernel) =>
      tf.depthwiseConv2d(x, kernel, 1, 'same', 'NHWC', 2),
    ),
    instead: { cases: 'gradients of a dilated depthwise convolution' },
  },
  separableConv2d: {
    run: (x, depthwise, pointwise) =>
      tf.separableConv2d(x as T4, depthwise as T4, pointwise as T4, 1, 'same'),
    args: [image, normal([3, 3, 2, 1], 8), normal([1, 1, 2, 3], 9)],
    instead: { nowhere: 'tf.separableConv2d(' },
  },
  'fused.conv2d with relu': fused('relu'),
  'fused.conv2d with relu6': fused('relu6'),
  'fused.conv2d with sigmoid': fused('sigmoid'),
  'maxPool 2 valid': unary((x) => tf.maxPool(x as T4, 2, 2, 'valid'), spread([1, 6, 6, 2])),
  'maxPool 2 same, odd': {
    ...unary((x) => tf.maxPool(x as T4, 2, 2, 'same'), odd),
    instead: { cases: "max over windows of 'same' padding" },
  },
  'maxPool 3 same, stride 1': unary((x) => tf.maxPool(x as T4, 3, 1, 'same'), spread([1, 6, 6, 2])),
  'avgPool 2 valid': unary((x) => tf.avgPool(x as T4, 2, 2, 'valid'), image),
  'avgPool 2 same, odd': {
    ...unary((x) => tf.avgPool(x as T4, 2, 2, 'same'), odd),
    instead: { cases: "mean over windows of 'same' padding" },
  },
  'avgPool 3 same, stride 1': {
    ...unary((x) => tf.avgPool(x as T4, 3, 1, 'same'), image),
    instead: { cases: 'mean over windows' },
  },
  'mean over pixels': unary((x) => tf.mean(x, [1, 2], true), image),
  'max over an axis': unary((x) => tf.max(x, 1), spread([4, 5])),
  'resizeBilinear, twice': {
    ...resizing('resizeBilinear', [8, 10]),
    instead: { cases: 'bilinear gradients by asymmetric' },
  },
  'resizeBilinear, alignCorners': {
    ...resizing('resizeBilinear', [8, 10], true),
    instead: { cases: 'bilinear gradients by align_corners' },
  },
  'resizeBilinear, halfPixelCenters': {
    ...resizing('resizeBilinear', [8, 10], false, true),
    instead: { cases: 'bilinear gradients by half_pixel' },
  },
  'resizeBilinear, smaller': {
    ...resizing('resizeBilinear', [3, 4]),
    instead: { cases: 'bilinear gradients by asymmetric' },
  },
  'resizeNearestNeighbor, twice': resizing('resizeNearestNeighbor', [8, 10]),
  'resizeNearestNeighbor, by a fraction': {
    ...resizing('resizeNearestNeighbor', [6, 7]),
    instead: { cases: 'nearest resizing by a fraction, by asymmetric' },
  },
  'resizeNearestNeighbor, twice, halfPixelCenters': {
    ...resizing('resizeNearestNeighbor', [8, 10], false, true),
    instead: { cases: 'nearest' },
  },
  'resizeNearestNeighbor, by a fraction, halfPixelCenters': {
    ...resizing('resizeNearestNeighbor', [6, 7], false, true),
    instead: { cases: 'nearest resizing by a fraction, by half_pixel' },
  },
  cropAndResize: {
    ...unary(
      (x) =>
        tf.image.cropAndResize(
          x as T4,
          tf.tensor2d([[0, 0, 1, 1]]),
          tf.tensor1d([0], 'int32'),
          [3, 3],
        ),
      normal([1, 5, 5, 2], 10),
    ),
    instead: { nowhere: 'tf.image.cropAndResize(' },
  },
  'pad with zeros': unary((x) => tf.pad(x, edges), image),
  'mirrorPad, reflect': {
    ...unary((x) => tf.mirrorPad(x, edges, 'reflect'), image),
    instead: { cases: 'mirrored edges' },
  },
  'mirrorPad, symmetric': {
    ...unary((x) => tf.mirrorPad(x, edges, 'symmetric'), image),
    instead: { nowhere: "'symmetric')" },
  },
  'batchNorm with scale and offset': {
    run: batchNorm(true),
    args: [normal([2, 3, 3, 2], 11), normal([2], 12), normal([2], 13)],
  },
  'batchNorm without scale': {
    run: batchNorm(false),
    args: [normal([2, 3, 3, 2], 11), normal([2], 12)],
    instead: { cases: 'batchNormTraining' },
  },
  'group norm of moments': unary(
    (x) => {
      const y = tf.reshape(x, [2, 9, 2, 2]);
      const { mean, variance } = tf.moments(y, [1, 3], true);
      return tf.reshape(tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-3))), x.shape);
    },
    normal([2, 3, 3, 4], 14),
  ),
  relu: unary((x) => tf.relu(x)),
  relu6: unary((x) => tf.relu6(x), spread([20], 9.3)),
  leakyRelu: unary((x) => tf.leakyRelu(x, 0.1)),
  elu: unary((x) => tf.elu(x)),
  selu: unary((x) => tf.selu(x)),
  prelu: {
    run: (x, slopes) => tf.prelu(x!, slopes!),
    args: [spread([2, 3, 3, 2]), normal([2], 15)],
    instead: { cases: 'a slope for each channel' },
  },
  sigmoid: unary((x) => tf.sigmoid(x)),
  tanh: unary((x) => tf.tanh(x)),
  softplus: unary((x) => tf.softplus(x)),
  'swish of sigmoid': unary((x) => tf.mul(x, tf.sigmoid(x))),
  'hard swish of relu6': unary(
    (x) => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)),
    spread([20], 5.1),
  ),
  'gelu of erf': unary((x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))),
  'mish of softplus': unary((x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  softmax: { ...unary((x) => tf.softmax(x), normal([4, 5], 16)), instead: { cases: 'softmax' } },
  logSoftmax: unary((x) => tf.logSoftmax(x), normal([4, 5], 17)),
  softmaxCrossEntropy: unary((x) => tf.losses.softmaxCrossEntropy(labels(), x), normal([4, 5], 18)),
  sigmoidCrossEntropy: unary(
    (x) =>
      tf.losses.sigmoidCrossEntropy(
        tf.tensor2d([
          [0, 1],
          [1, 0],
        ]),
        x,
      ),
    normal([2, 2], 19),
  ),
  depthToSpace: {
    ...unary((x) => tf.depthToSpace(x as T4, 2, 'NHWC'), normal([1, 3, 3, 4], 20)),
    instead: { cases: 'gradients of a pixel shuffle' },
  },
  concat: {
    run: (x, y) => tf.concat([x!, y!], 3),
    args: [normal([1, 3, 3, 2], 21), normal([1, 3, 3, 3], 22)],
  },
  slice: unary((x) => tf.slice(x, [1, 1], [2, 3]), normal([4, 5], 23)),
  stridedSlice: {
    ...unary((x) => tf.stridedSlice(x, [0, 0, 0], [4, 5, 2], [2, 2, 1]), normal([4, 5, 2], 24)),
    instead: { nowhere: 'tf.stridedSlice(' },
  },
  reverse: unary((x) => tf.reverse(x, 1), normal([2, 5], 25)),
  tile: unary((x) => tf.tile(x, [2, 3]), normal([2, 3], 26)),
  gather: {
    ...unary((x) => tf.gather(x, tf.tensor1d([0, 2, 2], 'int32')), normal([4, 5], 27)),
    instead: { cases: 'nearest' },
  },
  where: {
    run: (x, y) => tf.where(tf.tensor1d([1, 0, 0, 1], 'bool'), x!, y!),
    args: [normal([4], 28), normal([4], 34)],
  },
  matMul: {
    run: (x, y) => tf.matMul(x!, y!, false, true),
    args: [normal([2, 3, 4], 29), normal([2, 5, 4], 30)],
  },
  einsum: {
    run: (x, y) => tf.einsum('ij,jk->ik', x as T2, y as T2),
    args: [normal([2, 3], 31), normal([3, 4], 32)],
    instead: { nowhere: 'tf.einsum(' },
  },
  cumsum: unary((x) => tf.cumsum(x as T1), normal([10], 33)),
  clipByValue: unary((x) => tf.clipByValue(x, -0.5, 0.5)),
  pow: unary((x) => tf.pow(tf.add(tf.abs(x), 0.1), 1.7)),
  sqrt: unary((x) => tf.sqrt(tf.add(tf.abs(x), 0.1))),
  'dropout with a seed': {
    ...unary((x) => tf.dropout(x, 0.5, undefined, 3)),
    instead: { cases: 'dropout' },
  },
};
