import { ownValue } from '../../diagnostics/own-value.js';
import type { ComponentDeclaration } from '../../catalog/component.js';
import { componentNames, isComponent } from '../../catalog/index.js';
import { layers, type LayerName } from '../../catalog/layers.js';
import type { Span } from '../../diagnostics/source.js';
import type {
  Argument,
  CallExpression,
  ConditionalExpression,
  Expression,
  ListExpression,
  NameExpression,
} from '../../parser/ast.js';
import { adviceFor } from './foreign-layers.js';
import type { BlockDeclaration, BlockTable, Declaration } from '../declarations/blocks.js';
import type { GraphBuilder } from './builder.js';
import { evaluateCondition } from '../values/evaluate.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { reportUnknownStep } from '../values/unknown-name.js';
import type { Derivation } from '../../ir/formula.js';
import type { NodeId, ScopeId } from '../../ir/graph.js';
import { plainNumbers } from '../../ir/operations/plain-numbers.js';
import type { NamedTensor } from '../../ir/provenance.js';
import { attributeNames, lowerLayer } from './lower.js';
import { checkOptions, type Owner } from '../values/options.js';
import { derivationOf, fix, followed } from '../values/model-parameter.js';
import { describeValue, type Environment, type Value } from '../values/value.js';

/** One tensor, or several on their way into a merge. */
export interface Flow {
  readonly nodes: readonly NodeId[];
  readonly isList: boolean;
}

/** Where a pipeline runs: what flows in, which names are seen, what its nodes are called. */
export interface FlowContext extends EvaluationContext {
  readonly builder: GraphBuilder;
  readonly blocks: BlockTable;
  readonly environment: Environment;
  readonly scope: ScopeId;
  /** Prefix of the names of nodes on the way. */
  readonly path: string;
  /** The name of the last node; numbered like the others when undefined. */
  readonly target: string | undefined;
  /** The tensor with a name that the pipeline makes or leads to. */
  readonly tensor: NamedTensor;
  /**
   * What a pipeline without a source of its own starts from. `unknown` when a
   * problem before was reported: what follows is still checked, in silence about
   * what follows from it.
   */
  readonly input: Flow | 'unknown' | undefined;
  /** The blocks being called, outermost first. */
  readonly calls: readonly Declaration[];
  /** Runs a block: blocks hold flows, and flows call blocks. */
  readonly callBlock: CallBlock;
}

export type CallBlock = (
  block: BlockDeclaration,
  owner: Owner,
  args: readonly Argument[],
  origin: Span,
  context: FlowContext,
) => Flow | undefined;

/**
 * Runs an expression as a flow of tensors and adds its operations to the
 * graph. Undefined when a problem was reported on the way.
 */
export function runFlow(expression: Expression, context: FlowContext): Flow | undefined {
  switch (expression.kind) {
    case 'pipeline': {
      let flow = context.input;
      for (const [index, step] of expression.steps.entries()) {
        const isLast = index === expression.steps.length - 1;
        const isFirst = index === 0;
        const target = isLast ? context.target : undefined;
        flow = runStep(step, { ...context, input: flow, target }, isFirst) ?? 'unknown';
      }
      return flow === 'unknown' ? undefined : flow;
    }
    case 'conditional':
      return runChoice(expression, context, false);
    case 'number':
    case 'string':
    case 'boolean':
    case 'name':
    case 'list':
    case 'call':
    case 'member':
    case 'unary':
    case 'binary':
    case 'missing':
      return runStep(expression, context, true);
  }
}

/** Without `else` a step gives what flowed in; what is no step was reported (`checkChoices`). */
function runChoice(
  { value, condition, otherwise }: ConditionalExpression,
  context: FlowContext,
  isStep: boolean,
): Flow | undefined {
  const holds = evaluateCondition(condition, context);
  if (holds === undefined) {
    const unknown = { ...context, input: 'unknown' } as const;
    runFlow(value, unknown);
    if (otherwise !== undefined) runFlow(otherwise, unknown);
    return undefined;
  }
  if (holds) return runFlow(value, context);
  if (otherwise?.kind === 'conditional') return runChoice(otherwise, context, isStep);
  if (otherwise !== undefined) return runFlow(otherwise, context);
  if (!isStep) return undefined;
  if (context.input === undefined) reportNoInput('This condition', value.span, context);
  return context.input === 'unknown' ? undefined : context.input;
}

function runStep(step: Expression, context: FlowContext, isFirst: boolean): Flow | undefined {
  switch (step.kind) {
    case 'name':
      return runName(step, context, isFirst);
    case 'call':
      return runCall(step, context);
    case 'list':
      return runBranches(step, context);
    case 'pipeline':
      return runFlow(step, context);
    case 'conditional':
      return runChoice(step, context, true);
    case 'missing':
      return undefined;
    case 'number':
    case 'string':
    case 'boolean':
    case 'member':
    case 'unary':
    case 'binary':
      context.reporter.report(
        'not-a-layer',
        {
          found:
            step.kind === 'number' ? step.text : `a ${step.kind === 'string' ? 'string' : 'value'}`,
        },
        { at: step.span },
      );
      return undefined;
  }
}

/** Every branch starts from the same input; a bare tensor name is that tensor. */
function runBranches({ items, span }: ListExpression, context: FlowContext): Flow | undefined {
  if (items.length === 0) {
    context.reporter.report(
      'not-a-layer',
      { found: 'an empty list' },
      { at: span, help: ['List the tensors to merge, as in "[a, b] -> concat".'] },
    );
    return undefined;
  }
  const branches = items.map((item) => runFlow(item, { ...context, target: undefined }));
  if (branches.some((branch) => branch === undefined)) return undefined;
  return { nodes: branches.flatMap((branch) => branch?.nodes ?? []), isList: true };
}

function runName(step: NameExpression, context: FlowContext, isFirst: boolean): Flow | undefined {
  const value = context.environment.lookup(step.name);
  if (value === undefined) return runOperation(step, [], step.span, context, isFirst);
  switch (value.kind) {
    case 'tensor':
      if (isFirst) return value;
      context.reporter.report(
        'not-a-layer',
        { found: `the tensor "${step.name}"` },
        {
          at: step.span,
          help: [
            `Write "[..., ${step.name}] -> concat" to merge it in.`,
            'A name stands for a tensor, not for a layer with its weights: layers cannot be shared; a block runs the same layers again, with weights of their own.',
          ],
        },
      );
      return undefined;
    case 'stage':
      // Stages made of stages double with each level, like calls do.
      if (!context.builder.countCall(step.span, context.reporter)) return undefined;
      return runFlow(value.expression, { ...context, environment: value.environment });
    case 'invalid':
      return undefined;
    case 'number':
    case 'boolean':
    case 'string':
    case 'symbol':
    case 'list':
      context.reporter.report(
        'not-a-layer',
        { found: `"${step.name}", which is ${describeValue(value)}` },
        { at: step.span },
      );
      return undefined;
  }
}

function runCall(step: CallExpression, context: FlowContext): Flow | undefined {
  const { text, span } = step.callee;
  return runOperation({ name: text, span }, step.args, step.span, context);
}

function runOperation(
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
  const options = checkOptions({ name, span }, declaration, args, context);
  const { input } = context;
  if (input === undefined) {
    reportNoInput(`"${name}"`, span, context);
    return undefined;
  }
  if (input === 'unknown') return undefined;
  if (takes === 'many' && !input.isList) {
    context.reporter.report('takes-many-tensors', { name }, { at: span });
    return undefined;
  }
  if (takes === 'one' && input.isList) {
    const edit = { span: { ...span, end: span.start }, text: 'concat -> ' };
    context.reporter.report(
      'takes-one-tensor',
      { name, count: input.nodes.length },
      { at: span, fixes: [{ title: `Insert "concat" before "${name}"`, edits: [edit] }] },
    );
    return undefined;
  }
  if (options === undefined) return undefined;
  const op = lowerLayer(name, options.values);
  if (op === undefined) return input;
  const derivations = deriveAttributes(options.given);
  const wide = options.given['channels'] ?? options.given['multiplier'];
  const node = context.builder.addNode(
    {
      op,
      inputs: [...input.nodes, ...Object.values(options.tensors)],
      name: context.target ?? context.builder.numberedName(context.path, name),
      tensor: context.tensor,
      scope: context.scope,
      origin,
      ...(derivations === undefined ? {} : { derivations }),
      ...(wide === undefined ? {} : { wide }),
    },
    context.reporter,
  );
  return node === undefined ? undefined : { nodes: [node], isList: false };
}

/**
 * How attributes follow from what the options say. The model's parameters that others than
 * plain numbers follow from are fixed.
 */
function deriveAttributes(
  given: Readonly<Record<string, Value>>,
): Readonly<Record<string, Derivation>> | undefined {
  const derived = Object.entries(given).flatMap(([option, value]) => {
    const attribute = ownValue(attributeNames, option) ?? option;
    if (!plainNumbers.has(attribute)) fix(followed(value));
    const derivation = derivationOf(value);
    return derivation === undefined ? [] : [[attribute, derivation] as const];
  });
  return derived.length === 0 ? undefined : Object.fromEntries(derived);
}

export function reportNoInput(what: string, at: Span, context: FlowContext): void {
  context.reporter.report('no-input', { what }, { at });
}
