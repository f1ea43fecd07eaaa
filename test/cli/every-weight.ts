import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import type { Graph } from '../../src/ir/graph.js';
import { torchTensors } from '../../src/runtime/exports/weights/named-tensor.js';
import { safetensorsFile } from '../../src/runtime/exports/weights/safetensors.js';
import { Random } from '../../src/runtime/random.js';

/** Every kind of weight, of operations with and without each, with kernels that are not square. */
export const everyWeight = `
block unit(c: int) {
  h = in -> conv(c, [3, 1], bias: false) -> batch_norm -> relu
  out = [h, in] -> add if in.channels == c else h
}
model Every {
  input image: [H, W, 3]
  wires {
    a = image -> conv(8, [1, 3]) -> prelu -> unit(8)
    b = a -> depthwise_conv([3, 2], multiplier: 2) -> group_norm(groups: 4)
    c = b -> conv(12, 3, groups: 4) -> instance_norm -> unit(12) -> unit(6)
    d = c -> max_pool(2) -> conv_transpose(5, [2, 3], stride: 2, padding: same) -> layer_norm
    e = d -> depthwise_conv(3, bias: false) -> instance_norm(affine: false)
    f = e -> conv_transpose(7, 2, bias: false, padding: same)
  }
  head mask: f -> conv(2, 1)
}
`;
/** Any finite numbers of 32 bits: of all sizes, those below the smallest normal one, and -0. */
export function unusualValues(graph: Graph): ReadonlyMap<string, Float32Array> {
  return new Map(
    graphWeights(graph).map(({ name, shape }, index) => {
      const random = new Random(7).fork(name);
      const size = shape.reduce((product, length) => product * length, 1);
      const bits = Uint32Array.from({ length: size }, () => random.uniform(0, 2 ** 32));
      const numbers = new Float32Array(bits.buffer).map((each) =>
        Number.isFinite(each) ? each : 0,
      );
      if (index === 0) numbers.set([-0, 1e-45, 3.4028234663852886e38]);
      return [name, numbers] as const;
    }),
  );
}

/** A safetensors file of these values. */
export const unusualFile = (graph: Graph): Buffer =>
  Buffer.concat(safetensorsFile(torchTensors(graph, unusualValues(graph)), {}));

/** The bits of values. */
export const hexOf = (all: ReadonlyMap<string, Float32Array>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...all].map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      Buffer.from(buffer, byteOffset, byteLength).toString('hex'),
    ]),
  );
