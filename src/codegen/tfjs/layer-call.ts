import type { BuiltinLayer, CustomLayer } from './layer-table.js';

/** A value of a layer's configuration: a JSON value without objects. */
export type ConfigValue = number | string | boolean | readonly ConfigValue[];
export type LayerConfig = Readonly<Record<string, ConfigValue>>;

/** Where the class of a layer comes from. */
export type LayerClass =
  | { readonly kind: 'builtin'; readonly factory: BuiltinLayer }
  | { readonly kind: 'custom'; readonly className: CustomLayer };

/** One layer to make. `config` leaves out what equals TensorFlow.js' default; it has no `name`. */
export interface LayerCall {
  readonly layer: LayerClass;
  readonly name: string;
  /** How the name ends that begins with the node's: empty for the layer that makes the node's value. */
  readonly suffix: string;
  readonly config: LayerConfig;
  /** True for the one layer of a node that holds the node's weights, in the order of `weightsOf`. */
  readonly holdsWeights: boolean;
}
