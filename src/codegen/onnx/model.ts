/**
 * A model in the terms of ONNX (https://onnx.ai/onnx/repo-docs/IR.html): nodes that read and
 * make values by their names, and constants under names of their own.
 */
export interface OnnxModel {
  readonly name: string;
  /** What the spec says of the model; empty where it says nothing. */
  readonly documentation: string;
  /** In an order in which each follows what it reads. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** One operator; `name` is also that of the value which is taken of it. */
export interface OnnxNode {
  readonly type: string;
  readonly name: string;
  /** Which of the values that it makes is taken. */
  readonly output: 'first' | 'second';
  /** Names of values; an empty one leaves an input out. */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
}

export type Attributes = Readonly<Record<string, Attribute>>;

/** A value of an attribute: whole numbers and numbers with a fraction are types of their own. */
export type Attribute =
  | { readonly integer: number }
  | { readonly integers: readonly number[] }
  | { readonly float: number }
  | { readonly text: string };

/** Weights, or small constants: of 32 bits with a fraction, or whole ones of 64 bits. */
export interface OnnxTensor {
  readonly name: string;
  /** Empty for a single number. */
  readonly dimensions: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** An input or output of the model, of 32-bit numbers. */
export interface OnnxValue {
  readonly name: string;
  /** A number, or a name for one that is known when the model runs: equal names are equal numbers. */
  readonly dimensions: readonly (number | string)[];
}
