import { componentNames, isComponent } from '../../catalog/index.js';
import { losses } from '../../catalog/training.js';
import { counted, withArticle } from '../../diagnostics/counted.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import type { Expression } from '../../parser/ast.js';
import { listNames } from '../../diagnostics/did-you-mean.js';
import { evaluate } from '../values/evaluate.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { isPerImage } from '../../ir/graph-heads.js';
import type { Graph, GraphNode, GraphOutput, NodeId } from '../../ir/graph.js';
import { isMerge } from '../../ir/operations/operation-rules.js';
import { readComponent } from './read-component.js';
import type { ComponentCall, LossExpression, LossName } from '../../ir/recipe.js';
import { describeValue } from '../values/value.js';

/**
 * A loss is arithmetic on losses: sums, numbers times losses, and a pixel-wise
 * loss times a weight map. Undefined when a problem was reported.
 */
export function readLoss(
  expression: Expression,
  context: EvaluationContext,
): LossExpression | undefined {
  if (expression.kind === 'binary' && expression.operator === '+') {
    const left = readLoss(expression.left, context);
    const right = readLoss(expression.right, context);
    if (left === undefined || right === undefined) return undefined;
    return { kind: 'sum', terms: [...termsOf(left), ...termsOf(right)] };
  }
  if (expression.kind === 'binary' && expression.operator === '*') {
    return readProduct(expression.left, expression.right, context);
  }
  if (expression.kind === 'binary' && expression.operator === '/') {
    const loss = readLoss(expression.left, context);
    const divisor = readFactor(expression.right, context);
    if (loss === undefined || divisor === undefined) return undefined;
    return { kind: 'scale', factor: 1 / divisor, loss };
  }
  if (expression.kind === 'name' || expression.kind === 'call') {
    const loss = readComponent(expression, 'loss', context);
    return loss && { kind: 'loss', loss };
  }
  if (expression.kind === 'missing') return undefined;
  return notALoss(expression, context);
}

const termsOf = (loss: LossExpression): readonly LossExpression[] =>
  loss.kind === 'sum' ? loss.terms : [loss];

function readProduct(
  left: Expression,
  right: Expression,
  context: EvaluationContext,
): LossExpression | undefined {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (isComponent('weight_map', calleeOf(one) ?? '')) {
      const map = readComponent(one, 'weight_map', context);
      const loss = readLoss(other, context);
      return loss && map && { kind: 'map', loss, map };
    }
  }
  const isLeftLoss = holdsLoss(left);
  const factor = readFactor(isLeftLoss ? right : left, context);
  const loss = factor === undefined ? undefined : readLoss(isLeftLoss ? left : right, context);
  return factor === undefined || loss === undefined ? undefined : { kind: 'scale', factor, loss };
}

const calleeOf = (expression: Expression): string | undefined =>
  expression.kind === 'name'
    ? expression.name
    : expression.kind === 'call'
      ? expression.callee.text
      : undefined;

function holdsLoss(expression: Expression): boolean {
  if (expression.kind === 'binary')
    return holdsLoss(expression.left) || holdsLoss(expression.right);
  const name = calleeOf(expression);
  return name !== undefined && isComponent('loss', name);
}

function readFactor(expression: Expression, context: EvaluationContext): number | undefined {
  const value = evaluate(expression, context);
  if (value.kind === 'number' && value.value > 0) return value.value;
  if (value.kind !== 'invalid') {
    context.reporter.report(
      'not-a-loss',
      { found: value.kind === 'number' ? `the factor ${value.value}` : describeValue(value) },
      { at: expression.span, help: ['Use a number above 0 as the factor of a loss.'] },
    );
  }
  return undefined;
}

function notALoss(expression: Expression, context: EvaluationContext): undefined {
  const value = expression.kind === 'number' ? expression.text : withArticle(expression.kind);
  const help = [`Use ${listNames(componentNames('loss'))}.`];
  context.reporter.report('not-a-loss', { found: value }, { at: expression.span, help });
  return undefined;
}

/** What each loss asks of a head. */
const demands: { readonly [N in LossName]: 'exclusive' | 'independent' | 'any' } = {
  bce: 'independent',
  cross_entropy: 'exclusive',
  focal: 'any',
  soft_dice_hybrid: 'any',
  dice: 'any',
  iou: 'any',
  tversky: 'any',
  focal_tversky: 'any',
  bce_iou: 'independent',
  ms_ssim: 'any',
};

/** Losses that are means over pixels, which a weight map can weigh. */
const pixelWise: readonly LossName[] = ['bce', 'cross_entropy', 'focal', 'soft_dice_hybrid'];

/** Reports losses that need what the outputs of a head do not give. */
export function checkLossFits(
  loss: LossExpression,
  outputs: readonly GraphOutput[],
  graph: Graph,
  reporter: Reporter,
): void {
  const components = componentsOf(loss, false);
  const independent = components.find(({ call }) => demands[call.name] === 'independent')?.call;
  for (const { call, isMapped } of components) {
    for (const output of outputs) {
      const channels = graph.nodes[output.node]?.channels ?? 1;
      const problem =
        misfitOfImages(call.name, isPerImage(graph, output.node), isMapped) ??
        misfitOfOneChannel(call.name, output, channels, graph) ??
        misfit(call.name, output, channels, isMapped) ??
        misfitOfWeights(call, channels) ??
        contradiction(call.name, output, independent?.name);
      if (problem === undefined) continue;
      const { reason } = problem;
      reporter.report(
        'loss-does-not-fit',
        { loss: call.name, head: output.name, reason },
        {
          at: call.origin,
          labels: [
            {
              span: output.origin,
              text: `"${output.name}" gives ${describeOutput(output, channels)}`,
            },
          ],
          fixes: fixesOf(call, problem, graph),
        },
      );
    }
  }
}

/** The part of a call that another loss takes the place of: the name, or all where it lacks an option. */
function replaced({ name, options, origin }: ComponentCall<LossName>, instead: LossName): Span {
  const known = losses[instead].options;
  const keeps = Object.keys(options).every(
    (key) => key !== 'class_weights' && Object.hasOwn(known, key),
  );
  return keeps ? { ...origin, end: origin.start + name.length } : origin;
}

function describeOutput({ values }: GraphOutput, channels: number): string {
  const count = counted(channels, 'channel');
  return values === 'logits' ? `logits in ${count}` : `${count} through ${values}`;
}

interface Misfit {
  readonly reason: string;
  /** The loss that fits in its place. */
  readonly instead?: LossName;
  /** The softmax that has to become a sigmoid. */
  readonly softmax?: GraphNode;
}

function fixesOf(
  call: ComponentCall<LossName>,
  { instead, softmax }: Misfit,
  { scopes }: Graph,
): readonly Fix[] {
  const loss = instead === undefined ? [] : [{ span: replaced(call, instead), text: instead }];
  if (softmax === undefined) {
    return instead === undefined ? [] : [{ title: `Use "${instead}"`, edits: loss }];
  }
  // In the file of a library nothing can be changed from here.
  if (softmax.origin.file !== scopes[0]!.origin.file) return [];
  const title = instead === undefined ? 'Use "sigmoid"' : `Use "sigmoid" and "${instead}"`;
  return [{ title, edits: [{ span: softmax.origin, text: 'sigmoid' }, ...loss] }];
}

/** A softmax over one channel says nothing, whatever the loss. */
function misfitOfOneChannel(
  name: LossName,
  { node, values }: GraphOutput,
  channels: number,
  graph: Graph,
): Misfit | undefined {
  if (channels !== 1 || values !== 'softmax' || demands[name] === 'any') return undefined;
  const softmax = softmaxOf(graph, node);
  return {
    reason: 'its softmax over one channel is 1 everywhere, so there is nothing to learn from',
    ...(softmax === undefined ? {} : { softmax }),
    ...(demands[name] === 'exclusive' ? { instead: 'bce' } : {}),
  };
}

/** The softmax that a tensor holds the values of; undefined where several could be meant. */
function softmaxOf({ nodes }: Graph, id: NodeId): GraphNode | undefined {
  for (let node = nodes[id]; node !== undefined; node = nodes[node.inputs[0] ?? -1]) {
    if (node.op.kind === 'softmax') return node;
    if (node.inputs.length > 1 && isMerge(node.op)) return undefined;
  }
  return undefined;
}

function misfit(
  name: LossName,
  output: GraphOutput,
  channels: number,
  isMapped: boolean,
): Misfit | undefined {
  if (isMapped && !pixelWise.includes(name)) {
    return { reason: `a weight map weighs pixels, and "${name}" is no mean over pixels` };
  }
  switch (demands[name]) {
    case 'any':
      return undefined;
    case 'exclusive':
      if (channels === 1) {
        return {
          reason: 'it has one channel, and exclusive classes need two or more',
          instead: 'bce',
        };
      }
      return output.values === 'sigmoid'
        ? { reason: 'its sigmoid gives classes that do not exclude each other', instead: 'bce' }
        : undefined;
    case 'independent':
      return output.values === 'softmax'
        ? { reason: 'its softmax gives classes that exclude each other', instead: 'cross_entropy' }
        : undefined;
  }
}

/** A judgement of the whole image has no pixels to compare regions or weigh. */
function misfitOfImages(
  name: LossName,
  classifiesImages: boolean,
  isMapped: boolean,
): Misfit | undefined {
  if (!classifiesImages || (pixelWise.includes(name) && !isMapped)) return undefined;
  const what = isMapped ? 'a weight map' : `"${name}"`;
  return { reason: `it judges whole images, and ${what} needs pixels` };
}

/** Class weights are one for each class that the loss tells apart, and not all 0. */
function misfitOfWeights(
  { name, options }: ComponentCall<LossName>,
  channels: number,
): Misfit | undefined {
  const { class_weights: weights } = options;
  if (!Array.isArray(weights)) return undefined;
  if (channels === 1 && !pixelWise.includes(name)) {
    return { reason: 'its one channel is one class, and "class_weights" weighs several' };
  }
  const classes = Math.max(2, channels);
  if (weights.length !== classes) {
    return { reason: `"class_weights" has ${weights.length} numbers for ${classes} classes` };
  }
  return weights.every((weight) => weight === 0)
    ? { reason: '"class_weights" leaves out every class' }
    : undefined;
}

/** Logits of several channels are read in one way by all terms of a loss. */
function contradiction(
  name: LossName,
  output: GraphOutput,
  independent: LossName | undefined,
): Misfit | undefined {
  if (demands[name] !== 'exclusive' || independent === undefined || output.values !== 'logits') {
    return undefined;
  }
  return {
    reason: `"${independent}" beside it takes the channels as classes that do not exclude each other`,
  };
}

interface WeighedLoss {
  readonly call: ComponentCall<LossName>;
  readonly isMapped: boolean;
}

function componentsOf(loss: LossExpression, isMapped: boolean): readonly WeighedLoss[] {
  switch (loss.kind) {
    case 'loss':
      return [{ call: loss.loss, isMapped }];
    case 'sum':
      return loss.terms.flatMap((term) => componentsOf(term, isMapped));
    case 'scale':
      return componentsOf(loss.loss, isMapped);
    case 'map':
      return componentsOf(loss.loss, true);
  }
}
