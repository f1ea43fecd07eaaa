import { createRequire } from 'node:module';
import type { EngineListing, EngineName } from './engine.js';
import { engineNames } from './engine.js';
import { nativePackages } from './native.js';
import { webgpuPackages } from './webgpu/find-gpu.js';

const descriptions: Readonly<Record<EngineName, string>> = {
  wasm: 'WebAssembly with our training kernels',
  cpu: 'plain JavaScript',
  webgpu: 'a graphics card of any maker, through WebGPU',
  'tfjs-node': 'native TensorFlow on the CPU',
  'tfjs-node-gpu': 'native TensorFlow on an NVIDIA GPU',
};

const notes: Readonly<Record<EngineName, string>> = {
  wasm: 'the default; one thread unless asked for more, memory up to 4 GB',
  cpu: 'needs nothing and is several hundred times slower; for checks on tiny images',
  webgpu: 'needs a driver of Vulkan, Metal or Direct3D 12; not bit for bit the same on all of them',
  'tfjs-node': 'fastest on many cores; Node 23 and later need a patch that is applied on start',
  'tfjs-node-gpu': 'needs CUDA libraries that fit the installed libtensorflow',
};

/** All engines, whether or not they can start here; loads none of them. */
export function listEngines(): readonly EngineListing[] {
  return engineNames.map((name) => {
    const packages = packagesOf(name);
    const installed = packages.every(isInstalled);
    return {
      name,
      installed,
      description: descriptions[name],
      notes: installed
        ? notes[name]
        : `${notes[name]}; install with: npm install ${packages.join(' ')}`,
    };
  });
}

function packagesOf(name: EngineName): readonly string[] {
  if (name === 'wasm') return ['@tensorflow/tfjs-backend-wasm'];
  if (name === 'webgpu') return webgpuPackages;
  const native = nativePackages[name];
  return native === undefined ? [] : [native];
}

function isInstalled(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}
