/**
 * How components are declared. One declaration serves option checks (ajv),
 * completion, hover, `unetc explain` and the reference page.
 */

export type Family =
  | 'layer'
  | 'loss'
  | 'weight_map'
  | 'metric'
  | 'optimizer'
  | 'schedule'
  | 'augmentation'
  | 'size_policy'
  | 'scaling'
  /** Plain fields of a section. */
  | 'section';

/** The part of JSON Schema that options use. */
export interface OptionSchema {
  readonly type?: 'integer' | 'number' | 'boolean' | 'string' | 'array';
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: OptionSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly OptionSchema[];
}

export interface OptionDeclaration {
  /** One sentence for people. */
  readonly doc: string;
  /** What the value may be; `tensor` for the name of a tensor. */
  readonly schema: OptionSchema | 'tensor';
  /** The value when it is not written; without one the option is required, unless `optional`. */
  readonly default?: number | boolean | string | readonly number[];
  /** May be left out and then has no value; `doc` says what happens. */
  readonly optional?: true;
}

export interface ComponentDeclaration {
  readonly family: Family;
  /** One sentence for people, then details and sources. */
  readonly doc: string;
  /** Options that may be given without their names, in this order. */
  readonly positional: readonly string[];
  readonly options: Readonly<Record<string, OptionDeclaration>>;
  /** How many tensors a layer takes; one unless said. */
  readonly takes?: 'one' | 'many';
}

/** Keeps the literal option names of a table while checking its shape. */
export function declare<const T extends Readonly<Record<string, ComponentDeclaration>>>(
  table: T,
): T {
  return table;
}

/** More channels than any tensor can have here: a kernel this wide still fits 32-bit sizes. */
export const channelLimit = 65_536;

export const channels: OptionSchema = { type: 'integer', minimum: 1, maximum: channelLimit };
const extent: OptionSchema = { type: 'integer', minimum: 1, maximum: 1024 };
const edge: OptionSchema = { type: 'integer', minimum: 0, maximum: 1024 };

/** One number for both axes, or [vertical, horizontal]. */
export const pair: OptionSchema = {
  anyOf: [extent, { type: 'array', items: extent, minItems: 2, maxItems: 2 }],
};

/** One number for all edges, [vertical, horizontal], or [top, bottom, left, right]. */
export const edges: OptionSchema = {
  anyOf: [
    edge,
    { type: 'array', items: edge, minItems: 2, maxItems: 2 },
    { type: 'array', items: edge, minItems: 4, maxItems: 4 },
  ],
};

/** How many of something: epochs, images. */
export const count: OptionSchema = { type: 'integer', minimum: 1, maximum: 1_000_000 };
export const boolean: OptionSchema = { type: 'boolean' };
export const positive: OptionSchema = { type: 'number', exclusiveMinimum: 0 };
export const nonNegative: OptionSchema = { type: 'number', minimum: 0 };
/** From 0 to 1, both allowed. */
export const fraction: OptionSchema = { type: 'number', minimum: 0, maximum: 1 };
/** From 0 to 1, without 1. */
export const rate: OptionSchema = { type: 'number', minimum: 0, exclusiveMaximum: 1 };

export function oneOf(...words: readonly string[]): OptionSchema {
  return { enum: words };
}
