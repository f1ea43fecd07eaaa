import { describeModel, type DescribedModel, type ModelFacts } from '../../codegen/model-facts.js';
import type { CustomLayer } from '../../codegen/tfjs/layers.js';
import { customLayersOf } from '../network/model-layers.js';

/** The facts of a model, and what plain TensorFlow.js needs beside them. */
export interface NetworkFacts extends ModelFacts {
  /** Classes of layers that plain TensorFlow.js does not know; the module beside the model has them. */
  readonly layers: readonly CustomLayer[];
}

/** The file beside `model.json` that opens it. */
export const networkModuleFile = 'network.js';

/** Gathers the facts of a model and of what its recipe says of images and classes. */
export function describeNetwork(model: DescribedModel): NetworkFacts {
  return { ...describeModel(model), layers: customLayersOf(model.graph) };
}
