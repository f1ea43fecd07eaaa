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
  | 'clipping'
  | 'augmentation'
  | 'size_policy'
  | 'scaling'
  | 'pairing'
  | 'split'
  | 'post_step'
  | 'separation'
  | 'target'
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

export const channels = {
  type: 'integer',
  minimum: 1,
  maximum: channelLimit,
} as const satisfies OptionSchema;
const extent = { type: 'integer', minimum: 1, maximum: 1024 } as const satisfies OptionSchema;
const edge = { type: 'integer', minimum: 0, maximum: 1024 } as const satisfies OptionSchema;

/** One number for both axes, or [vertical, horizontal]. */
export const pair = {
  anyOf: [extent, { type: 'array', items: extent, minItems: 2, maxItems: 2 }],
} as const satisfies OptionSchema;

/** One number for all edges, [vertical, horizontal], or [top, bottom, left, right]. */
export const edges = {
  anyOf: [
    edge,
    { type: 'array', items: edge, minItems: 2, maxItems: 2 },
    { type: 'array', items: edge, minItems: 4, maxItems: 4 },
  ],
} as const satisfies OptionSchema;

/** How many of something: epochs, images. */
export const count = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000_000,
} as const satisfies OptionSchema;
export const boolean = { type: 'boolean' } as const satisfies OptionSchema;
export const positive = { type: 'number', exclusiveMinimum: 0 } as const satisfies OptionSchema;
export const nonNegative = { type: 'number', minimum: 0 } as const satisfies OptionSchema;
/** From 0 to 1, both allowed. */
export const fraction = { type: 'number', minimum: 0, maximum: 1 } as const satisfies OptionSchema;
/** From 0 to 1, without 1. */
export const rate = {
  type: 'number',
  minimum: 0,
  exclusiveMaximum: 1,
} as const satisfies OptionSchema;

export const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  ({ enum: words }) as const satisfies OptionSchema;
