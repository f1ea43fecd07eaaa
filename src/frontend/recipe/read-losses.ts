import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Field, Section } from '../../parser/ast.js';
import { isSound, type EvaluationContext } from '../values/evaluation-context.js';
import { classifiesImages, formOfHead, isPerImage, outputsOf } from '../../ir/graph-heads.js';
import type { Graph, GraphHead } from '../../ir/graph.js';
import { reportIdle } from '../lints/lint-options.js';
import { defaultsOf } from './read-component.js';
import { checkLossFits } from './check-loss.js';
import { readLoss } from './read-loss.js';
import { sectionsOfHeads } from './sections-of-heads.js';
import type { HeadLosses, LossExpression } from '../../ir/recipe.js';

/**
 * The loss of every head. `loss NAME: ...` is that of one head, `loss: ...` that of
 * every other head that gives masks, or of all where none does; what is left has a default
 * that fits.
 * Undefined when a problem was reported.
 *
 * @param recipe what the fields of the recipe know.
 */
export function readLosses(
  train: Section,
  field: Field | undefined,
  graph: Graph,
  recipe: EvaluationContext,
): Result<HeadLosses | undefined> {
  const reporter = new Reporter();
  const context = { ...recipe, reporter };
  const own = new Map(
    [...sectionsOfHeads(train, 'loss', 'bce + dice', graph, context)].flatMap(([name, value]) => {
      const loss = readLoss(value, context);
      return loss === undefined ? [] : [[name, loss] as const];
    }),
  );
  const common = field && readLoss(field.value, context);
  const givesMasks = graph.heads.some((head) => isOfMasks(graph, head));
  const takesCommon = (head: GraphHead): boolean =>
    !own.has(head.name) && isOfMasks(graph, head) === givesMasks;
  const losses = graph.heads.map((head): readonly [string, LossExpression] => {
    const chosen = own.get(head.name) ?? (takesCommon(head) ? common : undefined);
    return [head.name, chosen ?? defaultLoss(graph, [head], train)];
  });
  if (common !== undefined && field !== undefined && !graph.heads.some(takesCommon)) {
    const which = givesMasks ? 'every head that gives masks' : 'every head';
    const reason = `${which} has a loss of its own`;
    const help = 'Take it out, or the loss of a head.';
    reportIdle(reporter, { owner: 'train', name: 'loss', reason, help }, field.name.span);
  }
  if (common !== undefined) {
    const outputs = graph.heads.filter(takesCommon).flatMap((head) => outputsOf(graph, head));
    reporter.add(checkLossFits(common, outputs, graph));
  }
  for (const head of graph.heads) {
    const loss = own.get(head.name);
    if (loss !== undefined) reporter.add(checkLossFits(loss, outputsOf(graph, head), graph));
  }
  if (!isSound(context)) return reporter.result(undefined);
  const isStated = field !== undefined || own.size > 0;
  return reporter.result(isStated ? Object.fromEntries(losses) : defaultLosses(graph, train));
}

/** Cross-entropy that fits the heads, plus dice where they give masks. */
export function defaultLosses(graph: Graph, origin: Section): HeadLosses {
  const masks = graph.heads.filter((head) => isOfMasks(graph, head));
  const common = masks.length === 0 ? undefined : defaultLoss(graph, masks, origin);
  return Object.fromEntries(
    graph.heads.map((head) => {
      const own = isOfMasks(graph, head) ? common : undefined;
      return [head.name, own ?? defaultLoss(graph, [head], origin)];
    }),
  );
}

/** Whether a head gives masks of classes. */
const isOfMasks = (graph: Graph, head: GraphHead): boolean =>
  !classifiesImages(graph, head) && formOfHead(graph, head) === 'classes';

function defaultLoss(graph: Graph, heads: readonly GraphHead[], origin: Section): LossExpression {
  const outputs = heads.flatMap((head) => outputsOf(graph, head));
  const isBinary = outputs.every(
    ({ node, values }) => values !== 'softmax' && graph.nodes[node]?.channels === 1,
  );
  const hasSigmoid = outputs.some(({ values }) => values === 'sigmoid');
  const term = (name: 'bce' | 'cross_entropy' | 'dice' | 'mse'): LossExpression => ({
    kind: 'loss',
    loss: { name, options: defaultsOf('loss', name), origin: origin.keyword.span },
  });
  if (outputs.some(({ form }) => form === 'values')) return term('mse');
  if (outputs.some(({ form }) => form === 'planes')) {
    return { kind: 'sum', terms: [term('bce'), term('dice')] };
  }
  const entropy = term(isBinary || hasSigmoid ? 'bce' : 'cross_entropy');
  if (outputs.some(({ node }) => isPerImage(graph, node))) return entropy;
  return { kind: 'sum', terms: [entropy, term('dice')] };
}
