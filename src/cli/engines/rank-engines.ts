import type { EngineName } from '../../runtime/engines/engine.js';
import type { Work } from './work-of-run.js';

/** An engine that "auto" may take: one of this process, or ONNX Runtime, which only predicts. */
export type AutomaticEngine = Exclude<EngineName, 'webgpu'> | 'onnx';

/**
 * Multiply-adds from which native TensorFlow is faster than the WebAssembly engine, both on one
 * thread. A native call costs about 20 microseconds more than one of ours, whatever it computes,
 * and then computes several times as fast; and TensorFlow takes most of a second to load, which
 * predictions of small images do not win back. docs/engines.md has the measurements.
 */
const nativeFrom: Readonly<Record<Work['kind'], number>> = {
  training: 8e9,
  prediction: 4e9,
};

/** Whether work is so much that native libraries are worth their calls. */
export const isLarge = ({ kind, multiplyAdds }: Work): boolean => multiplyAdds >= nativeFrom[kind];

/**
 * The engines for some work, the fastest first, whether or not they are here. WebGPU is left
 * to those who name it, since what it computes depends on the driver.
 */
export function rankEngines(work: Work): readonly AutomaticEngine[] {
  const native = ['tfjs-node-gpu', 'tfjs-node'] as const;
  const own: readonly AutomaticEngine[] = isLarge(work)
    ? [...native, 'wasm', 'cpu']
    : ['wasm', ...native, 'cpu'];
  return work.kind === 'prediction' ? ['onnx', ...own] : own;
}

/** Why an engine is the one for some work, as the end of a sentence. */
export function reasonFor(name: AutomaticEngine, work: Work): string {
  const what = work.kind === 'training' ? 'a step' : 'an image';
  const measured = `${what} of about ${inWords(work.multiplyAdds)} multiply-adds`;
  switch (name) {
    case 'onnx':
      return 'it predicts fastest';
    case 'tfjs-node':
    case 'tfjs-node-gpu':
      return `the fastest here for ${measured}`;
    case 'wasm':
      return `the fastest ${isLarge(work) ? 'here ' : ''}for ${measured}`;
    case 'cpu':
      return 'no other works here';
  }
}

function inWords(count: number): string {
  const [unit, name] = count >= 1e9 ? [1e9, 'billion'] : [1e6, 'million'];
  // Two digits that count: 3.1 billion, 760 million.
  return `${Number((count / unit).toPrecision(2))} ${name}`;
}
