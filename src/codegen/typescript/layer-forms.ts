import { attributeOfConfigKey } from '../tfjs/layer-words.js';
import { layersOf, type ConfigValue, type LayerCall, type LayerClass } from '../tfjs/layers.js';
import { isMerge } from '../../ir/operations/operation-rules.js';
import type { Op } from '../../ir/operations/ops.js';
import type { Operation } from '../program/body.js';
import { attributeNumber } from '../program/operation.js';
import { sharedNumber } from '../program/share-literals.js';
import type { Target } from '../program/target.js';
import type { CodeValue } from './expressions.js';
import { layerKeysOf, type LayerWord } from '../tfjs/layer-table.js';

/** One layer of a form: its class and the values of its configuration. */
export interface LayerPart {
  readonly layer: LayerClass;
  /** What follows the node's name in the layer's; empty for the last. */
  readonly suffix: string;
  readonly config: Readonly<Record<string, CodeValue>>;
}

/** The layers of one operation, with attributes as the spec's block wrote them. */
export interface LayerForm {
  /** Layers of one variant are made by one function of the emitted module. */
  readonly variant: string;
  readonly parts: readonly LayerPart[];
  readonly takesList: boolean;
}

/** The layers of an operation. */
export function layerFormOf(operation: Operation): LayerForm {
  const found = known.get(operation) ?? readForm(operation);
  known.set(operation, found);
  return found;
}

/** Operations are asked several times. */
const known = new WeakMap<Operation, LayerForm>();

function readForm(operation: Operation): LayerForm {
  const { node, word } = operation;
  const parts = layersOf(node).map((layer) => partOf(operation, layer));
  const takesList = node.inputs.length > 1;
  return { variant: variantOf(node.op, word, parts), parts, takesList };
}

/** What layers carry of operations. */
export const layersTarget: Target = {
  writes: writtenAttributes,
  keyOf: formKey,
  takesForeignNames: true,
  makesLayersFirst: true,
  joinsVariants: true,
};

function writtenAttributes(operation: Operation): readonly string[] {
  const { parts } = layerFormOf(operation);
  const values = parts.flatMap(({ config }) => Object.values(config));
  const written = new Set(values.flatMap((value) => ('formula' in value ? [value.formula] : [])));
  return Object.entries(operation.formulas).flatMap(([attribute, formula]) =>
    written.has(formula) ? [attribute] : [],
  );
}

/** The form as text, with blanks for the numbers that calls of one function may differ in. */
function formKey(operation: Operation): string {
  const { parts, variant, takesList } = layerFormOf(operation);
  let text = `${variant} ${takesList}`;
  for (const { layer, suffix, config } of parts) {
    text += ` ${classNameOf(layer)}${suffix}`;
    for (const [key, value] of Object.entries(config)) {
      const attribute = attributeOfConfigKey[key] ?? '';
      const isShared = value.kind === 'literal' && sharedNumber(operation, attribute) !== undefined;
      text += ` ${key}=${isShared ? '_' : JSON.stringify(value)}`;
    }
  }
  return text;
}

function partOf({ node, formulas }: Operation, call: LayerCall): LayerPart {
  const className = classNameOf(call.layer);
  const codeValue = (value: ConfigValue, attribute: string): CodeValue => {
    const formula = formulas[attribute];
    const number = attributeNumber(node.op, attribute);
    if (formula === undefined || number === undefined) return { kind: 'literal', value };
    if (value === number) return { kind: 'expression', formula };
    const isPair = Array.isArray(value) && value.length === 2 && value.every((v) => v === number);
    return isPair ? { kind: 'pair', formula } : { kind: 'literal', value };
  };
  const config: Record<string, CodeValue> = {};
  for (const [key, value] of Object.entries(call.config)) {
    // The shape after global pooling follows the input's channels; see layer-functions.ts.
    if (className === 'reshape') continue;
    config[key] = codeValue(value, attributeOfConfigKey[key] ?? '');
  }
  for (const [key, silent] of Object.entries(layerKeysOf(className).silent ?? {})) {
    const attribute = attributeOfConfigKey[key] ?? '';
    if (Object.hasOwn(config, key) || formulas[attribute] === undefined) continue;
    const present = silent === 'poolSize' ? call.config[silent]! : silent;
    const value = codeValue(present, attribute);
    if (value.kind !== 'literal') config[key] = value;
  }
  return { layer: call.layer, suffix: call.suffix, config: inOrder(config) };
}

/** Keys in the order in which calls write them; the others follow. */
const keyOrder: readonly string[] = [
  'filters',
  'kernelSize',
  'poolSize',
  'strides',
  'padding',
  'depthMultiplier',
  'useBias',
  'momentum',
  'epsilon',
];

/** One order whatever was left out, so that equal forms are equal texts. */
function inOrder(config: Readonly<Record<string, CodeValue>>): Readonly<Record<string, CodeValue>> {
  const rank = ([key]: readonly [string, CodeValue]): number => {
    const at = keyOrder.indexOf(key);
    return at < 0 ? keyOrder.length : at;
  };
  const entries = Object.entries(config).sort((left, right) => rank(left) - rank(right));
  return Object.fromEntries(entries);
}

/** The factory's or the class's name. */
export function classNameOf(layer: LayerClass): LayerWord {
  return layer.kind === 'builtin' ? layer.factory : layer.className;
}

/** The spec's word for the operation, with what sets this way of building it apart. */
function variantOf(op: Op, word: string, parts: readonly LayerPart[]): string {
  const [first, ...others] = parts;
  const className = first && classNameOf(first.layer);
  const last = classNameOf((others.at(-1) ?? first)!.layer);
  if (op.kind === 'pad') return op.mode === 'reflect' ? 'reflection_pad' : 'pad';
  if (className === 'PaddedPooling2D') {
    return first?.config['padding'] === undefined ? `ceil_${word}` : `padded_${word}`;
  }
  const extension =
    last === 'GroupedConv2D' ? 'grouped_' : last.startsWith('Dilated') ? 'dilated_' : '';
  if (others.length > 0 && className === 'zeroPadding2d') return `padded_${extension}${word}`;
  if (others.length > 0 && className === 'maxPooling2d') return `${pickText(first!)}_${word}`;
  if (extension !== '') return extension + word;
  if (others.some((part) => classNameOf(part.layer) === 'CropEdges2D')) return `cropped_${word}`;
  return isMerge(op) && className === 'activation' ? 'pass_through' : word;
}

/** `every_2_by_1`: which rows and columns a convolution reads; each way is a function of its own. */
function pickText({ config }: LayerPart): string {
  const { strides } = config;
  const steps = strides?.kind === 'literal' ? [strides.value].flat() : [];
  return `every_${steps.join('_by_')}`;
}
