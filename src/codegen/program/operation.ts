import {
  evaluateFormula,
  inScope,
  readsChannels,
  type Formula,
  type FormulaValues,
} from '../../ir/formula.js';
import type { GraphNode } from '../../ir/graph.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import type { Op } from '../../ir/operations/ops.js';
import type { Operation } from './body.js';
import type { Target } from './target.js';

/**
 * The operation of a node inside one call of its block. An attribute keeps its formula
 * where the target writes it, it is in the names of this call, and it gives the attribute's
 * value here. Where layers are made first, no formula reads the channels of a tensor.
 */
export function operationOf(
  node: GraphNode,
  call: FormulaValues,
  target: Target,
  isMaker: boolean,
): Operation {
  const formulas: Record<string, Formula> = {};
  for (const [attribute, { formula }] of Object.entries(node.derivations ?? {})) {
    const own = formula && inScope(formula, node.scope);
    const value = own && evaluateFormula(own, call);
    if (own !== undefined && isMaker && readsChannels(own)) continue;
    if (own !== undefined && value !== undefined && attributeNumber(node.op, attribute) === value) {
      formulas[attribute] = own;
    }
  }
  const operation = { node, word: wordOf(node.op), formulas };
  const names = Object.keys(formulas);
  if (names.length === 0) return operation;
  const written = target.writes(operation);
  if (written.length === names.length) return operation;
  const kept = Object.entries(formulas).filter(([attribute]) => written.includes(attribute));
  return { ...operation, formulas: Object.fromEntries(kept) };
}

/**
 * The attributes of an operation: those inside one have a dot in their names
 * (`running.keep`); what is several numbers, as pairs and edges are, is one attribute.
 */
export function attributesOf(op: Op): ReadonlyMap<string, unknown> {
  const found = known.get(op) ?? new Map(listAttributes(op));
  known.set(op, found);
  return found;
}

/** Operations are asked many times. */
const known = new WeakMap<Op, ReadonlyMap<string, unknown>>();

function listAttributes(op: Op): readonly (readonly [string, unknown])[] {
  return Object.entries(op).flatMap(([name, value]: readonly [string, unknown]) => {
    if (typeof value !== 'object' || value === null) return [[name, value] as const];
    const inner = Object.entries(value) as readonly (readonly [string, unknown])[];
    return inner.every(([, each]) => typeof each === 'number')
      ? [[name, value] as const]
      : inner.map(([key, each]) => [`${name}.${key}`, each] as const);
  });
}

/** An attribute that is one number, or the same number several times; undefined for others. */
export function attributeNumber(op: Op, attribute: string): number | undefined {
  const value = attributesOf(op).get(attribute);
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const [first, ...others] = Object.values(value) as readonly number[];
  return others.every((other) => other === first) ? first : undefined;
}

/** What the language calls an operation. */
const wordOf = (op: Op): string =>
  op.kind === 'dropout' ? dropoutWords[op.drops] : operationWord(op);

const dropoutWords = {
  values: 'dropout',
  channels: 'spatial_dropout',
  images: 'drop_path',
} as const;
