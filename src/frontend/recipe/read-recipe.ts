import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Family } from '../../catalog/component.js';
import type { NameOf } from '../../catalog/index.js';
import type { OptionsOf } from '../../catalog/options-of.js';
import { sectionFields } from '../../catalog/sections.js';
import type { Argument, Field, Section } from '../../parser/ast.js';
import { isSound, withoutTensors, type EvaluationContext } from '../values/evaluation-context.js';
import type { Work } from '../values/work.js';
import type { Graph } from '../../ir/graph.js';
import { mainHead } from '../../ir/graph-heads.js';
import { readClasses, type ClassFields } from './read-classes.js';
import { defaultsOf, readComponent } from './read-component.js';
import { defaultLosses, readLosses } from './read-losses.js';
import { checkOptions } from '../values/options.js';
import type { ComponentCall, HeadLosses, TrainRecipe } from '../../ir/recipe.js';
import { readDataSource } from './read-data-source.js';
import { readMetrics } from './read-metrics.js';
import { readTargets } from './read-targets.js';
import { withTargets } from '../../ir/forms/with-targets.js';
import { readPost } from './read-post.js';
import { usualData, type DataSource } from '../../ir/data-source.js';
import { checkAugment } from './check-augment.js';
import { noPostProcessing, type PostProcessing } from '../../ir/post-processing.js';
import { checkScaling } from './check-scaling.js';
import { lintParameters } from '../lints/lint-unused.js';
import { readFields } from '../schemes/slots.js';
import { chooseBranch } from '../values/read-choice.js';
import { defineParameters, ownerOf } from '../values/section-parameters.js';
import { checkStatedErrors, withoutErrors } from '../values/stated-errors.js';

/** The fields of a recipe that take components; the others are plain values. */
export const componentFields = [
  'loss',
  'metrics',
  'optimizer',
  'schedule',
  'clip',
  'augment',
  'sizes',
  'scaling',
  'pairs',
  'split',
  'post',
  'objects',
] as const;

/**
 * Reads a `train` section against the graph it trains; undefined when a problem was reported.
 * Its fields know its own parameters, which have the values of `set` or their defaults.
 */
export function readRecipe(
  section: Section,
  bare: Graph,
  set: Readonly<Record<string, string>>,
  work: Work,
): Result<TrainRecipe | undefined> {
  const reporter = new Reporter();
  const context = withoutTensors(reporter, work);
  defineParameters(section, set, context);
  const stated = { owner: `"${ownerOf(section)}"`, at: section.name?.span ?? section.keyword.span };
  checkStatedErrors(section, stated, context);
  const declaration = sectionFields.train;
  const plainFields = Object.keys(declaration.options);
  const fields = readFields(
    withoutErrors(section),
    'train',
    [...componentFields, ...plainFields],
    reporter,
    ['loss', 'target'],
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
  const one = <F extends Family>(name: string, family: F): ComponentCall<NameOf<F>> | undefined => {
    const field = fields.get(name);
    return field && readComponent(field.value, family, context);
  };
  const targets = readTargets(section, bare, context);
  const graph = withTargets(bare, targets.targets);
  const losses = reporter.take(readLosses(section, fields.get('loss'), graph, context));
  const parts = {
    ...readMetrics(readList(fields.get('metrics'), 'metric', context), graph, context),
    optimizer: one('optimizer', 'optimizer'),
    schedule: one('schedule', 'schedule'),
    clip: one('clip', 'clipping'),
    augment: readList(fields.get('augment'), 'augmentation', context),
    sizes: one('sizes', 'size_policy'),
    scaling: one('scaling', 'scaling'),
  };
  const found = { pairs: one('pairs', 'pairing'), split: one('split', 'split') };
  checkAugment(parts.augment, graph, context);
  const postFields = {
    steps: readList(fields.get('post'), 'post_step', context),
    objects: one('objects', 'separation'),
  };
  const post = readPost(postFields, parts.metrics, graph, context);
  if (parts.scaling !== undefined) checkScaling(parts.scaling, graph, context);
  const classes = plain && readClasses(plain.values, fields, graph, context);
  const data = plain && readDataSource({ ...found, paths: plain.values, targets }, fields, context);
  if (plain === undefined || losses === undefined || !isSound(context)) {
    return reporter.result(undefined);
  }
  reporter.add(lintParameters(section));
  return reporter.result(
    makeRecipe(section, graph, losses, { ...parts, classes, data, post }, plain.values),
  );
}

/** The recipe of a model without a `train` section: all defaults. */
export function defaultRecipe(graph: Graph, model: Section): TrainRecipe {
  const values = defaultsOf('section', 'train');
  return makeRecipe(model, graph, defaultLosses(graph, model), {}, values);
}

type RecipeParts = Partial<
  Pick<TrainRecipe, 'metrics' | 'targetMetrics' | 'augment'> & {
    readonly [Part in 'optimizer' | 'schedule' | 'clip' | 'sizes' | 'scaling']:
      TrainRecipe[Part] | undefined;
  } & {
    readonly classes: ClassFields | undefined;
    readonly data: DataSource | undefined;
    readonly post: PostProcessing;
  }
>;

const noClasses: ClassFields = {
  ...{ colours: undefined, classes: undefined, ignore: undefined },
  borderWidth: undefined,
};

function makeRecipe(
  section: Section,
  graph: Graph,
  losses: HeadLosses,
  parts: RecipeParts,
  { epochs, batch, seed, accumulate, foreground, ema, patience }: OptionsOf<'section', 'train'>,
): TrainRecipe {
  const fallback = <F extends Family, N extends NameOf<F>>(
    family: F,
    name: N,
  ): ComponentCall<N> => ({
    name,
    options: defaultsOf(family, name),
    origin: section.keyword.span,
  });
  return {
    model: graph.model,
    loss: losses[mainHead(graph).name]!,
    losses,
    metrics: parts.metrics ?? [fallback('metric', 'dice')],
    targetMetrics: parts.targetMetrics ?? {},
    optimizer: parts.optimizer ?? fallback('optimizer', 'adam'),
    schedule: parts.schedule ?? fallback('schedule', 'constant'),
    clip: parts.clip,
    augment: parts.augment ?? [],
    sizes: parts.sizes ?? fallback('size_policy', 'pad'),
    scaling: parts.scaling ?? fallback('scaling', 'unit'),
    data: parts.data ?? usualData,
    post: parts.post ?? noPostProcessing,
    epochs,
    batch,
    seed,
    accumulate,
    foreground,
    ema,
    patience,
    ...(parts.classes ?? noClasses),
    origin: section.keyword.span,
  };
}

function readList<F extends Family>(
  field: Field | undefined,
  family: F,
  context: EvaluationContext,
): readonly ComponentCall<NameOf<F>>[] {
  const value = field && chooseBranch(field.value, context);
  if (value === undefined) return [];
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => readComponent(item, family, context) ?? []);
}
