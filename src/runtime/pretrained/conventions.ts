import type { GraphNode } from '../../ir/graph.js';
import type { WeightRole, WeightSpec } from '../../codegen/tfjs/weights.js';

/** How a library names the weights of an operation, and in which order of axes it keeps them. */
export interface Convention {
  /** What a weight is called behind the operation's name. */
  suffixOf(role: WeightRole, node: GraphNode): string;
  /** The shape that the weight has in a file, from its own. */
  storedShape(spec: WeightSpec, node: GraphNode): readonly number[];
  /** Brings values from the order in the file into that of the network. */
  toOwnOrder(values: Float32Array, spec: WeightSpec, node: GraphNode): Float32Array;
}

/** Keras and TensorFlow.js: channels last, as here. */
export const kerasConvention: Convention = {
  suffixOf: (role, node) =>
    role === 'kernel' && node.op.kind === 'depthwise_conv' ? '/depthwise_kernel' : `/${role}`,
  storedShape: ({ shape }) => shape,
  toOwnOrder: (values) => values,
};

/** Keras 3 calls the kernel of a depthwise convolution like any other. */
const keras3: Convention = { ...kerasConvention, suffixOf: (role) => `/${role}` };

const torchSuffixes: Readonly<Record<WeightRole, string>> = {
  kernel: '.weight',
  bias: '.bias',
  gamma: '.weight',
  beta: '.bias',
  alpha: '.weight',
  moving_mean: '.running_mean',
  moving_variance: '.running_var',
  table: '.table',
};

/**
 * PyTorch: kernels are [out, in / groups, height, width], of transposed
 * convolutions [in, out, height, width], of depthwise ones [in * multiplier, 1,
 * height, width], where the kernels of one channel follow each other.
 */
const torch: Convention = {
  suffixOf: (role) => torchSuffixes[role],
  storedShape: ({ role, shape }, { op }) => {
    if (role !== 'kernel') return shape;
    const [height, width, third, fourth] = shape as [number, number, number, number];
    return op.kind === 'depthwise_conv'
      ? [third * fourth, 1, height, width]
      : [fourth, third, height, width];
  },
  toOwnOrder: (values, { role, shape }, { op }) => {
    if (role !== 'kernel') return values;
    const [height, width, third, fourth] = shape as [number, number, number, number];
    const ordered = new Float32Array(values.length);
    let to = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let a = 0; a < third; a++) {
          for (let b = 0; b < fourth; b++) {
            const slice = op.kind === 'depthwise_conv' ? a * fourth + b : b * third + a;
            ordered[to] = values[(slice * height + y) * width + x]!;
            to += 1;
          }
        }
      }
    }
    return ordered;
  },
};

/** All that are known; the first under which a file has a weight is taken. */
export const conventions: readonly Convention[] = [kerasConvention, keras3, torch];
