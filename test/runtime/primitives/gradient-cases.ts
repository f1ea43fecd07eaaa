import type * as tf from '../../../src/runtime/tensorflow.js';
import { nearestBy, plain } from '../graph-builder.js';
import { transposedPadding } from '../../../src/frontend/elaborate/padding.js';
import {
  noEdges,
  type Coordinates,
  type Pair,
  type Padding,
} from '../../../src/ir/operations/ops.js';
import { activate, prelu, softmax } from '../../../src/runtime/primitives/activations.js';
import { batchNormTraining } from '../../../src/runtime/primitives/batch-normalization.js';
import * as convolution from '../../../src/runtime/primitives/convolution.js';
import { dropout } from '../../../src/runtime/primitives/dropout.js';
import { crop, cropTo, pad, padTo } from '../../../src/runtime/primitives/edges.js';
import { groupNorm } from '../../../src/runtime/primitives/group-normalization.js';
import { add, average, concat, multiply } from '../../../src/runtime/primitives/merge.js';
import * as pooling from '../../../src/runtime/primitives/pooling.js';
import { resize, upsample } from '../../../src/runtime/primitives/resize.js';
import { attend } from '../../../src/runtime/values/attend.js';
import { averageBins } from '../../../src/runtime/values/average-bins.js';
import { largestOfBins } from '../../../src/runtime/values/largest-of-bins.js';
import { markLargest } from '../../../src/runtime/values/mark-largest.js';
import { padChannels } from '../../../src/runtime/values/pad-channels.js';
import { poolChannels } from '../../../src/runtime/values/pool-channels.js';
import { shuffleChannels } from '../../../src/runtime/values/shuffle-channels.js';
import { shufflePixels, unshufflePixels } from '../../../src/runtime/values/shuffle-pixels.js';
import { partOfChannels, sliceChannels } from '../../../src/runtime/values/slice-channels.js';
import { subtractAll } from '../../../src/runtime/values/subtract-all.js';
import { Random } from '../../../src/runtime/random.js';
import type { ActivationFunction } from '../../../src/ir/operations/ops.js';
import type { Argument, TensorFunction } from '../numeric.js';
import { distinctValues, normalValues } from '../numeric.js';

type T4 = tf.Tensor4D;

/** A primitive to differentiate. */
export interface GradientCase {
  readonly title: string;
  readonly run: TensorFunction;
  readonly args: readonly Argument[];
  /** Width of the finite differences; smaller where the function has kinks. */
  readonly step?: number;
}

const normal = (shape: readonly number[], seed: number): Argument => ({
  shape,
  values: normalValues(shape, seed),
});
const distinct = (shape: readonly number[], seed: number): Argument => ({
  shape,
  values: distinctValues(shape, seed),
});

const oddEdges = { top: 2, bottom: 0, left: 1, right: 3 };
const paddings: readonly Padding[] = ['same', noEdges, oddEdges];
const show = (padding: Padding): string =>
  typeof padding === 'string' ? padding : JSON.stringify(Object.values(padding));

function convolutionCases(): GradientCase[] {
  const cases: GradientCase[] = [];
  const kernels: readonly Pair[] = [
    [1, 1],
    [2, 2],
    [3, 3],
    [5, 3],
  ];
  const strides: readonly Pair[] = [
    [1, 1],
    [2, 2],
    [3, 1],
    [3, 3],
  ];
  for (const kernel of kernels) {
    for (const stride of strides) {
      for (const padding of paddings) {
        const label = `${kernel.join('x')} stride ${stride.join('x')} ${show(padding)}`;
        const options = { stride, padding, ...plain };
        cases.push({
          title: `conv2d ${label}`,
          run: (x, kernel) => convolution.conv2d(x as T4, kernel as T4, options),
          args: [normal([2, 7, 6, 3], 1), normal([...kernel, 3, 2], 2)],
        });
        cases.push({
          title: `depthwise ${label}`,
          run: (x, kernel) => convolution.depthwiseConv2d(x as T4, kernel as T4, options),
          args: [normal([1, 7, 6, 3], 3), normal([...kernel, 3, 2], 4)],
        });
        cases.push({
          title: `depthwise, multiplier 1, ${label}`,
          run: (x, kernel) => convolution.depthwiseConv2d(x as T4, kernel as T4, options),
          args: [normal([2, 6, 7, 5], 3), normal([...kernel, 5, 1], 4)],
        });
        // Edges that leave nothing of the output are refused by the compiler.
        const stated = padding === oddEdges ? { top: 1, bottom: 0, left: 0, right: 1 } : padding;
        const transposed = transposedPadding(stated === noEdges ? 'valid' : stated, kernel, stride);
        cases.push({
          title: `convTranspose2d ${label}`,
          run: (x, kernel) =>
            convolution.convTranspose2d(x as T4, kernel as T4, { stride, ...transposed }),
          args: [normal([2, 3, 4, 3], 5), normal([...kernel, 2, 3], 6)],
        });
        cases.push({
          title: `convTranspose2d with a bias, ${label}`,
          run: (x, kernel, bias) =>
            convolution.convTranspose2d(
              x as T4,
              kernel as T4,
              { stride, ...transposed },
              bias as tf.Tensor1D,
            ),
          args: [normal([2, 3, 4, 3], 5), normal([...kernel, 2, 3], 6), normal([2], 7)],
        });
      }
    }
  }
  const dilations: readonly Pair[] = [
    [2, 2],
    [1, 3],
  ];
  for (const dilation of dilations) {
    for (const stride of [[1, 1] as const, [2, 3] as const]) {
      for (const padding of paddings) {
        const options = { stride, padding, dilation, groups: 1 };
        const label = `dilation ${dilation.join('x')} stride ${stride.join('x')} ${show(padding)}`;
        cases.push({
          title: `conv2d ${label}`,
          run: (x, kernel) => convolution.conv2d(x as T4, kernel as T4, options),
          args: [normal([2, 7, 8, 3], 1), normal([3, 2, 3, 2], 2)],
        });
        for (const multiplier of [1, 2]) {
          cases.push({
            title: `depthwise, multiplier ${multiplier}, ${label}`,
            run: (x, kernel) => convolution.depthwiseConv2d(x as T4, kernel as T4, options),
            args: [normal([2, 7, 8, 3], 3), normal([2, 3, 3, multiplier], 4)],
          });
        }
      }
    }
  }
  for (const [groups, read] of [
    [2, 2],
    [4, 1],
  ] as const) {
    for (const dilation of [plain.dilation, [2, 1] as const]) {
      const options = { stride: [2, 1], padding: 'same', groups, dilation } as const;
      cases.push({
        title: `conv2d of ${groups} groups${dilation === plain.dilation ? '' : ', dilated'}`,
        run: (x, kernel) => convolution.conv2d(x as T4, kernel as T4, options),
        args: [normal([2, 5, 6, 4], 5), normal([3, 3, read, 8], 6)],
      });
    }
  }
  return cases;
}

function resizeCases(): GradientCase[] {
  const cases: GradientCase[] = [];
  const places: readonly Coordinates[] = ['half_pixel', 'align_corners', 'asymmetric'];
  const sizes: readonly Pair[] = [
    [8, 6],
    [7, 9],
    [3, 2],
    [1, 5],
  ];
  for (const size of sizes) {
    for (const coordinates of places) {
      cases.push({
        title: `bilinear ${coordinates} 4x3 to ${size.join('x')}`,
        run: (x) => resize(x as T4, size, { method: 'bilinear', coordinates }),
        args: [normal([2, 4, 3, 2], 7)],
      });
    }
    cases.push({
      title: `nearest 4x3 to ${size.join('x')}`,
      run: (x) => resize(x as T4, size, nearestBy('half_pixel')),
      args: [normal([2, 4, 3, 2], 8)],
    });
  }
  cases.push({
    title: 'upsample by 3x2',
    run: (x) => upsample(x as T4, [3, 2], { method: 'bilinear', coordinates: 'half_pixel' }),
    args: [normal([1, 3, 4, 2], 9)],
  });
  return cases;
}

function poolingCases(): GradientCase[] {
  const cases: GradientCase[] = [];
  const windows: readonly (readonly [Pair, Pair])[] = [
    [
      [2, 2],
      [2, 2],
    ],
    [
      [3, 3],
      [2, 2],
    ],
    [
      [3, 2],
      [1, 3],
    ],
    [
      [1, 1],
      [3, 3],
    ],
  ];
  for (const [size, stride] of windows) {
    for (const rounding of ['floor', 'ceil'] as const) {
      const options = { size, stride, rounding, padding: noEdges };
      const label = `${size.join('x')} stride ${stride.join('x')} ${rounding}`;
      for (const shape of [
        [2, 7, 5, 3],
        [1, 8, 6, 2],
      ]) {
        cases.push({
          title: `maxPool ${label} of ${shape.join('x')}`,
          run: (x) => pooling.maxPool(x as T4, options),
          args: [distinct(shape, 10)],
          step: 1e-3,
        });
        cases.push({
          title: `avgPool ${label} of ${shape.join('x')}`,
          run: (x) => pooling.avgPool(x as T4, options),
          args: [normal(shape, 11)],
        });
      }
    }
  }
  for (const [size, stride, padding, made] of [
    [[2, 2], [2, 2], noEdges, [4, 3]],
    [[1, 3], [2, 3], 'same', [4, 2]],
    [[2, 2], [3, 2], { ...noEdges, top: 1 }, [3, 3]],
  ] as const) {
    const options = { size, stride, padding, rounding: 'ceil' } as const;
    cases.push({
      title: `maxUnpool ${size.join('x')} stride ${stride.join('x')}`,
      run: (x, image) => pooling.maxUnpool(x as T4, image as T4, options),
      args: [normal([2, ...made, 3], 11), distinct([2, 7, 5, 3], 10)],
      step: 1e-3,
    });
  }
  for (const [shape, bins] of [
    [
      [2, 7, 5, 3],
      [3, 2],
    ],
    [
      [1, 2, 3, 2],
      [3, 5],
    ],
  ] as const) {
    cases.push({
      title: `largestOfBins ${bins.join('x')} of ${shape.join('x')}`,
      run: (x) => largestOfBins(x as T4, [...bins]),
      args: [distinct(shape, 12)],
      step: 1e-3,
    });
    cases.push({
      title: `averageBins ${bins.join('x')} of ${shape.join('x')}`,
      run: (x) => averageBins(x as T4, [...bins]),
      args: [normal(shape, 12)],
    });
  }
  cases.push({
    title: 'globalAvgPool',
    run: (x) => pooling.globalAvgPool(x as T4),
    args: [normal([2, 3, 5, 3], 12)],
  });
  cases.push({
    title: 'globalMaxPool',
    run: (x) => pooling.globalMaxPool(x as T4),
    args: [distinct([2, 3, 5, 3], 13)],
    step: 1e-3,
  });
  cases.push({
    title: 'globalMaxPool of pixels that share the maximum',
    run: (x) => {
      const repeated = upsample(x as T4, [2, 3], {
        method: 'nearest',
        coordinates: 'half_pixel',
        rounding: 'round_prefer_ceil',
      });
      return pooling.globalMaxPool(repeated);
    },
    args: [distinct([2, 3, 5, 3], 13)],
    step: 1e-3,
  });
  return cases;
}

const functions: readonly ActivationFunction[] = [
  'relu',
  'relu6',
  'leaky_relu',
  'elu',
  'selu',
  'silu',
  'hard_swish',
  'gelu',
  'mish',
  'softplus',
  'sigmoid',
  'tanh',
  'abs',
];

const attentionInWindows = [0, 1].map((shift): GradientCase => ({
  title: `attend in windows shifted by ${shift}`,
  run: (q, k, v, table) =>
    attend(
      q as T4,
      k as T4,
      v as T4,
      { heads: 2, scaled: false, windows: { size: 2, shift } },
      table as tf.Tensor2D,
    ),
  args: [...[41, 42, 43].map((seed) => normal([2, 4, 2, 4], seed)), normal([9, 2], 44)],
}));

function otherCases(): GradientCase[] {
  const cases: GradientCase[] = functions.map((name) => ({
    title: name,
    // Spread over -8 .. 8 without touching the kinks at -3, 0, 3 and 6.
    run: (x) => activate(x as T4, { function: name, alpha: 0.1 }),
    args: [
      {
        shape: [1, 4, 4, 2],
        values: Float32Array.from({ length: 32 }, (_, at) => at * 0.5 - 8 + 0.26),
      },
    ],
  }));
  cases.push({
    title: 'prelu',
    run: (x, alpha) => prelu(x as T4, alpha as tf.Tensor1D),
    args: [distinct([2, 3, 5, 3], 14), normal([3], 15)],
    step: 1e-3,
  });
  cases.push({
    title: 'prelu with one slope',
    run: (x, alpha) => prelu(x as T4, alpha as tf.Tensor1D),
    args: [distinct([2, 3, 5, 3], 14), normal([1], 15)],
    step: 1e-3,
  });
  for (const order of ['channelsFirst', 'channelsLast'] as const) {
    cases.push({
      title: `unshufflePixels ${order}`,
      run: (x) => unshufflePixels(x as T4, 2, order),
      args: [normal([2, 6, 4, 3], 14)],
    });
    cases.push({
      title: `shufflePixels ${order}`,
      run: (x) => shufflePixels(x as T4, 2, order),
      args: [normal([2, 3, 2, 12], 14)],
    });
  }
  cases.push({ title: 'softmax', run: (x) => softmax(x as T4), args: [normal([2, 2, 3, 4], 14)] });
  for (const channels of [3, 4, 9]) {
    for (const relu of [false, true]) {
      cases.push({
        title: `batchNormTraining of ${channels} channels${relu ? ' with relu' : ''}`,
        run: (x, gamma, beta) =>
          batchNormTraining(x as T4, gamma as tf.Tensor1D, beta as tf.Tensor1D, 1e-3, relu).output,
        args: [distinct([2, 3, 5, channels], 15), normal([channels], 16), normal([channels], 17)],
        step: relu ? 2e-4 : 1e-2,
      });
    }
  }
  for (const [groups, perPixel] of [
    [6, false],
    [2, false],
    [1, false],
    [1, true],
  ] as const) {
    for (const affine of [true, false]) {
      const options = { groups, perPixel, epsilon: 1e-3 };
      cases.push({
        title: `groupNorm ${JSON.stringify({ ...options, affine })}`,
        run: (x, gamma, beta) =>
          groupNorm(
            x as T4,
            affine ? { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D } : undefined,
            options,
          ),
        args: [distinct([2, 3, 5, 6], 15), ...(affine ? [normal([6], 16), normal([6], 17)] : [])],
        step: 5e-3,
      });
    }
  }
  const image = normal([2, 5, 6, 3], 18);
  const edges = { top: 2, bottom: 1, left: 0, right: 3 };
  return [
    ...cases,
    {
      title: 'channel mean',
      run: (x) => poolChannels(x as T4, 'mean'),
      args: [image],
    },
    {
      title: 'channel max',
      run: (x) => poolChannels(x as T4, 'max'),
      args: [distinct([2, 5, 6, 3], 36)],
      step: 1e-3,
    },
    {
      title: 'channel max of channels that share it',
      run: (x) => poolChannels(concat([x as T4, x as T4]), 'max'),
      args: [distinct([2, 5, 6, 3], 36)],
      step: 1e-3,
    },
    {
      title: 'attend to all pixels of another size',
      run: (q, k, v) => attend(q as T4, k as T4, v as T4, { heads: 2, scaled: true }),
      args: [normal([2, 3, 4, 6], 38), normal([2, 2, 3, 6], 39), normal([2, 2, 3, 4], 40)],
    },
    ...attentionInWindows,
    {
      title: 'add a table of positions',
      run: (...all) => add(all as T4[]),
      args: [image, normal([5, 6, 3], 45)],
    },
    { title: 'sliceChannels', run: (x) => sliceChannels(x as T4, 1, 3), args: [image] },
    { title: 'partOfChannels', run: (x) => partOfChannels(x as T4, 3, 1), args: [image] },
    {
      title: 'shuffleChannels',
      run: (x) => shuffleChannels(x as T4, 2),
      args: [normal([2, 3, 5, 6], 37)],
    },
    { title: 'padChannels', run: (x) => padChannels(x as T4, 5), args: [image] },
    { title: 'crop', run: (x) => crop(x as T4, edges), args: [image] },
    { title: 'pad with zeros', run: (x) => pad(x as T4, edges, 'zero'), args: [image] },
    { title: 'pad by reflection', run: (x) => pad(x as T4, edges, 'reflect'), args: [image] },
    { title: 'pad by replication', run: (x) => pad(x as T4, edges, 'replicate'), args: [image] },
    { title: 'pad around', run: (x) => pad(x as T4, edges, 'circular'), args: [image] },
    {
      title: 'cropTo',
      run: (x, target) => add([cropTo(x as T4, target as T4, 'half_even'), target as T4]),
      args: [image, normal([2, 2, 3, 3], 19)],
    },
    {
      title: 'padTo',
      run: (x, target) => add([padTo(x as T4, target as T4), target as T4]),
      args: [image, normal([2, 8, 7, 3], 20)],
    },
    {
      title: 'concat',
      run: (...all) => concat(all as T4[]),
      args: [image, normal([2, 5, 6, 2], 21), normal([2, 5, 6, 1], 22)],
    },
    { title: 'concat of one', run: (...all) => concat(all as T4[]), args: [image] },
    {
      title: 'add',
      run: (...all) => add(all as T4[]),
      args: [image, normal([2, 5, 6, 3], 23), normal([2, 5, 6, 3], 24)],
    },
    {
      title: 'multiply by a channel gate and a pixel gate',
      run: (...all) => multiply(all as T4[]),
      args: [image, normal([2, 1, 1, 3], 25), normal([2, 5, 6, 1], 26)],
    },
    {
      title: 'average',
      run: (...all) => average(all as T4[]),
      args: [image, normal([2, 5, 6, 3], 33), normal([2, 5, 6, 3], 34)],
    },
    {
      title: 'subtract',
      run: (...all) => subtractAll(all as T4[]),
      args: [image, normal([2, 5, 6, 3], 33), normal([2, 5, 6, 3], 34)],
    },
    {
      title: 'multiply by where a channel is the largest, which has no gradient of its own',
      run: (x, judge) => multiply([x as T4, markLargest(judge as T4, 1)]),
      args: [image, distinct([2, 5, 6, 3], 35)],
    },
    {
      title: 'addBias',
      run: (x, bias) => convolution.addBias(x as T4, bias as tf.Tensor1D),
      args: [image, normal([3], 27)],
    },
    {
      title: 'dropout',
      run: (x) => dropout(x as T4, 0.4, 'values', new Random(5)),
      args: [image],
    },
    {
      title: 'spatial dropout',
      run: (x) => dropout(x as T4, 0.4, 'channels', new Random(5)),
      args: [image],
    },
    {
      title: 'drop path',
      run: (x) => dropout(x as T4, 0.4, 'images', new Random(5)),
      args: [image],
    },
    {
      title: 'multiply by a scale of each channel',
      run: (...all) => multiply(all as T4[]),
      args: [image, normal([3], 28)],
    },
  ];
}

/** Every primitive in the forms that matter, by what they do. */
export const gradientCases = [
  ['convolutions', convolutionCases()],
  ['resizing', resizeCases()],
  ['pooling', poolingCases()],
  ['the rest', otherCases()],
] as const;
