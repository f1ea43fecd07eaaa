import type { ConfigValue } from '../tfjs/layers.js';
import type { CodeValue } from './expressions.js';
import { layerKeysOf, type LayerWord } from '../tfjs/layer-table.js';
import { classNameOf, type LayerForm, type LayerPart } from './layer-forms.js';

type LiteralValue = Extract<CodeValue, { kind: 'literal' }>;

/** Where the value of one configuration key comes from. */
export interface PlannedKey {
  readonly key: string;
  readonly part: number;
  readonly from: 'fixed' | 'parameter' | 'options';
  /** The value where the call gives none; undefined leaves the key out. */
  readonly fixed: LiteralValue | undefined;
  readonly type: string;
}

/** How all layers of one variant are made: what they share, and what each call says. */
export interface LayerPlan {
  readonly variant: string;
  /** One of the forms, for what all have in common. */
  readonly example: LayerForm;
  readonly keys: readonly PlannedKey[];
}

/** What leaving a key out means, for a call that differs from the others in just that. */
const defaults: Readonly<Record<string, ConfigValue>> = {
  padding: 'valid',
  useBias: true,
  kernelInitializer: 'glorotNormal',
  depthwiseInitializer: 'glorotNormal',
  depthMultiplier: 1,
  dilationRate: 1,
  groups: 1,
  affine: true,
  momentum: 0.99,
  epsilon: 1e-3,
  method: 'bilinear',
  grid: 'halfPixel',
  rounding: 'floor',
  order: 'channelsFirst',
};

/** Plans the one function that makes all layers of a variant. */
export function planLayers(variant: string, forms: readonly LayerForm[]): LayerPlan {
  const example = forms[0]!;
  const keys = example.parts.flatMap((part, index) => {
    const className = classNameOf(part.layer);
    const parts = forms.map((form) => form.parts[index]!);
    const names = new Set(parts.flatMap((each) => Object.keys(each.config)));
    const { positional: order = [] } = layerKeysOf(className);
    const sorted = [...order.filter((key) => names.has(key)), ...names].filter(
      (key, at, all) => all.indexOf(key) === at,
    );
    return sorted.map((key) => planKey(key, index, className, parts));
  });
  return { variant, example, keys };
}

function planKey(
  key: string,
  part: number,
  className: LayerWord,
  parts: readonly LayerPart[],
): PlannedKey {
  const { stated, positional } = layerKeysOf(className);
  const speaking = parts.filter((each) => !isSilent(each, key));
  const values = (speaking.length === 0 ? parts : speaking).map((each) => each.config[key]);
  const type = typeOf(values);
  const [first] = values;
  const isShared = values.every((value) => isSame(value, first)) && isFixable(first);
  if (isShared && stated?.includes(key) !== true) {
    return { key, part, from: 'fixed', fixed: first, type };
  }
  if (positional?.includes(key) === true) {
    return { key, part, from: 'parameter', fixed: undefined, type };
  }
  const common = Object.hasOwn(defaults, key) ? mostCommon(values) : undefined;
  const fixed = isFixable(common) ? common : undefined;
  const missing = fixed === undefined ? [] : [{ kind: 'literal', value: defaults[key]! } as const];
  return { key, part, from: 'options', fixed, type: typeOf([...values, ...missing]) };
}

/** The values one call gives, beside those that are fixed. */
export interface StatedValues {
  readonly positional: readonly CodeValue[];
  readonly options: readonly (readonly [string, CodeValue])[];
}

export function statedValues(plan: LayerPlan, form: LayerForm): StatedValues {
  const positional: CodeValue[] = [];
  const options: [string, CodeValue][] = [];
  for (const { key, part, from, fixed } of plan.keys) {
    const own = form.parts[part]!;
    const value = own.config[key];
    if (from === 'parameter' && value !== undefined) positional.push(value);
    if (from !== 'options' || isSilent(own, key) || isSame(value, fixed)) continue;
    options.push([key, value ?? { kind: 'literal', value: defaults[key]! }]);
  }
  return { positional, options };
}

const isFixable = (value: CodeValue | undefined): value is LiteralValue | undefined =>
  value === undefined || value.kind === 'literal';

/** A 1 x 1 convolution without stride is the same under either padding. */
function isSilent(part: LayerPart, key: string): boolean {
  const { kernelSize, strides } = part.config;
  const isPointwise = kernelSize?.kind === 'literal' && kernelSize.value === 1;
  return key === 'padding' && isPointwise && strides === undefined;
}

function isSame(left: CodeValue | undefined, right: CodeValue | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function mostCommon(values: readonly (CodeValue | undefined)[]): CodeValue | undefined {
  const counts = new Map<string, number>();
  const countOf = (value: CodeValue | undefined): number =>
    counts.get(JSON.stringify(value) ?? '') ?? 0;
  for (const value of values) counts.set(JSON.stringify(value) ?? '', countOf(value) + 1);
  return values.reduce((best, value) => (countOf(value) > countOf(best) ? value : best), values[0]);
}

/** The union of the types of the values that calls give. */
function typeOf(values: readonly (CodeValue | undefined)[]): string {
  const types = values.flatMap((value) => {
    switch (value?.kind) {
      case undefined:
        return [];
      case 'literal':
        return [literalType(value.value)];
      case 'expression':
        return ['number'];
      case 'pair':
        return ['[number, number]'];
    }
  });
  const byLength = (left: string, right: string): number =>
    left.length - right.length || (left < right ? -1 : 1);
  return [...new Set(types)].sort(byLength).join(' | ');
}

function literalType(value: ConfigValue): string {
  if (Array.isArray(value)) {
    return `[${(value as readonly ConfigValue[]).map(literalType).join(', ')}]`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : typeof value;
}
