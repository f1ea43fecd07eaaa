import { isObject } from '../../files/index.js';

/** One call of a layer in a model that Keras or TensorFlow.js saved. */
export interface LayerCallRecord {
  readonly className: string;
  /** The layer's name; layers that are called several times have one name for all calls. */
  readonly layer: string;
  readonly config: KerasConfig;
  /** Calls whose results it reads, by their index. */
  readonly inputs: readonly number[];
}

/** A part of a Keras configuration, whose fields are unknown until they are looked at. */
export type KerasConfig = Readonly<Record<string, unknown>>;

/** What is written as `class_name` and `config`. */
interface Described {
  readonly className: string;
  readonly config: unknown;
}

function describedIn(value: unknown): Described | undefined {
  if (!isObject(value) || typeof value['class_name'] !== 'string') return undefined;
  return { className: value['class_name'], config: value['config'] };
}

/** The result of a call: the layer, which of its calls, which of its outputs. */
type Origin = readonly [layer: string, call: number, output: number];

/** More calls than any model has. */
const callLimit = 20_000;

/**
 * The calls of a saved model in an order in which inputs come first, models in models
 * written out: from the `model_config` of Keras 2 and 3, or the `modelTopology` of
 * TensorFlow.js. Undefined for what is none of these, such as a subclassed model, and for
 * one that contradicts itself.
 */
export function readCalls(model: unknown): readonly LayerCallRecord[] | undefined {
  const whole = isObject(model) && isObject(model['model_config']) ? model['model_config'] : model;
  const described = describedIn(whole);
  if (described === undefined) return undefined;
  const calls: LayerCallRecord[] = [];
  try {
    if (unfoldModel(described, undefined, calls) === undefined) return undefined;
  } catch (error) {
    // Nesting without end.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return calls;
}

const isModel = ({ className }: Described): boolean =>
  ['Functional', 'Model', 'Sequential'].includes(className);

/** Adds the calls of a model; returns what its outputs are. `given` are its inputs inside another model. */
function unfoldModel(
  { className, config }: Described,
  given: readonly number[] | undefined,
  calls: LayerCallRecord[],
): readonly number[] | undefined {
  const listed = Array.isArray(config) ? config : isObject(config) ? config['layers'] : undefined;
  if (!Array.isArray(listed)) return undefined;
  return className === 'Sequential'
    ? unfoldSequence(listed, given, calls)
    : unfoldGraph(listed, isObject(config) ? config : {}, given, calls);
}

function unfoldSequence(
  layers: readonly unknown[],
  given: readonly number[] | undefined,
  calls: LayerCallRecord[],
): readonly number[] | undefined {
  let flowing = given;
  for (const listed of layers) {
    const layer = describedIn(listed);
    if (layer === undefined) return undefined;
    if (layer.className === 'InputLayer' && flowing !== undefined) continue;
    if (layer.className !== 'InputLayer' && flowing === undefined) flowing = addInput(calls);
    flowing = addCall(layer, nameOf(layer), flowing ?? [], calls);
    if (flowing === undefined) return undefined;
  }
  return flowing;
}

function unfoldGraph(
  layers: readonly unknown[],
  config: KerasConfig,
  given: readonly number[] | undefined,
  calls: LayerCallRecord[],
): readonly number[] | undefined {
  const made = new Map<string, readonly number[]>();
  const originsOf = (value: unknown): readonly Origin[] =>
    (isOrigin(value) ? [value] : Array.isArray(value) ? value : []).filter(isOrigin);
  const entrances = originsOf(config['input_layers']).map(([layer]) => layer);
  const waiting = layers.flatMap((listed) => {
    const layer = describedIn(listed);
    if (layer === undefined) return [];
    const name = nameOf(layer, listed);
    const nodes =
      isObject(listed) && Array.isArray(listed['inbound_nodes']) ? listed['inbound_nodes'] : [];
    const isInput = layer.className === 'InputLayer';
    const all = isInput && nodes.length === 0 ? [undefined] : nodes;
    return all.map((node, call) => ({
      layer,
      name,
      call,
      origins: isInput ? [] : tensorsIn(node),
    }));
  });
  // Layers are listed in any order: each call is added when its inputs are there.
  let open = waiting;
  while (open.length > 0) {
    const later: typeof open = [];
    for (const each of open) {
      const { layer, name, call, origins } = each;
      const inputs = origins.map(([from, at, output]) => made.get(`${from}\n${at}`)?.[output]);
      if (!inputs.every((input) => input !== undefined)) {
        later.push(each);
        continue;
      }
      const entrance = entrances.indexOf(name);
      const isGiven = layer.className === 'InputLayer' && given?.[entrance] !== undefined;
      const outputs = isGiven ? [given[entrance]!] : addCall(layer, name, inputs, calls);
      if (outputs === undefined) return undefined;
      made.set(`${name}\n${call}`, outputs);
    }
    if (later.length === open.length) return undefined;
    open = later;
  }
  const exits = originsOf(config['output_layers']);
  return exits.flatMap(([layer, call, output]) => made.get(`${layer}\n${call}`)?.[output] ?? []);
}

/** The outputs of one call: one, or those of a model that is called as a layer. */
function addCall(
  layer: Described,
  name: string,
  inputs: readonly number[],
  calls: LayerCallRecord[],
): readonly number[] | undefined {
  if (isModel(layer)) return unfoldModel(layer, inputs, calls);
  const wrapped = isObject(layer.config) ? layer.config['layer'] : undefined;
  const inner = layer.className === 'TimeDistributed' ? undefined : describedIn(wrapped);
  if (inner !== undefined && isModel(inner)) return unfoldModel(inner, inputs, calls);
  if (calls.length >= callLimit) return undefined;
  const config = isObject(layer.config) ? layer.config : {};
  calls.push({ className: layer.className, layer: name, config, inputs });
  return [calls.length - 1];
}

function addInput(calls: LayerCallRecord[]): readonly number[] {
  calls.push({ className: 'InputLayer', layer: '', config: {}, inputs: [] });
  return [calls.length - 1];
}

function nameOf({ config }: Described, listed?: unknown): string {
  const own = isObject(listed) ? listed['name'] : undefined;
  const configured = isObject(config) ? config['name'] : undefined;
  return typeof own === 'string' ? own : typeof configured === 'string' ? configured : '';
}

const isOrigin = (value: unknown): value is Origin =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  Number.isInteger(value[1]) &&
  Number.isInteger(value[2]);

/**
 * The tensors that a call reads, in order: `["conv", 0, 0, {}]` as Keras 2 and
 * TensorFlow.js write them, or Keras 3's `__keras_tensor__`, wherever they stand among
 * the arguments.
 */
function tensorsIn(value: unknown): readonly Origin[] {
  // A fourth part holds further arguments.
  if (isOrigin(value)) return [value, ...tensorsIn((value as readonly unknown[])[3])];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (!isObject(value)) return [];
  if (value['class_name'] === '__keras_tensor__' && isObject(value['config'])) {
    const history = value['config']['keras_history'];
    return isOrigin(history) ? [history] : [];
  }
  return Object.values(value).flatMap(tensorsIn);
}
