import type {
  CallExpression,
  ConditionalExpression,
  Expression,
  ListExpression,
  NameExpression,
} from '../../parser/ast.js';
import { evaluateCondition } from '../values/evaluate.js';
import { describeValue } from '../values/value.js';
import { reportNoInput, type Flow, type FlowContext } from './flow-context.js';
import { runOperation } from './run-operation.js';

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

/** Without `else` a step gives what flowed in; what is not a step was reported (`checkChoices`). */
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
            `To merge it in, write "[..., ${step.name}] -> concat".`,
            `To call one layer several times, with the same weights, declare it: "shared ${step.name} = conv(64, 3)". A block runs layers again with weights of their own.`,
          ],
        },
      );
      return undefined;
    case 'stage':
      // Stages made of stages double with each level, like calls do.
      if (!context.builder.countCall(step.span, context.reporter)) return undefined;
      return runFlow(value.expression, { ...context, environment: value.environment });
    case 'shared':
      return context.callShared(value.instance, step.span, context);
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
  const value = context.environment.lookup(text);
  if (value?.kind === 'shared') {
    const edits = [{ span: { ...step.span, start: span.end }, text: '' }];
    const fixes = [{ title: 'Take out the parentheses', edits }];
    const labels = [{ span: value.instance.name.span, text: 'made here' }];
    context.reporter.report(
      'shared-takes-nothing',
      { name: text },
      { at: step.span, labels, fixes },
    );
    return undefined;
  }
  return runOperation({ name: text, span }, step.args, step.span, context);
}
