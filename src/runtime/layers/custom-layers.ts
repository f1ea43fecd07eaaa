import type * as tf from '../tensorflow.js';
import type { CustomLayer, LayerConfig } from '../../codegen/tfjs/layers.js';
import './former-classes.js';
import { layerClasses } from './layer-classes.generated.js';

type AnyLayerClass = new (config: LayerConfig & { readonly name: string }) => tf.layers.Layer;

/**
 * Makes a layer of one of our classes. Importing this module also registers
 * all of them, which loading a saved model needs.
 */
export function makeCustomLayer(
  className: CustomLayer,
  name: string,
  config: LayerConfig,
): tf.layers.Layer {
  // Each class checks nothing: the table in codegen/tfjs/layers.ts makes configurations that fit.
  const LayerClass = layerClasses[className] as unknown as AnyLayerClass;
  return new LayerClass({ ...config, name });
}
