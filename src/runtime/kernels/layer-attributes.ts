/** What both passes of a batch norm in training need besides tensors. */
export interface BatchNormAttributes {
  readonly epsilon: number;
  readonly relu: boolean;
}

/** Where each output along an axis comes from: `primitives/kernel-gradients.ts` makes it. */
export interface Sampling {
  readonly inputSize: number;
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly upperWeight: Float32Array;
}

/** What the gradient of sampling an image along both axes needs besides dy. */
export interface InterpolationAttributes {
  readonly rows: Sampling;
  readonly columns: Sampling;
}
