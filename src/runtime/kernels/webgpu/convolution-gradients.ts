import {
  convolutionInfo,
  type FilterGradientAttributes,
  type InputGradientAttributes,
  type Shape4D,
} from '../convolution-attributes.js';
import { webgpuKernel } from './kernel.js';
import { productGroups, productsOf, tilesOf } from './matrix-product.js';
import { allocate, flatGroups, flatMain, release, run, type Program } from './program.js';

const filterProducts = productsOf({
  name: 'gradient of a filter',
  inputs: { x: 'f32', dy: 'f32' },
  uniforms: {
    ...({
      height: 'u32',
      width: 'u32',
      channels: 'u32',
      outHeight: 'u32',
      outWidth: 'u32',
    } as const),
    ...({ kernelWidth: 'u32', strideY: 'u32', strideX: 'u32', top: 'u32', left: 'u32' } as const),
  },
  // A row is a tap and a channel, an inner index a pixel of the output.
  left: `
    let channel = row % uniforms.channels;
    let tap = row / uniforms.channels;
    let column = inner % uniforms.outWidth;
    let line = inner / uniforms.outWidth;
    let y = (line % uniforms.outHeight) * uniforms.strideY + tap / uniforms.kernelWidth - uniforms.top;
    let x0 = column * uniforms.strideX + tap % uniforms.kernelWidth - uniforms.left;
    // What lies above or left of the image wraps to large numbers.
    if (y >= uniforms.height || x0 >= uniforms.width) { return 0.0; }
    let image = line / uniforms.outHeight;
    return x[((image * uniforms.height + y) * uniforms.width + x0) * uniforms.channels + channel];`,
  right: 'return dy[inner * uniforms.n + column];',
  place: 'return row * uniforms.n + column;',
  nearBy: { left: 'row', right: 'column' },
});

const addParts: Program<'size' | 'parts'> = {
  name: 'sum of parts',
  inputs: { product: 'f32' },
  outputs: ['sum'],
  uniforms: { size: 'u32', parts: 'u32' },
  code: `${flatMain}
    var total = 0.0;
    for (var part = 0u; part < uniforms.parts; part++) { total += product[part * uniforms.size + at]; }
    sum[at] = total;
  }`,
};

/** Workgroups that keep a large card busy, and the most values that their parts may take. */
const wantedGroups = 1024;
const mostPartValues = 2 ** 24;
/** Steps along the inner axis that are worth a workgroup. */
const leastInner = 512;

/**
 * Gradient of a 2-D convolution with respect to its filter: x [n, h, w, in] and
 * dy [n, oh, ow, out] give [kh, kw, in, out]. The backend's own kernel has one thread for each
 * value of the filter, which goes through all pixels.
 */
export const convolutionFilterGradient = webgpuKernel<'x' | 'dy', FilterGradientAttributes>(
  'Conv2DBackpropFilter',
  ({ backend, inputs: { x, dy }, attributes }) => {
    const { filterShape } = attributes;
    const info = convolutionInfo(x.shape as Shape4D, filterShape, attributes);
    const [m, n] = [info.filterHeight * info.filterWidth * info.inChannels, info.outChannels];
    const k = info.batchSize * info.outHeight * info.outWidth;
    const tiles = tilesOf(m, n);
    const parts = Math.max(
      1,
      Math.min(
        Math.ceil(wantedGroups / tiles),
        Math.ceil(k / leastInner),
        Math.floor(mostPartValues / (m * n)),
      ),
    );
    const product = allocate(backend, parts > 1 ? [parts, m * n] : filterShape);
    run(backend, filterProducts(n), {
      inputs: [x, dy],
      outputs: [product],
      uniforms: {
        ...{ m, n, k, parts, plane: m * n },
        ...{ height: info.inHeight, width: info.inWidth, channels: info.inChannels },
        ...{ outHeight: info.outHeight, outWidth: info.outWidth, kernelWidth: info.filterWidth },
        ...{ strideY: info.strideHeight, strideX: info.strideWidth },
        ...{ top: info.padInfo.top, left: info.padInfo.left },
      },
      groups: productGroups(backend, m, n, parts),
    });
    if (parts === 1) return product;
    const sum = allocate(backend, filterShape);
    run(backend, addParts, {
      inputs: [product],
      outputs: [sum],
      uniforms: { size: m * n, parts },
      groups: flatGroups(backend, m * n),
    });
    release(backend, product);
    return sum;
  },
);

const inputProducts = productsOf({
  name: 'gradient of an input',
  inputs: { dy: 'f32', taps: 'f32' },
  uniforms: {
    ...({
      height: 'u32',
      width: 'u32',
      outHeight: 'u32',
      outWidth: 'u32',
      filters: 'u32',
    } as const),
    ...({ strideY: 'u32', strideX: 'u32', phaseY: 'u32', phaseX: 'u32' } as const),
    // Pixels and taps of the phase, and the first of either.
    ...({ tall: 'u32', broad: 'u32', tapsX: 'u32', tapY: 'u32', tapX: 'u32' } as const),
    ...({ kernelWidth: 'u32', shiftY: 'u32', shiftX: 'u32' } as const),
  },
  // A row is a pixel of the phase, an inner index a tap of it and a filter.
  left: `
    let one = inner % uniforms.filters;
    let tap = inner / uniforms.filters;
    let column = row % uniforms.broad;
    let line = row / uniforms.broad;
    let y = line % uniforms.tall + uniforms.shiftY - tap / uniforms.tapsX;
    let x = column + uniforms.shiftX - tap % uniforms.tapsX;
    if (y >= uniforms.outHeight || x >= uniforms.outWidth) { return 0.0; }
    let image = line / uniforms.tall;
    return dy[((image * uniforms.outHeight + y) * uniforms.outWidth + x) * uniforms.filters + one];`,
  right: `
    let one = inner % uniforms.filters;
    let tap = inner / uniforms.filters;
    let y = uniforms.tapY + tap / uniforms.tapsX * uniforms.strideY;
    let x = uniforms.tapX + tap % uniforms.tapsX * uniforms.strideX;
    return taps[((y * uniforms.kernelWidth + x) * uniforms.n + column) * uniforms.filters + one];`,
  place: `
    let line = row / uniforms.broad;
    let y = line % uniforms.tall * uniforms.strideY + uniforms.phaseY;
    let x = row % uniforms.broad * uniforms.strideX + uniforms.phaseX;
    let image = line / uniforms.tall;
    return ((image * uniforms.height + y) * uniforms.width + x) * uniforms.n + column;`,
  nearBy: { left: 'inner', right: 'inner' },
});

/** Pixels of an axis whose windows meet the same taps: every `stride`th, from `phase` on. */
interface Phase {
  readonly phase: number;
  readonly pixels: number;
  /** The first tap that they meet, and how many, a stride apart. */
  readonly tap: number;
  readonly taps: number;
  /** The window in which the first pixel meets the first tap. */
  readonly shift: number;
}

function phasesOf(length: number, kernel: number, stride: number, before: number): Phase[] {
  return Array.from({ length: Math.min(stride, length) }, (_, phase) => {
    const tap = (phase + before) % stride;
    return {
      phase,
      pixels: Math.ceil((length - phase) / stride),
      tap,
      taps: Math.max(0, Math.ceil((kernel - tap) / stride)),
      shift: (phase + before - tap) / stride,
    };
  });
}

/**
 * Gradient of a 2-D convolution with respect to its input, and the forward pass of a transposed
 * convolution: dy [n, oh, ow, out] and filter [kh, kw, in, out] give [n, h, w, in]. Pixels that
 * meet the same taps are a product of matrices, so that strides waste nothing.
 */
export const convolutionInputGradient = webgpuKernel<'dy' | 'filter', InputGradientAttributes>(
  'Conv2DBackpropInput',
  ({ backend, inputs: { dy, filter }, attributes }) => {
    const info = convolutionInfo(attributes.inputShape, filter.shape as Shape4D, attributes);
    const { strideHeight, strideWidth, padInfo, inChannels: n, outChannels: filters } = info;
    const dx = allocate(backend, attributes.inputShape);
    for (const y of phasesOf(info.inHeight, info.filterHeight, strideHeight, padInfo.top)) {
      for (const x of phasesOf(info.inWidth, info.filterWidth, strideWidth, padInfo.left)) {
        const m = info.batchSize * y.pixels * x.pixels;
        run(backend, inputProducts(n), {
          inputs: [dy, filter],
          outputs: [dx],
          uniforms: {
            ...{ m, n, k: y.taps * x.taps * filters, parts: 1, plane: 0 },
            ...{ height: info.inHeight, width: info.inWidth, filters },
            ...{ outHeight: info.outHeight, outWidth: info.outWidth },
            ...{ strideY: strideHeight, strideX: strideWidth, phaseY: y.phase, phaseX: x.phase },
            ...{ tall: y.pixels, broad: x.pixels, tapsX: Math.max(1, x.taps) },
            ...{ tapY: y.tap, tapX: x.tap, kernelWidth: info.filterWidth },
            ...{ shiftY: y.shift, shiftX: x.shift },
          },
          groups: productGroups(backend, m, n, 1),
        });
      }
    }
    return dx;
  },
);
