import type { Argument, Expression, ParameterNode } from '../../parser/ast.js';
import type { BlockDeclaration, Declaration } from '../declarations/blocks.js';
import { evaluate } from '../values/evaluate.js';
import { reportTooDeep } from './call-depth.js';
import { runFlow } from './flow.js';
import {
  reportNoInput,
  type CallBlock,
  type Flow,
  type FlowContext,
  type RunningCall,
} from './flow-context.js';
import type { NodeId, ScopeArgument } from '../../ir/graph.js';
import type { Line } from '../declarations/lines.js';
import { bindArguments, type Owner } from '../values/options.js';
import { reportWordsOfBranches } from '../values/words.js';
import { asParameterOf, describeType, fitType, isStage, wordsOf } from '../values/parameters.js';
import { derivationOf } from '../values/model-parameter.js';
import { reportMisfit } from '../values/report-misfit.js';
import { describeBlock } from '../declarations/describe-block.js';
import { runLines, startRun } from './run-lines.js';
import { countItems, Environment, invalid, toData, type Value } from '../values/value.js';

/**
 * Runs a block on what flows in: a new scope, its parameters bound, its body
 * run. A block sees its parameters and `in`, nothing of its caller.
 */
export const callBlock: CallBlock = (block, owner, args, origin, context) => {
  const { builder, reporter } = context;
  const name = block.name.text;
  const around = context.calls.findLast(({ declaration }) => declaration === block);
  if (around !== undefined && block.parameters.length === 0) {
    reportEndless(block, owner, context);
    return undefined;
  }
  if (reportTooDeep(owner, context)) return undefined;
  const { input } = context;
  if (input === undefined) {
    reportNoInput(`Block "${name}"`, owner.span, context);
    return undefined;
  }
  const lines = 'kind' in block.body ? 1 : block.body.length;
  if (!context.work.countLines(lines, origin) || !builder.countCall(origin, reporter))
    return undefined;

  const inner = new Environment();
  const inputOf = builder.nextScope;
  inner.define('in', input === 'unknown' ? invalid : { kind: 'tensor', ...input, inputOf });
  const bound = bindParameters(block, owner, args, inner, context);
  if (bound !== undefined && around !== undefined && !falls(bound.args, around)) {
    reportEndless(block, owner, context);
    return undefined;
  }
  // Nothing comes of an unknown input; the body is checked where it stands.
  if (bound === undefined || input === 'unknown') return undefined;

  const path = context.target ?? builder.numberedName(context.path, name);
  const scope = builder.openScope({
    parent: context.scope,
    block: describeBlock(block),
    name: path,
    args: bound.args,
    inputs: [...input.nodes, ...bound.tensors],
    origin,
  });
  const calls = [...context.calls, { declaration: block, args: bound.args }];
  const body = { ...context, environment: inner, blocks: block.home, scope, path, calls };
  const output =
    'kind' in block.body
      ? runFlow(block.body, { ...body, target: path })
      : runBlockLines(block.body, owner, body);
  if (output?.nodes[0] !== undefined) builder.closeScope(scope, output.nodes[0]);
  return output;
};

/**
 * Whether a call inside a call of the same block is one step nearer to an end: a number that it
 * is given is smaller, and not below 0. Of a block that only stands by itself no numbers are known.
 */
function falls(args: readonly ScopeArgument[], around: RunningCall): boolean {
  if (around.args === undefined) return true;
  const before = new Map(around.args.map(({ name, value }) => [name, value]));
  return args.some(({ name, value }) => {
    const outer = before.get(name);
    return typeof value === 'number' && typeof outer === 'number' && 0 <= value && value < outer;
  });
}

/** Reports a block that calls itself for ever; once for each, for a cycle may be met along very many ways. */
function reportEndless(block: BlockDeclaration, owner: Owner, context: FlowContext): void {
  const name = block.name.text;
  if (!block.home.markRecursive(name)) return;
  const called = context.calls.map(({ declaration }) => declaration);
  const cycle = [...called.slice(called.lastIndexOf(block)), block].map((call) => call.name.text);
  const shown = cycle.length > 8 ? [...cycle.slice(0, 4), '...', ...cycle.slice(-2)] : cycle;
  const path = shown.join(' -> ');
  context.reporter.report(
    'recursive-block',
    { name, path },
    {
      at: owner.span,
      labels: [{ span: block.name.span, text: `"${name}" is declared here` }],
      help: [
        'Give it a number that gets smaller with each call, as in "inner(depth - 1) if depth > 1 else relu", or write the repetition out.',
      ],
    },
  );
}

/** Lines `name = pipeline`, top to bottom; the block's result is its last `out`. */
function runBlockLines(
  lines: readonly Line[],
  { name, span }: Owner,
  context: FlowContext,
): Flow | undefined {
  const run = startRun(context.environment, { owner: `Block "${name}"`, at: span });
  runLines(lines, run, context);
  return run.output;
}

/** The arguments of a call as the graph records them. */
export interface BoundParameters {
  readonly args: readonly ScopeArgument[];
  readonly tensors: readonly NodeId[];
}

/**
 * Gives the parameters of a declaration their values, in the environment of its
 * body; undefined when something was reported.
 */
export function bindParameters(
  block: Declaration,
  owner: Owner,
  args: readonly Argument[],
  inner: Environment,
  context: FlowContext,
): BoundParameters | undefined {
  const names = block.parameters.map((parameter) => parameter.name.text);
  const bound = bindArguments(owner, args, names, names, context, 'parameter');
  const given = new Map(bound.map((argument) => [argument.name, argument]));
  let isSound = bound.length === args.length;
  const scopeArgs: ScopeArgument[] = [];
  const tensors: NodeId[] = [];

  for (const parameter of block.parameters) {
    const name = parameter.name.text;
    const argument = given.get(name);
    const expression = argument?.value ?? parameter.defaultValue;
    if (expression === undefined) {
      if (isSound) {
        context.reporter.report(
          'missing-option',
          { owner: owner.name, name, expects: describeType(parameter.type) },
          { at: owner.span, labels: [{ span: parameter.span, text: 'declared here' }] },
        );
      }
      isSound = false;
      continue;
    }
    const environment = argument === undefined ? inner : context.environment;
    const argumentContext = { ...context, environment };
    const value = valueOf(expression, parameter, argumentContext);
    if (!context.work.count(countItems(value), expression.span)) return undefined;
    const fitted = fitType(value, parameter.type);
    if (fitted === undefined) {
      const labels = [{ span: parameter.span, text: 'declared here' }];
      reportMisfit({ owner: owner.name, parameter, expression, value, labels }, argumentContext);
      isSound = false;
      continue;
    }
    const isChecked = parameter.type !== undefined && !isStage(parameter);
    if (isChecked && reportWordsOfBranches(expression, wordsOf(parameter.type), argumentContext)) {
      isSound = false;
    }
    if (fitted.kind === 'invalid') isSound = false;
    if (fitted.kind === 'tensor') tensors.push(...fitted.nodes);
    const data = toData(fitted);
    if (data !== undefined) {
      const derivation = derivationOf(fitted);
      scopeArgs.push({ name, value: data, ...(derivation === undefined ? {} : { derivation }) });
    }
    // The lines of an encoder are lines of the model: its values are those of the model.
    const scope = context.builder.nextScope;
    inner.define(name, block.kind === 'block' ? asParameterOf(fitted, name, scope) : fitted);
  }
  return isSound ? { args: scopeArgs, tensors } : undefined;
}

function valueOf(expression: Expression, parameter: ParameterNode, context: FlowContext): Value {
  // A word that is one of the choices is meant as that, whatever else it may name.
  if (expression.kind === 'name' && wordsOf(parameter.type).includes(expression.name)) {
    return { kind: 'symbol', name: expression.name };
  }
  if (!isStage(parameter)) return evaluate(expression, context);
  if (expression.kind === 'name') {
    const value = context.environment.lookup(expression.name);
    if (value !== undefined) return value;
  }
  return { kind: 'stage', expression, environment: context.environment };
}
