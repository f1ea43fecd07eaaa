/** Writes the network of the page as an ONNX file, as `unetc build --target onnx` does. */
import { emitOnnx } from '../../src/codegen/onnx/emit.js';
import { encodeModel } from '../../src/codegen/onnx/encode.js';
import { joined } from '../../src/codegen/onnx/protobuf.js';
import { createMemoryHost } from '../../src/host.js';
import { createResolver } from '../../src/project/imports.js';
import { namedValues } from '../../src/runtime/exports/onnx-weights.js';
import { initialiseWeights } from '../../src/runtime/network/weights.js';
import { Random } from '../../src/runtime/random.js';
import { compileRun } from '../../src/runtime/training/run-spec.js';
import type { OnnxAnswer, PageSource } from '../messages.js';

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.addEventListener('message', ({ data }: MessageEvent<PageSource>) => {
  void write(data)
    .catch((error: unknown): OnnxAnswer => {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', reason };
    })
    .then((answer) => scope.postMessage(answer));
});

async function write({ path, files, model: name }: PageSource): Promise<OnnxAnswer> {
  const host = createMemoryHost({ ...files });
  const resolve = createResolver(path, { host, folder: host.paths.dirname(path) });
  const wishes = name === undefined ? { resolve } : { resolve, model: name };
  const { run, diagnostics } = compileRun(path, files[path] ?? '', wishes);
  if (run === undefined) {
    return { kind: 'failed', reason: diagnostics.map(({ message }) => message).join(' ') };
  }
  const { model, recipe } = run;
  const weights = initialiseWeights(model.graph, new Random(recipe.seed).fork('weights'));
  const values = await weights.values();
  weights.dispose();
  const made = encodeModel(emitOnnx({ ...model, recipe }, namedValues(values)));
  return { kind: 'file', bytes: joined(made.model) };
}
