import type { Edges, Pair } from '../../ir/operations/ops.js';
import type { ConfigValue, LayerCall, LayerConfig } from './layer-call.js';
import type { BuiltinLayer, CustomLayer } from './layer-table.js';

/** A layer without its name. */
export type Draft = Omit<LayerCall, 'name' | 'suffix' | 'holdsWeights'> & {
  readonly suffix?: string;
  readonly holdsWeights?: boolean;
};

/** A configuration; what is undefined is left out. */
export type LooseConfig = Readonly<Record<string, ConfigValue | undefined>>;

/** A layer of TensorFlow.js. */
export function builtin(factory: BuiltinLayer, config: LooseConfig): Draft {
  return { layer: { kind: 'builtin', factory }, config: withoutUndefined(config) };
}

/** A layer of ours. */
export function custom(className: CustomLayer, config: LooseConfig): Draft {
  return { layer: { kind: 'custom', className }, config: withoutUndefined(config) };
}

/** A layer that holds the weights of its operation. */
export function withWeights(draft: Draft): Draft {
  return { ...draft, holdsWeights: true };
}

function withoutUndefined(config: LooseConfig): LayerConfig {
  const entries = Object.entries(config).filter(
    (entry): entry is [string, ConfigValue] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

/** One number for a square pair, as people write it. */
export function short(pair: Pair): ConfigValue {
  return pair[0] === pair[1] ? pair[0] : [...pair];
}

/** The same, undefined for ones, which are the default. */
export function shortUnlessOne(pair: Pair): ConfigValue | undefined {
  return pair[0] === 1 && pair[1] === 1 ? undefined : short(pair);
}

/** [top, bottom] and [left, right]. */
export function edgePairs(edges: Edges): ConfigValue {
  return [
    [edges.top, edges.bottom],
    [edges.left, edges.right],
  ];
}
