import { findComponent } from '../catalog/index.js';
import type { Family } from '../catalog/component.js';
import type { Argument, Field, Section } from '../parser/ast.js';
import type { EvaluationContext } from './evaluate.js';
import type { ArgumentValue, Graph } from './graph.js';
import { readComponent } from './read-component.js';
import { checkLossFits, readLoss } from './read-loss.js';
import { checkOptions } from './options.js';
import type { ComponentCall, LossExpression, ScalingName, TrainRecipe } from './recipe.js';
import { readFields } from './slots.js';

const componentFields = ['loss', 'metrics', 'optimizer', 'schedule', 'augment', 'sizes'] as const;

/** Reads a `train` section against the graph it trains; undefined when a problem was reported. */
export function readRecipe(
  section: Section,
  graph: Graph,
  context: EvaluationContext,
): TrainRecipe | undefined {
  const before = context.reporter.errorCount;
  const declaration = findComponent('section', 'train')!;
  const plainFields = Object.keys(declaration.options);
  const fields = readFields(
    section,
    'train',
    [...componentFields, ...plainFields],
    context.reporter,
  );
  const args = plainFields.flatMap((name): Argument[] => {
    const field = fields.get(name);
    if (field === undefined) return [];
    // A misspelt field is read as the one that was meant.
    return [{ name: { ...field.name, text: name }, value: field.value, span: field.span }];
  });
  const plain = checkOptions(
    { name: 'train', span: section.keyword.span },
    declaration,
    args,
    context,
  );
  const one = <F extends Family>(name: string, family: F): ComponentCall | undefined => {
    const field = fields.get(name);
    return field && readComponent(field.value, family, context);
  };
  const lossField = fields.get('loss');
  const loss =
    lossField === undefined ? defaultLoss(graph, section) : readLoss(lossField.value, context);
  const parts = {
    metrics: readList(fields.get('metrics'), 'metric', context),
    optimizer: one('optimizer', 'optimizer'),
    schedule: one('schedule', 'schedule'),
    augment: readList(fields.get('augment'), 'augmentation', context),
    sizes: one('sizes', 'size_policy'),
  };
  if (loss !== undefined) checkLossFits(loss, graph, context.reporter);
  if (plain === undefined || loss === undefined || context.reporter.errorCount > before) {
    return undefined;
  }
  return makeRecipe(section, graph, loss, parts, plain.values);
}

/** The recipe of a model without a `train` section: all defaults. */
export function defaultRecipe(graph: Graph, model: Section): TrainRecipe {
  const values = Object.fromEntries(
    Object.entries(findComponent('section', 'train')!.options).flatMap(([name, option]) =>
      option.default === undefined ? [] : [[name, option.default]],
    ),
  );
  return makeRecipe(model, graph, defaultLoss(graph, model), {}, values);
}

interface RecipeParts {
  readonly metrics?: readonly ComponentCall[];
  readonly optimizer?: ComponentCall | undefined;
  readonly schedule?: ComponentCall | undefined;
  readonly augment?: readonly ComponentCall[];
  readonly sizes?: ComponentCall | undefined;
}

function makeRecipe(
  section: Section,
  graph: Graph,
  loss: LossExpression,
  parts: RecipeParts,
  values: Readonly<Record<string, ArgumentValue>>,
): TrainRecipe {
  const fallback = (family: Family, name: string): ComponentCall => ({
    name,
    options: defaultsOf(family, name),
    origin: section.keyword.span,
  });
  const metrics = parts.metrics ?? [];
  return {
    model: graph.model,
    loss,
    metrics: (metrics.length > 0
      ? metrics
      : [fallback('metric', 'dice')]) as TrainRecipe['metrics'],
    optimizer: (parts.optimizer ?? fallback('optimizer', 'adam')) as TrainRecipe['optimizer'],
    schedule: (parts.schedule ?? fallback('schedule', 'constant')) as TrainRecipe['schedule'],
    augment: (parts.augment ?? []) as TrainRecipe['augment'],
    sizes: (parts.sizes ?? fallback('size_policy', 'pad')) as TrainRecipe['sizes'],
    scaling: values['scaling'] as ScalingName,
    epochs: values['epochs'] as number,
    batch: values['batch'] as number,
    seed: values['seed'] as number,
    colours: values['colours'] as TrainRecipe['colours'],
    origin: section.keyword.span,
  };
}

const defaultsOf = (family: Family, name: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(findComponent(family, name)!.options).flatMap(([option, declaration]) =>
      declaration.default === undefined ? [] : [[option, declaration.default]],
    ),
  );

/** Cross-entropy that fits the heads, plus dice. */
function defaultLoss(graph: Graph, section: Section): LossExpression {
  const isBinary = graph.outputs.every(
    ({ node, values }) => values !== 'softmax' && graph.nodes[node]?.channels === 1,
  );
  const hasSigmoid = graph.outputs.some(({ values }) => values === 'sigmoid');
  const term = (name: 'bce' | 'cross_entropy' | 'dice'): LossExpression => ({
    kind: 'loss',
    loss: { name, options: defaultsOf('loss', name), origin: section.keyword.span },
  });
  return {
    kind: 'sum',
    terms: [term(isBinary || hasSigmoid ? 'bce' : 'cross_entropy'), term('dice')],
  };
}

function readList(
  field: Field | undefined,
  family: Family,
  context: EvaluationContext,
): readonly ComponentCall[] {
  if (field === undefined) return [];
  const items = field.value.kind === 'list' ? field.value.items : [field.value];
  return items.flatMap((item) => readComponent(item, family, context) ?? []);
}
