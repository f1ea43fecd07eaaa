import { ownValue } from '../../diagnostics/own-value.js';
import { isObject } from '../../files/index.js';
import type { KerasConfig } from './keras-calls.js';

/** Functions by the names that Keras and TensorFlow.js give them. */
const functions: Readonly<Record<string, string>> = {
  hardSwish: 'hard_swish',
  hard_silu: 'hard_swish',
  swish: 'silu',
  leakyReLU: 'leaky_relu',
};

/** What a function is called here. */
export const functionName = (name: string): string => ownValue(functions, name) ?? name;

/** The activation that a layer ends with, by our name; undefined for the identity. */
export function activationOf(config: KerasConfig): string | undefined {
  const written = config['activation'];
  const inner = isObject(written) ? written['config'] : undefined;
  const named = isObject(written)
    ? isObject(inner)
      ? (inner['name'] ?? written['class_name'])
      : inner
    : written;
  return typeof named !== 'string' || named === 'linear' ? undefined : functionName(named);
}

/** The activation that a layer of its own is, with its slope where it has one. */
export function activationLayer(className: string, config: KerasConfig): string {
  if (className === 'Softmax') return 'softmax';
  if (className === 'ELU') return 'elu';
  const slope = config['negative_slope'] ?? config['alpha'];
  if (className === 'LeakyReLU') return `leaky_relu ${typeof slope === 'number' ? slope : 0.3}`;
  if (typeof slope === 'number' && slope !== 0) return `leaky_relu ${slope}`;
  return config['max_value'] === 6 ? 'relu6' : 'relu';
}
