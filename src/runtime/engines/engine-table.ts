import { createRequire } from 'node:module';
import { isFile } from '../../files/index.js';
import { findPython } from '../python/find-python.js';
import { findCudaLibraries } from './cuda-libraries.js';
import { onnxPackage } from '../onnx/onnx-runtime.js';
import type { EngineName } from './engine.js';
import { webgpuPackages } from './webgpu/find-gpu.js';
import { findNativePackage, packageOf, type NativeEngine } from './native-package.js';

/** All that computes: the engines of this process, ONNX Runtime, and PyTorch in a process of its own. */
export type ComputingName = EngineName | 'onnx' | 'pytorch';

/** One of the things that an engine needs. */
export interface EnginePart {
  readonly what: string;
  /** What was found of it: a version, a place; undefined where it is missing. */
  readonly found: string | undefined;
  /** What may be missing; the rest works without. */
  readonly isOptional?: true;
}

/** What is known of an engine before anything of it is loaded. */
export interface EngineEntry {
  readonly description: string;
  /** What to know before choosing it. */
  readonly notes: string;
  /** What it does. */
  readonly does: readonly ('training' | 'prediction')[];
  /** Looks for what it needs on this machine. */
  readonly inspect: () => Promise<readonly EnginePart[]>;
  /** The call of `unetc`, or of another program, that brings what is missing; undefined where nothing can be. */
  readonly install: string | undefined;
}

/** Every engine, in the order in which they are shown. */
export const engineTable: Readonly<Record<ComputingName, EngineEntry>> = {
  wasm: {
    description: 'WebAssembly with our training kernels',
    notes: 'always there; one thread unless asked for more, memory up to 4 GB',
    does: ['training', 'prediction'],
    inspect: () => Promise.resolve([inspectPackage('@tensorflow/tfjs-backend-wasm')]),
    install: undefined,
  },
  cpu: {
    description: 'plain JavaScript',
    notes: 'several hundred times slower; for checks on tiny images',
    does: ['training', 'prediction'],
    inspect: () => Promise.resolve([]),
    install: undefined,
  },
  webgpu: {
    description: 'a graphics card of any maker, through WebGPU',
    notes:
      'needs a driver of Vulkan, Metal or Direct3D 12; not bit for bit the same on all of them',
    does: ['training', 'prediction'],
    inspect: () => Promise.resolve(webgpuPackages.map(inspectPackage)),
    install: 'unetc engines install webgpu',
  },
  'tfjs-node': {
    description: 'native TensorFlow on the CPU',
    notes: 'fastest for large networks',
    does: ['training', 'prediction'],
    inspect: () => Promise.resolve(inspectNative('tfjs-node')),
    install: 'unetc engines install tfjs-node',
  },
  'tfjs-node-gpu': {
    description: 'native TensorFlow on an NVIDIA GPU',
    notes: 'needs CUDA libraries of the version that its TensorFlow was built for',
    does: ['training', 'prediction'],
    inspect: () => Promise.resolve([...inspectNative('tfjs-node-gpu'), ...inspectCuda()]),
    install: 'unetc engines install tfjs-node-gpu',
  },
  onnx: {
    description:
      'ONNX Runtime, on the processor or, where its package has them, on CUDA, DirectML or Core ML',
    notes: 'predicts only, several times as fast as the others on a processor',
    does: ['prediction'],
    inspect: () => Promise.resolve([inspectPackage(onnxPackage)]),
    install: 'unetc engines install onnx',
  },
  pytorch: {
    description: 'PyTorch in a Python of yours, on its GPUs where it has any',
    notes: 'trains only; chosen by "--engine pytorch" alone',
    does: ['training'],
    inspect: inspectPython,
    install: 'python3 -m pip install torch numpy pillow safetensors',
  },
};

function inspectPackage(name: string): EnginePart {
  const what = `package ${name}`;
  try {
    const file = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
    return { what, found: file.version };
  } catch {
    return { what, found: undefined };
  }
}

function inspectNative(name: NativeEngine): readonly EnginePart[] {
  const found = findNativePackage(name);
  const isThere = found !== undefined && isFile(found.binding);
  return [
    { what: `package ${packageOf(name)}`, found: found?.version },
    { what: 'native part', found: isThere ? found.binding : undefined },
  ];
}

function inspectCuda(): readonly EnginePart[] {
  const { found, missing } = findCudaLibraries();
  return [
    ...found.map((name): EnginePart => ({ what: 'CUDA library', found: name })),
    // Python's packages of NVIDIA are found by a TensorFlow beside them all the same.
    ...missing.map((what): EnginePart => ({ what, found: undefined, isOptional: true })),
  ];
}

async function inspectPython(): Promise<readonly EnginePart[]> {
  const what = 'Python with PyTorch';
  const found = await findPython(undefined);
  if ('program' in found) return [{ what, found: `${found.description} (${found.program})` }];
  return [{ what, found: undefined }];
}
