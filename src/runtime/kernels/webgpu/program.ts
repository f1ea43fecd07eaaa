import * as tf from '../../tensorflow.js';
import type { GpuPipeline, WebgpuBackend } from './backend.js';

/** A program in WGSL: the types and names of what it reads and writes, and its text. */
export interface Program<Uniform extends string = string> {
  /** Names it in messages of the device. */
  readonly name: string;
  /** Arrays that it reads, of float32 unless another type stands here. */
  readonly inputs: Readonly<Record<string, 'f32' | 'i32'>>;
  /** Arrays of float32 that it writes. */
  readonly outputs: readonly string[];
  readonly uniforms: Readonly<Record<Uniform, 'u32' | 'f32'>>;
  /**
   * Declares `@compute @workgroup_size(...) fn main(...)`, which sees `uniforms.<name>` and the
   * arrays by their names.
   */
  readonly code: string;
}

/** What one call of a program works on. */
export interface Dispatch<Uniform extends string> {
  /** In the order of the program's inputs. */
  readonly inputs: readonly tf.TensorInfo[];
  /** In the order of the program's outputs; none is an input as well. */
  readonly outputs: readonly tf.TensorInfo[];
  readonly uniforms: Readonly<Record<Uniform, number>>;
  /** Workgroups along x, y, z. */
  readonly groups: readonly [number, number, number];
}

/** Pipelines by device and program; programs are constants of their modules. */
const pipelines = new WeakMap<object, WeakMap<Program, GpuPipeline>>();

/** Records a call of a program, to run after those that were recorded before. */
export function run<Uniform extends string>(
  backend: WebgpuBackend,
  program: Program<Uniform>,
  { inputs, outputs, uniforms, groups }: Dispatch<Uniform>,
): void {
  const tensors = [...inputs, ...outputs];
  for (const { dataId } of tensors) backend.uploadToGPU(dataId);
  const pipeline = pipelineOf(backend, program);
  const numbers = Object.entries<'u32' | 'f32'>(program.uniforms).map(([name, type]) => ({
    type: type === 'u32' ? ('uint32' as const) : ('float32' as const),
    data: [uniforms[name as Uniform]],
  }));
  const resources = [
    ...tensors.map(({ dataId }) => ({ buffer: backend.tensorMap.get(dataId).resource! })),
    backend.makeUniforms(numbers),
  ];
  const group = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
  for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder.beginComputePass({});
  const pass = backend.computePassEncoder;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(...groups);
  backend.dispatchCountInPass++;
  if (backend.dispatchCountInPass < tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

function pipelineOf({ device }: WebgpuBackend, program: Program): GpuPipeline {
  const known = pipelines.get(device) ?? new WeakMap<Program, GpuPipeline>();
  pipelines.set(device, known);
  const present = known.get(program);
  if (present !== undefined) return present;
  const label = program.name;
  const module = device.createShaderModule({ code: textOf(program), label });
  const compute = { module, entryPoint: 'main' };
  const pipeline = device.createComputePipeline({ layout: 'auto', label, compute });
  known.set(program, pipeline);
  return pipeline;
}

function textOf({ inputs, outputs, uniforms, code }: Program): string {
  const read = Object.entries(inputs).map(
    ([name, type]) => `var<storage, read> ${name}: array<${type}>;`,
  );
  const written = outputs.map((name) => `var<storage, read_write> ${name}: array<f32>;`);
  const fields = Object.entries(uniforms).map(([name, type]) => `${name}: ${type},`);
  return [
    `struct Uniforms { ${fields.join(' ')} }`,
    ...[...read, ...written, 'var<uniform> uniforms: Uniforms;'].map(
      (variable, binding) => `@group(0) @binding(${binding}) ${variable}`,
    ),
    code,
  ].join('\n');
}

/** A new float32 tensor with arbitrary contents. */
export function allocate(backend: WebgpuBackend, shape: readonly number[]): tf.TensorInfo {
  return backend.makeTensorInfo([...shape], 'float32');
}

/** Gives back a tensor that no one else will see, once the programs that use it have run. */
export function release(backend: WebgpuBackend, ...tensors: readonly tf.TensorInfo[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}

/** Threads of a workgroup that takes values one after the other. */
const flatSize = 256;

/**
 * The start of a program with a thread for each of `uniforms.size` values, whose number is
 * `at`; the body follows, and one brace.
 */
export const flatMain = `
@compute @workgroup_size(${flatSize})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * grid.x + group.x) * ${flatSize}u + local;
  if (at >= uniforms.size) { return; }
`;

/** Workgroups for that many values; one dimension of a grid may be too short for them. */
export function flatGroups(
  { device }: WebgpuBackend,
  size: number,
): readonly [number, number, number] {
  const count = Math.ceil(size / flatSize);
  const rows = Math.ceil(count / device.limits.maxComputeWorkgroupsPerDimension);
  return [Math.ceil(count / rows), rows, 1];
}
