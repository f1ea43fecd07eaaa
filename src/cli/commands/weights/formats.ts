import type { Graph } from '../../../ir/graph.js';
import { describeModel, type DescribedModel } from '../../../codegen/model-facts.js';

/** A format that is one file of weights. */
export interface FileFormat {
  readonly kind: 'file';
  readonly ending: string;
  /** By which readers take a file for more than weights. */
  readonly endingOfModels?: string;
  /** The bytes, in pieces that lie behind each other; `values` by the network's own names. */
  readonly encode: (
    described: DescribedModel,
    values: ReadonlyMap<string, Float32Array>,
    /** What the file is called. */
    file: string,
  ) => Promise<readonly Uint8Array[]>;
  /** How whoever takes the file reads it, as a line of a program. */
  readonly reading: (file: string) => string;
}

/** A format that holds the network with its weights, which "build" writes, too. */
export interface ModelFormat {
  readonly kind: 'model';
  readonly ending: string;
}

async function torchTensors(graph: Graph, values: ReadonlyMap<string, Float32Array>) {
  const { torchTensors: tensors } =
    await import('../../../runtime/exports/weights/named-tensor.js');
  return tensors(graph, values);
}

/** Keras itself tells its formats apart by the ending. */
const isOfKeras3 = (file: string): boolean => file.endsWith('.weights.h5');

/** What `--to` chooses. */
const weightFormats = {
  safetensors: {
    kind: 'file',
    ending: '.safetensors',
    encode: async (described, values) => {
      const { safetensorsFile } = await import('../../../runtime/exports/weights/safetensors.js');
      const tensors = await torchTensors(described.graph, values);
      return safetensorsFile(tensors, describeModel(described));
    },
    reading: (file) => `model.load_state_dict(safetensors.torch.load_file("${file}"))`,
  },
  pytorch: {
    kind: 'file',
    ending: '.pt',
    encode: async ({ graph }, values) => {
      const { pytorchFile } = await import('../../../runtime/exports/weights/pytorch.js');
      return pytorchFile(await torchTensors(graph, values));
    },
    reading: (file) => `model.load_state_dict(torch.load("${file}", weights_only=True))`,
  },
  keras: {
    kind: 'file',
    ending: '.h5',
    endingOfModels: '.keras',
    encode: async ({ graph }, values, file) => {
      const { kerasFile, kerasWeightsFile } =
        await import('../../../runtime/exports/weights/keras.js');
      return [await (isOfKeras3(file) ? kerasWeightsFile : kerasFile)(graph, values)];
    },
    reading: (file) => `model.load_weights("${file}"${isOfKeras3(file) ? '' : ', by_name=True'})`,
  },
  tfjs: { kind: 'model', ending: '.tfjs' },
  onnx: { kind: 'model', ending: '.onnx' },
} as const satisfies Readonly<Record<string, FileFormat | ModelFormat>>;

export type WeightFormatName = keyof typeof weightFormats;

/** The names of all formats. */
export const weightFormatNames = Object.keys(weightFormats) as readonly WeightFormatName[];

/** The format of that name. */
export const weightFormatOf = (name: WeightFormatName): FileFormat | ModelFormat =>
  weightFormats[name];
