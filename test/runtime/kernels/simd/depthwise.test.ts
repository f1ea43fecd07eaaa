import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../../src/runtime/engines/start-engine.js';
import {
  simdDepthwiseConvolution,
  simdDepthwiseFilterGradient,
  simdDepthwiseInputGradient,
  simdFusedDepthwiseConvolution,
} from '../../../../src/runtime/kernels/simd/depthwise.js';
import { depthwiseFilterGradient } from '../../../../src/runtime/kernels/wasm/depthwise-filter-gradient.js';
import { depthwiseInputGradient } from '../../../../src/runtime/kernels/wasm/depthwise-input-gradient.js';
import { normalValues, relativeError } from '../../numeric.js';
import { runKernel } from './run-kernel.js';

beforeAll(async () => {
  await startEngine('wasm');
});

type Shape = [number, number, number, number];
type Pair = [number, number];

interface Case {
  readonly title: string;
  readonly image: Shape;
  readonly filter: Shape;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pad: 'same' | 'valid' | tf.backend_util.ExplicitPadding;
}

const edges: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [3, 2],
  [0, 4],
  [0, 0],
];

/** Sizes of images and kernels, strides, dilations and padding. */
const placements: readonly (readonly [Pair, Pair, Pair, Pair, Case['pad']])[] = [
  [[8, 8], [3, 3], [1, 1], [1, 1], 'same'],
  [[7, 5], [3, 3], [1, 1], [1, 1], 'valid'],
  [[9, 6], [3, 3], [2, 2], [1, 1], 'same'],
  [[8, 9], [3, 5], [2, 1], [1, 1], 'valid'],
  [[6, 7], [1, 1], [2, 2], [1, 1], 'valid'],
  [[7, 7], [2, 2], [3, 3], [1, 1], 'valid'],
  [[1, 1], [3, 3], [1, 1], [1, 1], 'same'],
  [[2, 1], [5, 5], [1, 1], [1, 1], 'same'],
  [[5, 6], [2, 3], [2, 1], [1, 1], edges],
  [[9, 8], [3, 3], [1, 1], [2, 3], 'same'],
  [[9, 8], [3, 3], [1, 1], [2, 2], 'valid'],
  [[9, 9], [3, 3], [2, 1], [1, 2], 'same'],
  [[9, 9], [3, 3], [2, 2], [2, 2], 'same'],
  [[40, 33], [3, 3], [1, 1], [1, 1], 'same'],
];

const cases: readonly Case[] = placements.flatMap(([size, kernel, strides, dilations, pad]) =>
  [1, 3, 4, 8, 13, 24].map((channels): Case => {
    const padding = typeof pad === 'string' ? pad : 'edges';
    const title = `${size.join(' x ')} x ${channels} by ${kernel.join(' x ')}, stride ${strides.join(' x ')}, dilation ${dilations.join(' x ')}, ${padding}`;
    const [image, filter]: [Shape, Shape] = [
      [2, ...size, channels],
      [...kernel, channels, 1],
    ];
    return { title, image, filter, strides, dilations, pad };
  }),
);

const infoOf = ({ image, filter, strides, dilations, pad }: Case): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computeConv2DInfo(image, filter, strides, dilations, pad, undefined, true);

/** Calls `visit` for every product: places in the image, the filter and the output. */
function forEachProduct(
  info: tf.backend_util.Conv2DInfo,
  visit: (image: number, filter: number, output: number) => void,
): void {
  const channels = info.inChannels;
  let output = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oy = 0; oy < info.outHeight; oy++) {
      for (let ox = 0; ox < info.outWidth; ox++, output += channels) {
        for (let tap = 0; tap < info.filterHeight * info.filterWidth; tap++) {
          const i = Math.floor(tap / info.filterWidth);
          const y = oy * info.strideHeight - info.padInfo.top + i * info.dilationHeight;
          const column = (tap % info.filterWidth) * info.dilationWidth;
          const x = ox * info.strideWidth - info.padInfo.left + column;
          if (y < 0 || y >= info.inHeight || x < 0 || x >= info.inWidth) continue;
          const image = ((n * info.inHeight + y) * info.inWidth + x) * channels;
          for (let c = 0; c < channels; c++) visit(image + c, tap * channels + c, output + c);
        }
      }
    }
  }
}

const unneeded = (): never => {
  throw new Error('the stock kernel is not needed');
};

const titled = cases.map((each) => [each.title, each] as const);

describe('a depthwise convolution', () => {
  test.each(titled)('%s', (_title, each) => {
    const info = infoOf(each);
    const [x, filter] = [normalValues(each.image, 1), normalValues(each.filter, 2)];
    const bias = normalValues([info.inChannels], 3);
    const expected = new Float64Array(tf.util.sizeFromShape(info.outShape));
    forEachProduct(info, (image, tap, output) => {
      expected[output]! += x[image]! * filter[tap]!;
    });
    const inputs = {
      x: { values: x, shape: each.image },
      filter: { values: filter, shape: each.filter },
    };
    const found = runKernel(simdDepthwiseConvolution(unneeded), inputs, each);
    expect(relativeError(found, expected)).toBeLessThan(1e-6);
    const withBias = { ...inputs, bias: { values: bias, shape: [info.inChannels] } };
    for (const [activation, low, high] of [
      ['linear', -Infinity, Infinity],
      ['relu', 0, Infinity],
      ['relu6', 0, 6],
    ] as const) {
      const ended = expected.map((value, at) =>
        Math.min(Math.max(value + bias[at % info.inChannels]!, low), high),
      );
      const fused = simdFusedDepthwiseConvolution(unneeded);
      const made = runKernel(fused, withBias, { ...each, activation });
      expect(relativeError(made, ended)).toBeLessThan(1e-6);
    }
  });
});

/** With SIMD, and as hosts without it compute the same. */
describe.each([
  ['with SIMD', simdDepthwiseInputGradient(depthwiseInputGradient)],
  ['without', depthwiseInputGradient],
])('the gradient of its image, %s', (_name, kernel) => {
  test.each(titled)('%s', (_title, each) => {
    const info = infoOf(each);
    const [dy, filter] = [normalValues(info.outShape, 1), normalValues(each.filter, 2)];
    const expected = new Float64Array(tf.util.sizeFromShape(each.image));
    forEachProduct(info, (image, tap, output) => {
      expected[image]! += dy[output]! * filter[tap]!;
    });
    const inputs = {
      dy: { values: dy, shape: info.outShape },
      filter: { values: filter, shape: each.filter },
    };
    const found = runKernel(kernel, inputs, { ...each, inputShape: each.image });
    expect(relativeError(found, expected)).toBeLessThan(1e-6);
  });
});

describe.each([
  ['with SIMD', simdDepthwiseFilterGradient('', depthwiseFilterGradient)],
  ['without', depthwiseFilterGradient],
])('the gradient of its filter, %s', (_name, kernel) => {
  test.each(titled)('%s', (_title, each) => {
    const info = infoOf(each);
    const [x, dy] = [normalValues(each.image, 1), normalValues(info.outShape, 2)];
    const expected = new Float64Array(tf.util.sizeFromShape(each.filter));
    forEachProduct(info, (image, tap, output) => {
      expected[tap]! += x[image]! * dy[output]!;
    });
    const inputs = {
      x: { values: x, shape: each.image },
      dy: { values: dy, shape: info.outShape },
    };
    const found = runKernel(kernel, inputs, { ...each, filterShape: each.filter });
    expect(relativeError(found, expected)).toBeLessThan(2e-6);
  });
});

test('several kernels for a channel are left to the others', () => {
  const x = tf.tensor4d(normalValues([1, 5, 5, 3], 1), [1, 5, 5, 3]);
  const filter = tf.tensor4d(normalValues([3, 3, 3, 2], 2), [3, 3, 3, 2]);
  const run = (): number[] => [...tf.depthwiseConv2d(x, filter, 1, 'same').dataSync()];
  const found = run();
  expect(found).toHaveLength(5 * 5 * 6);
  const single = (at: number): number[] => [
    ...tf.depthwiseConv2d(x, tf.slice(filter, [0, 0, 0, at], [3, 3, 3, 1]), 1, 'same').dataSync(),
  ];
  for (const kernel of [0, 1]) {
    const own = found.filter((_, at) => at % 2 === kernel);
    expect(relativeError(own, single(kernel))).toBeLessThan(1e-6);
  }
});
