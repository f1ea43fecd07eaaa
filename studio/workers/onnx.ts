/** Writes the network of the page as an ONNX file, as `unetc build --target onnx` does. */
import { emitOnnx } from '../../src/codegen/onnx/emit.js';
import { encodeModel } from '../../src/codegen/onnx/encode.js';
import { joined } from '../../src/codegen/onnx/protobuf.js';
import { namedValues } from '../../src/runtime/exports/onnx-weights.js';
import { initialiseWeights } from '../../src/runtime/network/weights.js';
import { Random } from '../../src/runtime/random.js';
import type { OnnxAnswer, PageSource } from '../messages.js';
import { compileSource } from '../training/compile-source.js';

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.addEventListener('message', ({ data }: MessageEvent<PageSource>) => {
  void write(data)
    .catch((error: unknown): OnnxAnswer => {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', reason };
    })
    .then((answer) => scope.postMessage(answer));
});

async function write(source: PageSource): Promise<OnnxAnswer> {
  const { run, diagnostics } = compileSource(source);
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
