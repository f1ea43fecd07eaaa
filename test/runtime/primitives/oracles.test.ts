import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { transposedPadding } from '../../../src/frontend/elaborate/padding.js';
import { noEdges, type Edges, type Pair, type Sampling } from '../../../src/ir/operations/ops.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import {
  batchNormInference,
  batchNormTraining,
} from '../../../src/runtime/primitives/batch-normalization.js';
import * as convolution from '../../../src/runtime/primitives/convolution.js';
import { crop, cropTo, pad, padTo } from '../../../src/runtime/primitives/edges.js';
import { globalMaxPool, maxPool, maxUnpool } from '../../../src/runtime/primitives/pooling.js';
import { resize, upsample } from '../../../src/runtime/primitives/resize.js';
import { averageBins } from '../../../src/runtime/values/average-bins.js';
import { nearestBy, plain } from '../graph-builder.js';
import { relativeError } from '../numeric.js';

/**
 * Results of single operations computed in float64 with PyTorch's meaning, all
 * lists flat in channels-first order. With i the flat index of the stated shape:
 * x[i] = sin(0.3 i) + 0.1 (i mod 5), kernel[i] = 0.5 cos(0.7 i), bias[i] = 0.1 (i + 1).
 */
interface Oracle {
  readonly op: string;
  readonly x_shape: number[];
  readonly y_shape: number[];
  readonly y: number[];
  /** The gradient of x where that of y is cos(0.2 i). */
  readonly dx?: number[];
  /** What was pooled is max(0, cos(1.7 i)). */
  readonly pooled_shape?: number[];
  readonly kernel_shape?: number[];
  readonly kernel?: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly ceil?: boolean;
  readonly scale?: number;
  readonly size?: [number, number];
  readonly align_corners?: boolean;
  readonly mean?: number[];
  readonly var?: number[];
  readonly gamma?: number[];
  readonly beta?: number[];
  readonly eps?: number;
  readonly left_right_top_bottom?: [number, number, number, number];
}

const oracles = JSON.parse(
  readFileSync(new URL('../../oracles/ops.json', import.meta.url), 'utf8'),
) as readonly Oracle[];

function filled(shape: number[], value: (index: number) => number): tf.Tensor4D {
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from({ length: size }, (_, index) => value(index));
  return tf.tensor4d(values, shape as [number, number, number, number]);
}

const image = ({ x_shape }: Oracle): tf.Tensor4D =>
  tf.transpose(
    filled(x_shape, (i) => Math.sin(0.3 * i) + 0.1 * (i % 5)),
    [0, 2, 3, 1],
  );
const kernel = ({ kernel_shape }: Oracle, order: number[]): tf.Tensor4D =>
  tf.transpose(
    filled(kernel_shape!, (i) => 0.5 * Math.cos(0.7 * i)),
    order,
  );
const bias = (size: number): tf.Tensor1D =>
  tf.tensor1d(Array.from({ length: size }, (_, i) => 0.1 * (i + 1)));
const edges = (size: number): Edges => ({ top: size, bottom: size, left: size, right: size });
const square = (size: number): Pair => [size, size];
const vector = (values: readonly number[] | undefined): tf.Tensor1D => tf.tensor1d([...values!]);

const bilinear = ({ align_corners }: Oracle): Sampling => ({
  method: 'bilinear',
  coordinates: align_corners === true ? 'align_corners' : 'half_pixel',
});

const operations: Readonly<Record<string, (oracle: Oracle) => tf.Tensor4D>> = {
  conv2d: (oracle) => {
    const options = { stride: square(oracle.stride!), padding: edges(oracle.padding!), ...plain };
    const y = convolution.conv2d(image(oracle), kernel(oracle, [2, 3, 1, 0]), options);
    return convolution.addBias(y, bias(y.shape[3]));
  },
  depthwise: (oracle) => {
    const options = { stride: square(oracle.stride!), padding: edges(oracle.padding!), ...plain };
    return convolution.depthwiseConv2d(image(oracle), kernel(oracle, [2, 3, 0, 1]), options);
  },
  conv_transpose2d: (oracle) => {
    const cut = { edges: edges(oracle.padding!), outputPadding: [0, 0] } as const;
    const options = { stride: square(oracle.stride!), ...cut };
    const y = convolution.convTranspose2d(image(oracle), kernel(oracle, [2, 3, 1, 0]), options);
    return convolution.addBias(y, bias(y.shape[3]));
  },
  conv_transpose2d_tf_same: (oracle) => {
    const stride = square(oracle.stride!);
    const [, , height, width] = oracle.kernel_shape as [number, number, number, number];
    const options = { stride, ...transposedPadding('same', [height, width], stride) };
    const y = convolution.convTranspose2d(image(oracle), kernel(oracle, [2, 3, 1, 0]), options);
    return convolution.addBias(y, bias(y.shape[3]));
  },
  max_pool2d: (oracle) => {
    const size = square(oracle.kernel!);
    return maxPool(image(oracle), {
      size,
      stride: size,
      rounding: oracle.ceil ? 'ceil' : 'floor',
      padding: noEdges,
    });
  },
  upsample_nearest: (oracle) =>
    upsample(image(oracle), square(oracle.scale!), nearestBy('half_pixel')),
  upsample_bilinear: (oracle) => upsample(image(oracle), square(oracle.scale!), bilinear(oracle)),
  upsample_bilinear_size: (oracle) => resize(image(oracle), oracle.size!, bilinear(oracle)),
  batch_norm_eval: ({ mean, var: variance, gamma, beta, eps, ...oracle }) =>
    batchNormInference(
      image(oracle as Oracle),
      vector(mean),
      vector(variance),
      vector(gamma),
      vector(beta),
      eps!,
    ),
  batch_norm_train: (oracle) =>
    batchNormTraining(image(oracle), vector(oracle.gamma), vector(oracle.beta), oracle.eps!, false)
      .output,
  max_unpool2d: (oracle) => unpool(oracle, image(oracle)),
  adaptive_avg_pool2d: (oracle) => averageBins(image(oracle), oracle.size!),
  global_max: (oracle) => globalMaxPool(image(oracle)),
  center_crop: (oracle) => {
    // CenterCrop pads first where the image is smaller than the target.
    const x = image(oracle);
    const [height, width] = oracle.size!;
    const blank = (rows: number, columns: number): tf.Tensor4D => tf.zeros([1, rows, columns, 1]);
    const padded = padTo(x, blank(Math.max(height, x.shape[1]), Math.max(width, x.shape[2])));
    return cropTo(padded, blank(height, width), 'half_even');
  },
  pad: (oracle) => {
    // Negative edges of PyTorch's pad cut.
    const [left, right, top, bottom] = oracle.left_right_top_bottom!;
    const added = (edge: number): number => Math.max(edge, 0);
    const cut = (edge: number): number => Math.max(-edge, 0);
    const all = { left, right, top, bottom };
    const each = (rule: (edge: number) => number): Edges => ({
      left: rule(all.left),
      right: rule(all.right),
      top: rule(all.top),
      bottom: rule(all.bottom),
    });
    return crop(pad(image(oracle), each(added), 'zero'), each(cut));
  },
};

const channelsLast = (x: tf.Tensor4D): tf.Tensor4D => tf.transpose(x, [0, 2, 3, 1]);

function unpool(oracle: Oracle, x: tf.Tensor4D): tf.Tensor4D {
  const pooled = filled(oracle.pooled_shape!, (i) => Math.max(0, Math.cos(1.7 * i)));
  return maxUnpool(x, channelsLast(pooled), {
    ...{ size: square(oracle.kernel!), stride: square(oracle.stride!) },
    ...{ padding: edges(oracle.padding!), rounding: oracle.ceil === true ? 'ceil' : 'floor' },
  });
}

function title({ y: _y, dx: _dx, ...rest }: Oracle): string {
  return JSON.stringify(rest);
}

describe.each(['wasm', 'cpu'] as const)('on %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine);
  });

  test.each(oracles.map((oracle) => [title(oracle), oracle] as const))('%s', (_title, oracle) => {
    const y = tf.tidy(() => tf.transpose(operations[oracle.op]!(oracle), [0, 3, 1, 2]));
    expect(y.shape).toEqual(oracle.y_shape);
    expect(relativeError(y.dataSync(), oracle.y)).toBeLessThan(1e-5);
    y.dispose();
  });

  const withGradient = oracles.filter(({ dx }) => dx !== undefined);
  test.each(withGradient.map((oracle) => [title(oracle), oracle] as const))(
    'gradient of %s',
    (_title, oracle) => {
      const dx = tf.tidy(() => {
        const dy = channelsLast(filled(oracle.y_shape, (i) => Math.cos(0.2 * i)));
        const gradient = tf.grad((x) => unpool(oracle, x as tf.Tensor4D))(image(oracle), dy);
        return tf.transpose(gradient, [0, 3, 1, 2]);
      });
      expect(dx.shape).toEqual(oracle.x_shape);
      expect(relativeError(dx.dataSync(), oracle.dx!)).toBeLessThan(1e-5);
      dx.dispose();
    },
  );
});
