import type * as tf from '../../tensorflow.js';
import type { InterpolationAttributes, Sampling } from '../layer-attributes.js';
import { kernelNames } from '../names.js';
import type { WebgpuBackend } from './backend.js';
import { webgpuKernel } from './kernel.js';
import { allocate, flatGroups, flatMain, release, run, type Program } from './program.js';

/** Gives an axis back to its sources: dy [outer, from, inner] to [outer, to, inner]. */
const giveBack: Program<'size' | 'before' | 'after' | 'inner'> = {
  name: 'gradient of resizing',
  inputs: { dy: 'f32', lower: 'i32', upper: 'i32', upperWeight: 'f32', first: 'i32' },
  outputs: ['dx'],
  uniforms: { size: 'u32', before: 'u32', after: 'u32', inner: 'u32' },
  code: `${flatMain}
    let source = i32(at / uniforms.inner % uniforms.after);
    let outer = at / uniforms.inner / uniforms.after;
    var sum = 0.0;
    for (var place = u32(first[source]); place < u32(first[source + i32(uniforms.after)]); place++) {
      let weight = upperWeight[place];
      let share = select(0.0, 1.0 - weight, lower[place] == source)
        + select(0.0, weight, upper[place] == source);
      sum += share * dy[(outer * uniforms.before + place) * uniforms.inner + at % uniforms.inner];
    }
    dx[at] = sum;
  }`,
};

/** The outputs that each source may have a share in: the first of them, then the one behind the last. */
function rangesOf({ inputSize, lower, upper }: Sampling): Int32Array {
  const ranges = new Int32Array(2 * inputSize);
  for (let place = lower.length - 1; place >= 0; place--) {
    for (const source of [lower[place]!, upper[place]!]) {
      ranges[source] = place;
      // Places rise with their sources: the last one is met first.
      ranges[inputSize + source] ||= place + 1;
    }
  }
  return ranges;
}

function giveAxisBack(
  backend: WebgpuBackend,
  dy: tf.TensorInfo,
  axis: 1 | 2,
  sampling: Sampling,
): tf.TensorInfo {
  const { inputSize, lower, upper, upperWeight } = sampling;
  const shape = dy.shape.with(axis, inputSize);
  const size = shape.reduce((product, length) => product * length, 1);
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const dx = allocate(backend, shape);
  const tables = [
    backend.makeTensorInfo([lower.length], 'int32', lower),
    backend.makeTensorInfo([upper.length], 'int32', upper),
    backend.makeTensorInfo([upperWeight.length], 'float32', upperWeight),
    backend.makeTensorInfo([2 * inputSize], 'int32', rangesOf(sampling)),
  ];
  run(backend, giveBack, {
    inputs: [dy, ...tables],
    outputs: [dx],
    uniforms: { size, before: dy.shape[axis]!, after: inputSize, inner },
    groups: flatGroups(backend, size),
  });
  release(backend, ...tables);
  return dx;
}

/**
 * Gradient of sampling an image along both axes: dy [n, oh, ow, c] is given back to the one or
 * two source rows and columns that each output came from, in [n, h, w, c].
 */
export const interpolationGradient = webgpuKernel<'dy', InterpolationAttributes>(
  kernelNames.interpolationGradient,
  ({ backend, inputs: { dy }, attributes: { rows, columns } }) => {
    const tall = giveAxisBack(backend, dy, 1, rows);
    const dx = giveAxisBack(backend, tall, 2, columns);
    release(backend, tall);
    return dx;
  },
);
