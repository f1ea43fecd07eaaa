import type { ComponentDeclaration } from '../../catalog/component.js';
import { componentNames, isComponent } from '../../catalog/index.js';
import { layers, type LayerName } from '../../catalog/layers.js';
import type { OptionsOf } from '../../catalog/options-of.js';
import { ownValue } from '../../diagnostics/own-value.js';
import type { Span } from '../../diagnostics/source.js';
import type { Derivation } from '../../ir/formula.js';
import type { NodeId } from '../../ir/graph.js';
import type { Op } from '../../ir/operations/ops.js';
import { plainNumbers } from '../../ir/operations/plain-numbers.js';
import type { Argument, NameExpression } from '../../parser/ast.js';
import { derivationOf, fix, followed } from '../values/model-parameter.js';
import { checkOptions, type CheckedOptions } from '../values/options.js';
import { reportUnknownStep } from '../values/unknown-name.js';
import type { Value } from '../values/value.js';
import { reportNoInput, type Flow, type FlowContext } from './flow-context.js';
import { adviceFor } from './foreign-layers.js';
import { limitParameters } from './limit-parameters.js';
import { lowerUnpool } from './lower-unpool.js';
import { attributeNames, lowerLayer } from './lower.js';

/**
 * Runs a step that is written as a word, with arguments or without: a block or a layer.
 *
 * @param mayBeTensor whether a tensor could stand there, which may be one that is missing.
 */
export function runOperation(
  written: Pick<NameExpression, 'name' | 'span' | 'nearby'>,
  args: readonly Argument[],
  origin: Span,
  context: FlowContext,
  mayBeTensor = false,
): Flow | undefined {
  const { name, span } = written;
  const block = context.blocks.get(name);
  if (block !== undefined) return context.callBlock(block, { name, span }, args, origin, context);
  if (isComponent('layer', name)) return runLayer(name, span, args, origin, context);
  if (name === '' || context.blocks.isBroken(name)) return undefined;
  if (mayBeTensor && context.environment.isIncomplete) return undefined;
  const advice = adviceFor(name);
  const known = advice === undefined ? [...context.blocks.names, ...componentNames('layer')] : [];
  const help = advice === undefined ? [] : [advice];
  if (name === 'in') {
    help.push('"in" is what flows into a block; here a wire or a head begins with a tensor.');
  }
  reportUnknownStep(written, context, 'a layer, a block or a tensor', known, help);
  return undefined;
}

function runLayer(
  name: LayerName,
  span: Span,
  args: readonly Argument[],
  origin: Span,
  context: FlowContext,
): Flow | undefined {
  const declaration = layers[name];
  const { takes = 'one' }: ComponentDeclaration = declaration;
  const { input } = context;
  if (takes === 'one' && typeof input === 'object' && input.isList) {
    reportList(name, declaration, input.nodes.length, span, context);
    return undefined;
  }
  const options = checkOptions({ name, span }, declaration, args, context);
  if (input === undefined) {
    reportNoInput(`"${name}"`, span, context);
    return undefined;
  }
  if (input === 'unknown') return undefined;
  if (takes === 'many' && !input.isList) {
    context.reporter.report('takes-many-tensors', { name }, { at: span });
    return undefined;
  }
  if (options === undefined) return undefined;
  const lowered = lower(name, options, args[0]?.value.span ?? span, context);
  if (lowered === undefined) return undefined;
  const { op, reads } = lowered;
  if (op === undefined) return input;
  const derived = deriveAttributes(options.given, declaration);
  const node = context.builder.addNode(
    {
      op,
      inputs: [...input.nodes, ...reads],
      name: context.target ?? context.builder.numberedName(context.path, name),
      tensor: context.tensor,
      scope: context.scope,
      origin,
      ...derived,
    },
    context.reporter,
  );
  return node === undefined ? undefined : { nodes: [node], isList: false };
}

/** A list flows into a layer of one tensor: it may be meant joined, or the others by their names. */
function reportList(
  name: LayerName,
  { options }: ComponentDeclaration,
  count: number,
  span: Span,
  { reporter }: FlowContext,
): void {
  const others = Object.keys(options).filter((option) => options[option]!.schema === 'tensor');
  const edit = { span: { ...span, end: span.start }, text: 'concat -> ' };
  const fixes = [{ title: `Insert "concat" before "${name}"`, edits: [edit] }];
  const help = [
    `Let the first flow in and name the others: "x -> ${name}(${others.join(', ')}, ...)".`,
  ];
  const isNamed = others.length >= count - 1;
  reporter.report(
    'takes-one-tensor',
    { name, count },
    { at: span, ...(isNamed ? { help } : { fixes }) },
  );
}

/** The operation of a layer, undefined for none, and the tensors it reads beside its input. */
interface Lowered {
  readonly op: Op | undefined;
  readonly reads: readonly NodeId[];
}

/** Undefined where something was reported. */
function lower(
  name: LayerName,
  { values, tensors }: CheckedOptions<OptionsOf<'layer', LayerName>>,
  at: Span,
  context: FlowContext,
): Lowered | undefined {
  if (name === 'max_unpool') {
    const unpool = lowerUnpool(tensors['pool']!, at, context);
    return unpool && { op: unpool.op, reads: [unpool.pooled] };
  }
  return { op: lowerLayer(name, values), reads: Object.values(tensors) };
}

/** Attributes that follow from parameters: how, and their values. */
interface DerivedAttributes {
  readonly derivations: Record<string, Derivation>;
  readonly written: Record<string, Value>;
}

/**
 * How attributes follow from what the options say. The model's parameters that others than
 * plain numbers follow from are fixed, the others limited. Layers refuse numbers of channels
 * that are none.
 */
function deriveAttributes(
  given: Readonly<Record<string, Value>>,
  { options }: ComponentDeclaration,
): DerivedAttributes | undefined {
  let derived: DerivedAttributes | undefined;
  for (const option in given) {
    const value = given[option]!;
    const derivation = derivationOf(value);
    if (derivation === undefined) continue;
    const attribute = ownValue(attributeNames, option) ?? option;
    const schema = options[option]?.schema;
    if (!plainNumbers.has(attribute) || typeof schema !== 'object') fix(followed(value));
    else limitParameters(value, schema, attribute === 'channels');
    derived ??= { derivations: {}, written: {} };
    derived.derivations[attribute] = derivation;
    derived.written[attribute] = value;
  }
  return derived;
}
