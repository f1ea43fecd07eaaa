import { File as Hdf5File, ready, type Group } from 'h5wasm/node';
import { compileText, type CompiledModel } from '../../../src/compile.js';
import { isOfEncoder } from '../../../src/ir/provenance.js';
import type { Graph } from '../../../src/ir/graph.js';
import { graphWeights, type WeightSpec } from '../../../src/codegen/tfjs/weights.js';
import type { WeightSource } from '../../../src/runtime/pretrained/weight-source.js';

/** A tensor to write into a file. */
export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}
export type WrittenTensors = Readonly<Record<string, WrittenTensor>>;

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((size, length) => size * length, 1);

/** `start`, `start + 1`, ...: every value tells where it came from. */
export const counted = (shape: readonly number[], start = 0): WrittenTensor => ({
  shape,
  values: Array.from({ length: sizeOf(shape) }, (_, at) => start + at),
});

/** A safetensors file of float32 tensors. */
export function writeSafetensors(tensors: WrittenTensors): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const bytes = Buffer.from(Float32Array.from(values).buffer);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes.length] };
    parts.push(bytes);
    offset += bytes.length;
  }
  return withHeader(JSON.stringify(header), Buffer.concat(parts));
}

/** A safetensors file with any table of contents and any values. */
export function withHeader(header: string, values: Buffer): Buffer {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, values]);
}

/** An encoder with a plain, a depthwise and a block of its own names, behind padding. */
export const namedSpec = (fields = '', channels = 3): string => `
block unit(c: int) {
  h = in -> conv(c, 3, bias: false) -> batch_norm
  out = [in, h] -> add if in.channels == c else h
  names torch { h: ["conv", "bn"] }
}
encoder tiny() {
  tap s1 = in -> pad(1) -> conv(4, 3, padding: valid) -> relu
  names torch { s1: "stem" }
  names keras { s1: "stem_conv" }
  x = s1 -> max_pool(2) -> depthwise_conv(3, multiplier: 2)
  names torch { x: "down" }
  names keras { x: "down_dw" }
  for i in range(2) {
    x = x -> unit(8)
    let number = i + 1
    names torch { x: "blocks.{i}." }
    names keras { x: ["b{number}_conv", "b{number}_bn"] }
  }
  tap s2 = x -> prelu
  names torch { s2: "act" }
  names keras { s2: "act" }
}
model Tiny {
  input image: [H, W, ${channels}]
  encoder tiny { ${fields} }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: conv_transpose(width, 2, stride: 2)
    stage: conv(width, 3, bias: false) -> batch_norm -> relu
  }
  head mask: conv(1, 1)
}
train Tiny { loss: bce, epochs: 1, batch: 2, optimizer: adam(lr: 0.01) }
`;

export function networkOf(text: string): CompiledModel {
  const { models, diagnostics } = compileText('tiny.unet', text);
  if (models[0] === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  return models[0];
}

export const graphOf = (text: string): Graph => networkOf(text).graph;

/** The weights of the encoder, by name. */
export function encoderWeights(graph: Graph): readonly WeightSpec[] {
  const inside = new Set(graph.nodes.filter(isOfEncoder).map(({ name }) => name));
  return graphWeights(graph).filter(({ name, role }) =>
    inside.has(name.slice(0, -role.length - 1)),
  );
}

/** The encoder of `namedSpec` as PyTorch would keep it. */
export const torchTensors: WrittenTensors = {
  'stem.weight': counted([4, 3, 3, 3]),
  'stem.bias': counted([4], 1000),
  'down.weight': counted([8, 1, 3, 3], 2000),
  'down.bias': counted([8], 2100),
  ...Object.fromEntries(
    [0, 1].flatMap((block) => {
      const start = 3000 + 1000 * block;
      return [
        [`blocks.${block}.conv.weight`, counted([8, 8, 3, 3], start)],
        [`blocks.${block}.bn.weight`, counted([8], start + 600)],
        [`blocks.${block}.bn.bias`, counted([8], start + 610)],
        [`blocks.${block}.bn.running_mean`, counted([8], start + 620)],
        [`blocks.${block}.bn.running_var`, counted([8], start + 630)],
        [`blocks.${block}.bn.num_batches_tracked`, { shape: [], values: [7] }],
      ];
    }),
  ),
  'act.weight': counted([8], 9000),
};

/** A source for a file, as the command line gives it unless told otherwise. */
export const sourceOf = (path: string, more: Partial<WeightSource> = {}): WeightSource => ({
  path,
  shown: path,
  at: { file: path, start: 0, end: 0 },
  encoderOnly: false,
  isPartial: false,
  ...more,
});

/** A layer as Keras keeps it in HDF5: its weights by their paths, in order. */
export interface KerasLayer {
  readonly name: string;
  readonly weights: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
}

/** Writes a `.h5` as Keras does: groups that list their names, with the model's configuration where it is given. */
export async function writeKeras(
  path: string,
  layers: readonly KerasLayer[],
  config?: object,
): Promise<void> {
  await ready;
  const file = new Hdf5File(path, 'w');
  if (config !== undefined) file.create_attribute('model_config', JSON.stringify(config));
  const top = config === undefined ? file : (file.create_group('model_weights') as Group);
  top.create_attribute(
    'layer_names',
    layers.map(({ name }) => name),
  );
  for (const { name, weights } of layers) {
    const group = top.create_group(name) as Group;
    group.create_attribute(
      'weight_names',
      weights.map((weight) => weight.name),
    );
    for (const { name: path, shape, values } of weights) {
      const parts = path.split('/');
      let inner = group;
      for (const part of parts.slice(0, -1)) {
        inner = inner.keys().includes(part)
          ? (inner.get(part) as Group)
          : (inner.create_group(part) as Group);
      }
      inner.create_dataset({ name: parts.at(-1)!, data: values, shape: [...shape] });
    }
  }
  file.close();
}
