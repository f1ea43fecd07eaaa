import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Field, Section } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { isSound, type EvaluationContext } from '../values/evaluation-context.js';
import { classifiesImages, isPerImage, outputsOf } from '../../ir/graph-heads.js';
import type { Graph, GraphHead } from '../../ir/graph.js';
import { reportIdle } from '../lints/lint-options.js';
import { defaultsOf } from './read-component.js';
import { checkLossFits } from './check-loss.js';
import { readLoss } from './read-loss.js';
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
  const own = readOwnLosses(train, graph, context);
  const common = field && readLoss(field.value, context);
  const givesMasks = graph.heads.some((head) => !classifiesImages(graph, head));
  const takesCommon = (head: GraphHead): boolean =>
    !own.has(head.name) && !(givesMasks && classifiesImages(graph, head));
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

/** The sections `loss NAME: ...`. */
function readOwnLosses(
  train: Section,
  graph: Graph,
  context: EvaluationContext,
): ReadonlyMap<string, LossExpression> {
  const names = graph.heads.map(({ name }) => name);
  const losses = new Map<string, LossExpression>();
  for (const member of train.body?.members ?? []) {
    if (member.kind !== 'section' || member.keyword.text !== 'loss') continue;
    const { name, value } = member;
    if (name === undefined || value === undefined) {
      context.reporter.report(
        'missing-name',
        { section: 'loss', example: `loss ${names[0] ?? 'mask'}: bce + dice` },
        { at: member.keyword.span },
      );
      continue;
    }
    if (!names.includes(name.text)) {
      const { known, help, fixes } = didYouMean(name, names, 'its heads are');
      context.reporter.report(
        'unknown-name',
        { name: name.text, expected: known },
        { at: name.span, help, fixes },
      );
      continue;
    }
    if (losses.has(name.text)) {
      const help = 'Add the terms up in one loss.';
      reportDuplicate(context.reporter, { name: name.text, what: 'loss', at: name.span, help });
      continue;
    }
    const loss = readLoss(value, context);
    if (loss !== undefined) losses.set(name.text, loss);
  }
  return losses;
}

/** Cross-entropy that fits the heads, plus dice where they give masks. */
export function defaultLosses(graph: Graph, origin: Section): HeadLosses {
  const masks = graph.heads.filter((head) => !classifiesImages(graph, head));
  const common = masks.length === 0 ? undefined : defaultLoss(graph, masks, origin);
  return Object.fromEntries(
    graph.heads.map((head) => {
      const own = classifiesImages(graph, head) ? undefined : common;
      return [head.name, own ?? defaultLoss(graph, [head], origin)];
    }),
  );
}

function defaultLoss(graph: Graph, heads: readonly GraphHead[], origin: Section): LossExpression {
  const outputs = heads.flatMap((head) => outputsOf(graph, head));
  const isBinary = outputs.every(
    ({ node, values }) => values !== 'softmax' && graph.nodes[node]?.channels === 1,
  );
  const hasSigmoid = outputs.some(({ values }) => values === 'sigmoid');
  const term = (name: 'bce' | 'cross_entropy' | 'dice'): LossExpression => ({
    kind: 'loss',
    loss: { name, options: defaultsOf('loss', name), origin: origin.keyword.span },
  });
  const entropy = term(isBinary || hasSigmoid ? 'bce' : 'cross_entropy');
  if (outputs.some(({ node }) => isPerImage(graph, node))) return entropy;
  return { kind: 'sum', terms: [entropy, term('dice')] };
}
