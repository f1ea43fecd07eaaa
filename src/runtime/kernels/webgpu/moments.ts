import type * as tf from '../../tensorflow.js';
import type { WebgpuBackend } from './backend.js';
import { joinLanes, layoutOf } from './channel-sums.js';
import { allocate, release, run, type Program } from './program.js';

/**
 * The mean and the squared distances from it of two sets of values, joined (Chan et al. 1979):
 * nothing cancels, however far the values lie from 0. A set is its count, its mean and the sum
 * of squared distances.
 */
const joinSets = `
fn joined(a: vec3f, b: vec3f) -> vec3f {
  let count = a.x + b.x;
  if (b.x == 0.0) { return a; }
  if (a.x == 0.0) { return b; }
  let apart = b.y - a.y;
  let part = b.x / count;
  return vec3f(count, a.y + apart * part, a.z + b.z + apart * apart * a.x * part);
}`;

const takeSets: Program<'channels' | 'rows' | 'wide' | 'lanes' | 'parts'> = {
  name: 'moments of rows',
  inputs: { x: 'f32' },
  outputs: ['partial'],
  uniforms: { channels: 'u32', rows: 'u32', wide: 'u32', lanes: 'u32', parts: 'u32' },
  code: `${joinSets}
var<workgroup> sets: array<vec3f, 256>;
@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let lane = local / uniforms.wide;
  let channel = group.y * uniforms.wide + local % uniforms.wide;
  let isIn = lane < uniforms.lanes && channel < uniforms.channels;
  let start = group.x * uniforms.lanes + lane;
  var own = vec3f(0.0);
  if (isIn && start < uniforms.rows) {
    // Distances from a value of the thread's own, whose mean is told from the first of all.
    let near = x[start * uniforms.channels + channel];
    var sum = vec2f(0.0);
    for (var row = start; row < uniforms.rows; row += uniforms.parts * uniforms.lanes) {
      let value = x[row * uniforms.channels + channel] - near;
      sum += vec2f(value, value * value);
      own.x += 1.0;
    }
    let mean = sum.x / own.x;
    own.y = near - x[channel] + mean;
    own.z = max(0.0, sum.y - sum.x * mean);
  }
  sets[local] = own;
  ${joinLanes('sets[local] = joined(sets[local], sets[local + half * uniforms.wide]);')}
  if (isIn && lane == 0u) {
    let plane = uniforms.parts * uniforms.channels;
    let at = group.x * uniforms.channels + channel;
    partial[at] = sets[local].x;
    partial[plane + at] = sets[local].y;
    partial[2u * plane + at] = sets[local].z;
  }
}`,
};

const joinParts: Program<'channels' | 'parts'> = {
  name: 'moments',
  inputs: { x: 'f32', partial: 'f32' },
  outputs: ['mean', 'variance'],
  uniforms: { channels: 'u32', parts: 'u32' },
  code: `${joinSets}
var<workgroup> sets: array<vec3f, 64>;
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let channel = group.x;
  let plane = uniforms.parts * uniforms.channels;
  var own = vec3f(0.0);
  for (var part = local; part < uniforms.parts; part += 64u) {
    let at = part * uniforms.channels + channel;
    own = joined(own, vec3f(partial[at], partial[plane + at], partial[2u * plane + at]));
  }
  sets[local] = own;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { sets[local] = joined(sets[local], sets[local + half]); }
  }
  if (local == 0u) {
    mean[channel] = x[channel] + sets[0].y;
    variance[channel] = sets[0].z / sets[0].x;
  }
}`,
};

/** Mean and biased variance of each channel of x [..., c], [c] each; the same bits each time. */
export function momentsOf(
  backend: WebgpuBackend,
  x: tf.TensorInfo,
): [mean: tf.TensorInfo, variance: tf.TensorInfo] {
  const layout = layoutOf(x.shape);
  const { channels, wide, parts } = layout;
  const partial = allocate(backend, [3, parts, channels]);
  run(backend, takeSets, {
    inputs: [x],
    outputs: [partial],
    uniforms: layout,
    groups: [parts, Math.ceil(channels / wide), 1],
  });
  const mean = allocate(backend, [channels]);
  const variance = allocate(backend, [channels]);
  run(backend, joinParts, {
    inputs: [x, partial],
    outputs: [mean, variance],
    uniforms: { channels, parts },
    groups: [channels, 1, 1],
  });
  release(backend, partial);
  return [mean, variance];
}
