import type { OnnxLibrary, OnnxRuntime } from '../../../src/runtime/onnx/onnx-runtime.js';

/** ONNX Runtime's build for pages, which runs in Node.js too; undefined where it is not installed. */
export const runtimeForPages: OnnxRuntime | undefined = await load();

async function load(): Promise<OnnxRuntime | undefined> {
  const name = 'onnxruntime-web' as string;
  try {
    const { env, Tensor, InferenceSession } = (await import(name)) as OnnxLibrary & {
      readonly env: { readonly wasm: { numThreads: number } };
    };
    env.wasm.numThreads = 1;
    env.logLevel = 'error';
    return { env, Tensor, InferenceSession, processor: 'wasm', accelerators: [] };
  } catch {
    return undefined;
  }
}
