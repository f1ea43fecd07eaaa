import { runOne } from '../kernels/gradients.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
import { depthwiseKernelGradient } from '../values/convolve-depthwise.js';
import { sampleGradient, type SampledAxis } from '../values/sample-gradient.js';

/** `sampleGradient`, by our kernel on engines that have it. */
export const sampleGradientOfEngine: typeof sampleGradient = (dy, rows, columns) => {
  if (!hasKernel(kernelNames.interpolationGradient)) return sampleGradient(dy, rows, columns);
  const tables = { rows: sourceTable(rows), columns: sourceTable(columns) };
  return runOne(kernelNames.interpolationGradient, { dy }, tables) as typeof dy;
};

/** `depthwiseKernelGradient`, by our kernel on engines that have it. */
export const depthwiseKernelGradientOfEngine: typeof depthwiseKernelGradient = (
  x,
  dy,
  shape,
  dilation,
) => {
  if (!hasKernel(kernelNames.depthwiseFilterGradient)) {
    return depthwiseKernelGradient(x, dy, shape, dilation);
  }
  const attributes = { strides: [1, 1], dilations: dilation, pad: 'valid', filterShape: shape };
  return runOne(kernelNames.depthwiseFilterGradient, { x, dy }, attributes);
};

/** The one or two source pixels of each place, and what the second weighs, as the kernel reads them. */
function sourceTable({ size, places }: SampledAxis) {
  const lower = Int32Array.from(places, Math.floor);
  const upper = lower.map((below) => Math.min(below + 1, size - 1));
  const upperWeight = Float32Array.from(places, (place, at) => place - lower[at]!);
  return { inputSize: size, lower, upper, upperWeight };
}
