import type * as tf from '../../tensorflow.js';
import type { WebgpuBackend } from './backend.js';
import { allocate, release, run, type Program } from './program.js';

/** Threads of a workgroup: some neighbouring channels by some rows. */
const threads = 256;
/** The most channels that a workgroup takes: reads of as many values in one piece. */
const mostWide = 32;
/** Rows that a thread adds before a second pass adds what the threads have. */
const rowsOfThread = 32;
const mostParts = 1024;

/** How the sums of each channel are taken: rows are all axes but the last. */
export interface ChannelLayout {
  readonly channels: number;
  readonly rows: number;
  /** Channels of a workgroup. */
  readonly wide: number;
  /** Threads that share a channel. */
  readonly lanes: number;
  /** Workgroups that share a channel; the second pass joins what they have. */
  readonly parts: number;
}

/** The layout for a tensor [..., c]. */
export function layoutOf(shape: readonly number[]): ChannelLayout {
  const channels = shape[shape.length - 1]!;
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const wide = Math.min(channels, mostWide);
  const lanes = Math.floor(threads / wide);
  const parts = Math.min(mostParts, Math.max(1, Math.ceil(rows / (lanes * rowsOfThread))));
  return { channels, rows, wide, lanes, parts };
}

/** What the pair of numbers at a place is. */
export interface Pairs<Uniform extends string> {
  readonly name: string;
  readonly inputs: Program['inputs'];
  /** What the function below reads besides those of the layout. */
  readonly uniforms: Readonly<Record<Uniform, 'u32' | 'f32'>>;
  /**
   * The body of `fn pairOf(row: u32, channel: u32) -> vec2f`, in WGSL; `at` is the place in a
   * tensor of these rows and channels.
   */
  readonly pairOf: string;
}

const layoutUniforms = {
  channels: 'u32',
  rows: 'u32',
  wide: 'u32',
  lanes: 'u32',
  parts: 'u32',
} as const;
type LayoutUniform = keyof typeof layoutUniforms;

/** The program that adds pairs over the rows of each channel, in as many parts as the layout has. */
export const addPairs = <Uniform extends string>({
  name,
  inputs,
  uniforms,
  pairOf,
}: Pairs<Uniform>): Program<Uniform | LayoutUniform> => ({
  name,
  inputs,
  outputs: ['partial'],
  uniforms: { ...layoutUniforms, ...uniforms } as Record<Uniform | LayoutUniform, 'u32' | 'f32'>,
  code: `
fn pairOf(row: u32, channel: u32) -> vec2f {
  let at = row * uniforms.channels + channel;
  ${pairOf}
}
var<workgroup> sums: array<vec2f, ${threads}>;
@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let lane = local / uniforms.wide;
  let channel = group.y * uniforms.wide + local % uniforms.wide;
  let isIn = lane < uniforms.lanes && channel < uniforms.channels;
  var sum = vec2f(0.0);
  if (isIn) {
    for (var row = group.x * uniforms.lanes + lane; row < uniforms.rows; row += uniforms.parts * uniforms.lanes) {
      sum += pairOf(row, channel);
    }
  }
  sums[local] = sum;
  ${joinLanes('sums[local] += sums[local + half * uniforms.wide];')}
  if (isIn && lane == 0u) {
    partial[group.x * uniforms.channels + channel] = sums[local].x;
    partial[(uniforms.parts + group.x) * uniforms.channels + channel] = sums[local].y;
  }
}`,
});

/** Joins the lanes of a workgroup in halves, in one order; the first has all of it. */
export function joinLanes(join: string): string {
  return `
  var count = uniforms.lanes;
  loop {
    workgroupBarrier();
    if (count <= 1u) { break; }
    let half = (count + 1u) / 2u;
    if (lane + half < count) { ${join} }
    count = half;
  }`;
}

/** The program that joins the parts of a channel, a workgroup for each. */
const joinParts: Program<'channels' | 'parts'> = {
  name: 'sums of channels',
  inputs: { partial: 'f32' },
  outputs: ['first', 'second', 'both'],
  uniforms: { channels: 'u32', parts: 'u32' },
  code: `
var<workgroup> sums: array<vec2f, 64>;
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let channel = group.x;
  var sum = vec2f(0.0);
  for (var part = local; part < uniforms.parts; part += 64u) {
    sum += vec2f(
      partial[part * uniforms.channels + channel],
      partial[(uniforms.parts + part) * uniforms.channels + channel],
    );
  }
  sums[local] = sum;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { sums[local] += sums[local + half]; }
  }
  if (local == 0u) {
    first[channel] = sums[0].x;
    second[channel] = sums[0].y;
    both[channel] = sums[0].x;
    both[uniforms.channels + channel] = sums[0].y;
  }
}`,
};

/** The sums of the numbers of each channel's pairs. */
export interface Sums {
  /** [c] */
  readonly first: tf.TensorInfo;
  /** [c] */
  readonly second: tf.TensorInfo;
  /** [2, c]: a program reads few arrays, and this one holds the first and the second. */
  readonly both: tf.TensorInfo;
}

/**
 * Sums of pairs over all axes of `shape` [..., c] but the last. Additions run in one
 * order for one shape, so that equal values give equal bits.
 *
 * @param program made by `addPairs`.
 */
export function sumPairs<Uniform extends string>(
  backend: WebgpuBackend,
  program: Program<Uniform>,
  inputs: readonly tf.TensorInfo[],
  shape: readonly number[],
  uniforms: Readonly<Record<Exclude<Uniform, LayoutUniform>, number>>,
): Sums {
  const layout = layoutOf(shape);
  const { channels, wide, parts } = layout;
  const partial = allocate(backend, [2, parts, channels]);
  run(backend, program, {
    inputs,
    outputs: [partial],
    uniforms: { ...layout, ...uniforms } as Record<Uniform, number>,
    groups: [parts, Math.ceil(channels / wide), 1],
  });
  const first = allocate(backend, [channels]);
  const second = allocate(backend, [channels]);
  const both = allocate(backend, [2, channels]);
  run(backend, joinParts, {
    inputs: [partial],
    outputs: [first, second, both],
    uniforms: { channels, parts },
    groups: [channels, 1, 1],
  });
  release(backend, partial);
  return { first, second, both };
}
