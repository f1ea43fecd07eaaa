import { createRequire } from 'node:module';
import type { EngineListing, EngineName } from './engine.js';
import { engineNames } from './engine.js';
import { nativePackages } from './native.js';

const descriptions: Readonly<Record<EngineName, string>> = {
  wasm: 'WebAssembly with our training kernels',
  cpu: 'plain JavaScript',
  'tfjs-node': 'native TensorFlow on the CPU',
  'tfjs-node-gpu': 'native TensorFlow on an NVIDIA GPU',
};

const notes: Readonly<Record<EngineName, string>> = {
  wasm: 'the default; one thread unless asked for more, memory up to 4 GB',
  cpu: 'needs nothing and is several hundred times slower; for checks on tiny images',
  'tfjs-node': 'fastest on many cores; Node 23 and later need a patch that is applied on start',
  'tfjs-node-gpu': 'needs CUDA libraries that fit the installed libtensorflow',
};

/** All engines, whether or not they can start here; loads none of them. */
export function listEngines(): readonly EngineListing[] {
  return engineNames.map((name) => {
    const packageName = name === 'wasm' ? '@tensorflow/tfjs-backend-wasm' : nativePackages[name];
    const installed = packageName === undefined || isInstalled(packageName);
    return {
      name,
      installed,
      description: descriptions[name],
      notes: installed ? notes[name] : `${notes[name]}; install with: npm install ${packageName}`,
    };
  });
}

function isInstalled(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}
