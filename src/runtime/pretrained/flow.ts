/**
 * One operation of a network, told so that those of different programs compare: what
 * keeps shapes and values in all programs alike, or is done here and there in different
 * ways (dropout, zero padding), has no step of its own.
 */
export interface Step {
  /** What it does, weights aside: equal for operations that can stand for each other. */
  readonly key: string;
  /** Steps it reads, by their index. */
  readonly inputs: readonly number[];
  /** Whether the order of inputs makes no difference. */
  readonly commutes: boolean;
}

/** Steps in an order in which inputs come first; the image is the first. */
export type Flow = readonly Step[];

/** Grows a flow; what has no weights is one step, however often it is done to the same. */
export class FlowBuilder {
  readonly steps: Step[] = [];
  readonly #made = new Map<string, number>();

  /** The index of the step. */
  add(step: Step, hasWeights: boolean): number {
    const identity = `${step.key}\n${step.inputs.join()}`;
    const made = hasWeights ? undefined : this.#made.get(identity);
    if (made !== undefined) return made;
    const at = this.steps.push(step) - 1;
    if (!hasWeights) this.#made.set(identity, at);
    return at;
  }
}

const pair = (values: readonly number[]): string => values.join(' x ');

/** Keys of operations as both sides write them. */
export const keys = {
  image: 'image',
  /** `shape` is the kernel's, [height, width, in, out]; a kernel on the image may read other channels. */
  conv: (
    kind: 'conv' | 'depthwise_conv' | 'conv_transpose',
    shape: readonly number[],
    options: {
      readonly stride: readonly number[];
      readonly dilation?: readonly number[] | undefined;
      readonly groups?: number | undefined;
      readonly readsImage?: boolean;
    },
  ): string => {
    const { stride, dilation = [1, 1], groups = 1, readsImage = false } = options;
    const kernel = readsImage ? [shape[0]!, shape[1]!, '?', shape[3]!] : shape;
    return `${kind} ${kernel.join(' x ')} by ${pair(stride)}, dilation ${pair(dilation)}, ${groups}`;
  },
  norm: (kind: string, channels: number, groups = 0): string => `${kind} ${channels}, ${groups}`,
  prelu: (slopes: number): string => `prelu ${slopes}`,
  pool: (kind: 'max_pool' | 'avg_pool', size: readonly number[], stride: readonly number[]) =>
    `${kind} ${pair(size)} by ${pair(stride)}`,
  global: (kind: 'mean' | 'max'): string => `global ${kind}`,
  activation: (name: string): string => `activation ${name}`,
  upsample: (method: string, factor: readonly number[]): string => `${method} ${pair(factor)}`,
  merge: (kind: string): string => kind,
  /** Cropping and the like: what it does exactly is not compared. */
  other: (kind: string): string => `other ${kind}`,
} as const;
