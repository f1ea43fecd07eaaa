import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { findComponent } from '../../catalog/index.js';
import type { Family } from '../../catalog/component.js';
import type { Argument, Field, Section } from '../../parser/ast.js';
import { isSound, withoutNames, type EvaluationContext } from '../values/evaluation-context.js';
import type { Work } from '../values/work.js';
import type { ArgumentValue, Graph } from '../../ir/graph.js';
import { mainHead } from '../../ir/graph-heads.js';
import { readClasses, type ClassFields } from './read-classes.js';
import { defaultsOf, readComponent } from './read-component.js';
import { defaultLosses, readLosses } from './read-losses.js';
import { checkOptions } from '../values/options.js';
import type { ComponentCall, HeadLosses, TrainRecipe } from '../../ir/recipe.js';
import { checkScaling } from './check-scaling.js';
import { readFields } from '../schemes/slots.js';

const componentFields = [
  'loss',
  'metrics',
  'optimizer',
  'schedule',
  'augment',
  'sizes',
  'scaling',
] as const;

/** Reads a `train` section against the graph it trains; undefined when a problem was reported. */
export function readRecipe(
  section: Section,
  graph: Graph,
  work: Work,
): Result<TrainRecipe | undefined> {
  const reporter = new Reporter();
  const context = withoutNames(reporter, work);
  const declaration = findComponent('section', 'train')!;
  const plainFields = Object.keys(declaration.options);
  const fields = readFields(section, 'train', [...componentFields, ...plainFields], reporter, [
    'loss',
  ]);
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
  const losses = reporter.take(readLosses(section, fields.get('loss'), graph, work));
  const parts = {
    metrics: readList(fields.get('metrics'), 'metric', context),
    optimizer: one('optimizer', 'optimizer'),
    schedule: one('schedule', 'schedule'),
    augment: readList(fields.get('augment'), 'augmentation', context),
    sizes: one('sizes', 'size_policy'),
    scaling: one('scaling', 'scaling'),
  };
  if (parts.scaling !== undefined)
    checkScaling(parts.scaling as TrainRecipe['scaling'], graph, context);
  const classes = plain && readClasses(plain.values, fields, graph, context);
  if (plain === undefined || losses === undefined || !isSound(context)) {
    return reporter.result(undefined);
  }
  return reporter.result(makeRecipe(section, graph, losses, { ...parts, classes }, plain.values));
}

/** The recipe of a model without a `train` section: all defaults. */
export function defaultRecipe(graph: Graph, model: Section): TrainRecipe {
  const values = Object.fromEntries(
    Object.entries(findComponent('section', 'train')!.options).flatMap(([name, option]) =>
      option.default === undefined ? [] : [[name, option.default]],
    ),
  );
  return makeRecipe(model, graph, defaultLosses(graph, model), {}, values);
}

interface RecipeParts {
  readonly metrics?: readonly ComponentCall[];
  readonly optimizer?: ComponentCall | undefined;
  readonly schedule?: ComponentCall | undefined;
  readonly augment?: readonly ComponentCall[];
  readonly sizes?: ComponentCall | undefined;
  readonly scaling?: ComponentCall | undefined;
  readonly classes?: ClassFields | undefined;
}

const noClasses: ClassFields = { colours: undefined, classes: undefined, ignore: undefined };

function makeRecipe(
  section: Section,
  graph: Graph,
  losses: HeadLosses,
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
    loss: losses[mainHead(graph).name]!,
    losses,
    metrics: (metrics.length > 0
      ? metrics
      : [fallback('metric', 'dice')]) as TrainRecipe['metrics'],
    optimizer: (parts.optimizer ?? fallback('optimizer', 'adam')) as TrainRecipe['optimizer'],
    schedule: (parts.schedule ?? fallback('schedule', 'constant')) as TrainRecipe['schedule'],
    augment: (parts.augment ?? []) as TrainRecipe['augment'],
    sizes: (parts.sizes ?? fallback('size_policy', 'pad')) as TrainRecipe['sizes'],
    scaling: (parts.scaling ?? fallback('scaling', 'unit')) as TrainRecipe['scaling'],
    epochs: values['epochs'] as number,
    batch: values['batch'] as number,
    seed: values['seed'] as number,
    ...(parts.classes ?? noClasses),
    origin: section.keyword.span,
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
