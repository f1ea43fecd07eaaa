import type { Span } from '../diagnostics/source.js';
import type { BlockDescription } from './block.js';
import type { Derivation, Formula } from './formula.js';
import type { NumberLimits } from './number-limits.js';
import type { Op } from './operations/ops.js';
import type { NamedTensor } from './provenance.js';
import type { TargetForm } from './target.js';

/** An index into `Graph.nodes`. */
export type NodeId = number;
/** An index into `Graph.scopes`; 0 is the model itself. */
export type ScopeId = number;

/**
 * One operation and the tensor it makes. `name` is unique in the graph, reads
 * as a path (`e1/conv1`), and is what targets make the name of a layer or a module of: a
 * tensor named in the spec keeps exactly that name.
 */
export interface GraphNode {
  readonly id: NodeId;
  readonly name: string;
  /**
   * Inside a shared instance: what the operation is called in all calls of that. Nodes of
   * one such name are one operation, with the same weights, that runs several times.
   */
  readonly sharedName?: string;
  readonly op: Op;
  /** Earlier nodes, in the operation's order. */
  readonly inputs: readonly NodeId[];
  /** Number of channels of the output. */
  readonly channels: number;
  /** The tensor with a name in the spec that the node makes or leads to. */
  readonly tensor: NamedTensor;
  /** The block call that made this node. */
  readonly scope: ScopeId;
  /** Where in the spec the operation is written. */
  readonly origin: Span;
  /** For each attribute that follows from parameters: how, for emitters. */
  readonly derivations?: Readonly<Record<string, Derivation>>;
  /** Whether training leaves its weights and running statistics as they are. */
  readonly isFrozen: boolean;
}

/** The value of a block argument. */
export type ArgumentValue = number | boolean | string | readonly ArgumentValue[];

/** One argument of a block call: its value, and how it follows from the caller's parameters, or from those of the block by its default. */
export interface ScopeArgument {
  readonly name: string;
  readonly value: ArgumentValue;
  readonly derivation?: Derivation;
}

/** A parameter of the model. */
export interface GraphParameter {
  readonly name: string;
  /** The value this graph was made for. */
  readonly value: ArgumentValue;
  /** Which numbers its type takes, and the operations that its value is given to. */
  readonly limits: NumberLimits;
  /** How the value follows from the parameters before it, where nothing was set. */
  readonly default?: Formula;
  /** Whether more follows from it than numbers in the network: operations, sizes. */
  readonly isFixed: boolean;
}

/** One call of a block; the graph keeps the hierarchy so that emitted code has functions where the spec has blocks. */
export interface Scope {
  readonly id: ScopeId;
  readonly parent: ScopeId | undefined;
  /** Undefined for the model itself. */
  readonly block: BlockDescription | undefined;
  /** The path of this call (`e1`), the prefix of its nodes' names; empty for the model. */
  readonly name: string;
  /** Inside a shared instance: what this call is called in all calls of that. */
  readonly sharedName?: string;
  /** Of a call of a shared instance: what the instance is called. Calls of one have its weights. */
  readonly instance?: string;
  readonly args: readonly ScopeArgument[];
  /** Tensors from outside that the block reads: its `in`, then its tensor parameters. */
  readonly inputs: readonly NodeId[];
  /** The tensor it returns. */
  readonly output: NodeId;
  /** Further tensors it returns; no block of the language does. */
  readonly others?: readonly NodeId[];
  /** The call in the spec. */
  readonly origin: Span;
}

/** What a head's last operation gives: it decides which losses fit. */
export type HeadValues = 'logits' | 'sigmoid' | 'softmax';

/** An output of a graph. */
export interface GraphOutput {
  readonly name: string;
  readonly node: NodeId;
  readonly values: HeadValues;
  /** What it stands for, where the recipe gives its head a target of its own; else classes. */
  readonly form?: TargetForm;
  readonly origin: Span;
}

/**
 * One `head` of the spec: its main output, which carries the head's name, and one
 * for every other tensor that is supervised.
 */
export interface GraphHead {
  readonly name: string;
  /** Names of its outputs, in the order of the graph's. */
  readonly outputs: readonly string[];
  /** The part of the head's loss that each output has, in the order of `outputs`; they sum to 1. */
  readonly weights: readonly number[];
  /** What the head predicts: its main output, or the mean of the probabilities of all. */
  readonly prediction: HeadPrediction;
}

export type HeadPrediction = 'main' | 'average';

/** A name for an axis of the input, or its fixed number of pixels. */
export type InputAxis = number | string;

export interface GraphInput {
  readonly name: string;
  readonly node: NodeId;
  readonly height: InputAxis;
  readonly width: InputAxis;
}

/** A declared encoder of a model. */
export interface GraphEncoder extends Omit<BlockDescription, 'parameters'> {
  /** What it is called in the model: by its own name, unless that gives it another. */
  readonly called: string;
}

/** A model as a directed acyclic graph; every node comes after its inputs. */
export interface Graph {
  readonly model: string;
  readonly doc?: string;
  readonly nodes: readonly GraphNode[];
  readonly scopes: readonly Scope[];
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly GraphOutput[];
  /** In the order of the spec; every output belongs to one. */
  readonly heads: readonly GraphHead[];
  /** The declared encoders that made some of the nodes. */
  readonly encoders: readonly GraphEncoder[];
  /** The model's parameters, in the spec's order. */
  readonly parameters: readonly GraphParameter[];
}
