import { isMerge } from '../../ir/operations/operation-rules.js';
import type { OpKind } from '../../ir/operations/ops.js';
import {
  textOfSource,
  type ModuleBody,
  type ModuleStep,
  type OperationStep,
  type TensorSource,
} from './module.js';

/**
 * What becomes of the memory that an operation gives, as PyTorch's autograd has it
 * (`tools/autograd/derivatives.yaml` of PyTorch): it is
 *
 * - `free`: new, and the gradient of the operation is computed from what went in;
 * - `saved`: new, and the gradient reads it;
 * - `shared`: that of an input, or a view of it, at least in prediction or for some sizes.
 */
type ResultMemory = 'free' | 'saved' | 'shared';

const resultMemory = {
  input: 'shared',
  conv: 'free',
  depthwise_conv: 'free',
  conv_transpose: 'free',
  // The places of maxima are kept, not their values.
  max_pool: 'free',
  avg_pool: 'free',
  max_unpool: 'free',
  global_avg_pool: 'free',
  // The gradient goes to the values that equal the largest.
  global_max_pool: 'saved',
  adaptive_avg_pool: 'free',
  adaptive_max_pool: 'free',
  upsample: 'free',
  resize_to: 'free',
  crop_to: 'shared',
  pad_to: 'free',
  crop: 'shared',
  // Without edges nothing is written.
  pad: 'shared',
  // By a factor of one it may be a view.
  pixel_shuffle: 'shared',
  space_to_depth: 'shared',
  channel_mean: 'free',
  // The gradient goes to the values that equal the largest.
  channel_max: 'saved',
  // Fast forms of the gradient read what came out.
  attention: 'saved',
  positions: 'free',
  slice: 'shared',
  split: 'shared',
  channel_shuffle: 'shared',
  // Where nothing is added it is a view.
  pad_channels: 'shared',
  batch_norm: 'free',
  instance_norm: 'free',
  group_norm: 'free',
  layer_norm: 'free',
  // The gradient of the weight reads what went in.
  layer_scale: 'free',
  activation: 'saved',
  prelu: 'free',
  softmax: 'saved',
  // In prediction it gives what it gets.
  dropout: 'shared',
  concat: 'free',
  add: 'free',
  average: 'free',
  subtract: 'free',
  multiply: 'free',
  is_largest: 'free',
} as const satisfies Readonly<Record<OpKind, ResultMemory>>;

/** Says of the steps of classes which may write their result over what they read. */
export class InPlace {
  readonly #readers = new Map<ModuleBody, ReadonlyMap<string, number>>();

  /**
   * Whether the first input of a step is the step's alone: no other step reads it, nor a
   * caller, nor a gradient. What flows into a class is its caller's. Steps are those of the
   * graph, so that this holds in every call of a class, however its `forward` is written.
   */
  mayOverwrite(body: ModuleBody, { inputs: [first] }: ModuleStep): boolean {
    return first !== undefined && this.#isOwn(body, first);
  }

  /** Whether one reader has a tensor for itself. */
  #isOwn(body: ModuleBody, source: TensorSource): boolean {
    if (source.from === 'input' || this.#readersOf(body).get(textOfSource(source)) !== 1) {
      return false;
    }
    const maker = body.steps[source.index]!;
    if (maker.kind === 'operation') return memoryOf(maker) === 'free';
    const inside = maker.callee.body;
    return this.#isOwn(inside, inside.outputs[source.output]!);
  }

  /** How often each tensor of a body is read by steps and given to callers. */
  #readersOf(body: ModuleBody): ReadonlyMap<string, number> {
    const known = this.#readers.get(body);
    if (known !== undefined) return known;
    const counts = new Map<string, number>();
    for (const source of [...body.steps.flatMap(({ inputs }) => inputs), ...body.outputs]) {
      const text = textOfSource(source);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    this.#readers.set(body, counts);
    return counts;
  }
}

function memoryOf({ operation, inputs }: OperationStep): ResultMemory {
  const { op } = operation.node;
  // Of one tensor alone the merge is that tensor.
  return isMerge(op) && inputs.length === 1 ? 'shared' : resultMemory[op.kind];
}
