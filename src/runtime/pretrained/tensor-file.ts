import type { LayerCallRecord } from './keras-calls.js';
import type { TrainedFacts } from './trained-facts.js';

/** One tensor of a file of weights. */
export interface StoredTensor {
  /** Its name in the file, without the `:0` that TensorFlow 1 puts behind names. */
  readonly name: string;
  /** As the file has it: PyTorch and Keras lay kernels out differently. */
  readonly shape: readonly number[];
  /** Where it stands among the layers of a Keras file that have no names of their own. */
  readonly place?: LayerPlace;
  /** Whether it holds whole numbers, which are no weights without a scale. */
  readonly isWhole: boolean;
  /** Its values in row-major order. Throws `TensorFileError` when the file does not hold them. */
  read(): Float32Array;
}

/** A layer that Keras named or numbered by itself, as `conv2d_17`. */
export interface LayerPlace {
  /** `conv2d` */
  readonly className: string;
  /** What the file calls it. */
  readonly layer: string;
  /** Counted in the order of the model's layers, or of those of its class. */
  readonly at: number;
  /** What the tensor is to the layer: `kernel`. */
  readonly role: string;
}

/** A file of weights, open for reading. */
export interface TensorFile {
  /** In words: `safetensors`. */
  readonly format: string;
  readonly tensors: readonly StoredTensor[];
  /** The calls of the layers that the weights belong to, where the file holds the model itself. */
  readonly calls?: readonly LayerCallRecord[] | undefined;
  /** What the file says of images and classes, where unetc wrote it. */
  readonly facts?: TrainedFacts | undefined;
  /** Frees what reading needed; no tensor can be read afterwards. */
  close(): void;
}

/** Why a file of weights cannot be read: a clause without a final period, and what helps. */
export class TensorFileError extends Error {
  constructor(
    readonly reason: string,
    readonly help: readonly string[] = [],
  ) {
    super(reason);
    this.name = 'TensorFileError';
  }
}

/** The number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** `3 x 3 x 32 x 64`; a tensor without axes is `one number`. */
export function describeShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'one number' : shape.join(' x ');
}
