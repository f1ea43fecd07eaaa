import { describeModel, type DescribedModel } from '../../codegen/model-facts.js';
import type { CompiledModel } from '../../compile.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { describeStored, missedScalings, textOf } from '../../frontend/elaborate/stored-scaling.js';
import { lossesAsTrained } from '../../frontend/recipe/losses-as-trained.js';
import { fits, rangeAlike, scaleAlike } from '../../ir/compare-scalings.js';
import type { Graph } from '../../ir/graph.js';
import { mainHead, mainOutputOf } from '../../ir/graph-heads.js';
import { weightsOf } from '../../codegen/tfjs/weights.js';
import { colourEncoding } from '../data/mask-encoding.js';
import { describeColour } from '../data/mask-levels.js';
import type { LoadedWeights } from '../pretrained/load-weights.js';
import type { WeightSource } from '../pretrained/weight-source.js';

/** A model that takes weights. */
type Taker = DescribedModel & Pick<CompiledModel, 'section' | 'encoderFiles'>;

/** What weights are for: a start, from which images of other files are learned, or a model that predicts as they are. */
export type WeightUse = 'training' | 'model';

/**
 * Warns where the weights that were read expect another scaling than the recipe has, or know
 * other classes, as far as the compiler could not know: of a file that a call names, of a
 * spec without a recipe, of weights whose names tell which of several families they are,
 * and of models that unetc wrote.
 */
export function checkWeightFacts(
  taker: Taker,
  loaded: LoadedWeights,
  source: WeightSource,
  use: WeightUse,
): readonly Diagnostic[] {
  return [
    ...checkFamilies(taker, loaded, source),
    ...checkScaling(taker, loaded, source, use),
    ...checkClasses(taker, loaded, source),
    ...(use === 'model' ? checkActivations(taker, loaded, source) : []),
  ];
}

/** Whether a model has a recipe of its own; all defaults otherwise. */
const hasRecipe = ({ recipe, section }: Pick<Taker, 'recipe' | 'section'>): boolean =>
  recipe.origin !== section.keyword.span;

function checkFamilies(
  taker: Taker,
  { summary: { families, file } }: LoadedWeights,
  { at }: WeightSource,
): readonly Diagnostic[] {
  const { graph, encoderFiles, recipe } = taker;
  const isPredicted =
    encoderFiles?.file !== undefined &&
    hasRecipe(taker) &&
    missedScalings(taker, recipe).length > 0;
  const missed = isPredicted ? [] : missedScalings(taker, recipe, families);
  if (missed.length === 0) return [];
  const [usual] = missed[0]!.calls;
  const parameters = { file, scaling: recipe.scaling.name, expected: describeStored(missed) };
  const help = [`Say it in the recipe: train ${graph.model} { scaling: ${usual!.name} }.`];
  return [createDiagnostic('weights-scaled-otherwise', parameters, { at, help })];
}

function checkScaling(
  { graph, recipe }: Taker,
  { facts, summary: { file } }: LoadedWeights,
  { at }: WeightSource,
  use: WeightUse,
): readonly Diagnostic[] {
  const stored = facts?.scaling;
  const channels = channelsOf(graph);
  if (stored === undefined || !fits(stored, channels)) return [];
  // Other files of images may have other values for black and white.
  const isSameRange = use === 'training' || rangeAlike(stored, recipe.scaling);
  if (isSameRange && scaleAlike(stored, recipe.scaling, channels)) return [];
  const expected = textOf(stored);
  const parameters = { file, scaling: textOf(recipe.scaling), expected: `"${expected}"` };
  const help = [`Say it in the recipe: train ${graph.model} { scaling: ${expected} }.`];
  return [createDiagnostic('weights-scaled-otherwise', parameters, { at, help })];
}

function checkClasses(
  { graph, recipe }: Taker,
  { facts, values, summary: { file } }: LoadedWeights,
  { at }: WeightSource,
): readonly Diagnostic[] {
  if (facts === undefined || !takesHead(graph, values)) return [];
  const report = (stored: string, given: string, help: string): readonly Diagnostic[] => {
    const context = { at, help: [help] };
    return [createDiagnostic('weights-of-other-classes', { file, stored, given }, context)];
  };
  if (facts.classes !== undefined && recipe.classes !== undefined) {
    const [stored, given] = [listed(facts.classes), listed(recipe.classes)];
    if (stored === given) return [];
    return report(
      stored,
      given,
      `Each class keeps the place that it had in training: classes: [${facts.classes.map((name) => JSON.stringify(name)).join(', ')}].`,
    );
  }
  if (facts.colours === undefined || recipe.colours === undefined) return [];
  const encoding = colourEncoding(recipe.colours);
  const table = encoding.kind === 'colours' ? encoding.table : [];
  const isReordered =
    facts.colours.join() !== table.join() && sorted(facts.colours) === sorted(table);
  if (!isReordered) return [];
  const words = (colours: readonly number[]): string => colours.map(describeColour).join(', ');
  return report(
    words(facts.colours),
    words(table),
    `Each class keeps the place that it had in training: colors: [${words(facts.colours)}].`,
  );
}

function checkActivations(
  taker: Taker,
  { facts, values, summary: { file } }: LoadedWeights,
  { at }: WeightSource,
): readonly Diagnostic[] {
  if (facts === undefined || !takesHead(taker.graph, values)) return [];
  const reporter = new Reporter();
  for (const { name, activation } of describeModel(taker).outputs) {
    const stored = facts.activations.get(name);
    if (stored === undefined || stored === activation) continue;
    const parameters = { file, output: name, stored, given: activation };
    const help = ['Give the recipe the loss that the weights were trained with.'];
    reporter.report('weights-activated-otherwise', parameters, { at, help });
  }
  return reporter.diagnostics;
}

/**
 * A model as its weights were trained, where the spec says nothing: the scaling, and losses that
 * make probabilities of logits alike, of a spec without a recipe, the names of its classes also
 * of one whose recipe has none. `taken` says in words what was taken, `scalingOf` who says how
 * images are scaled; where nobody does, the recipe has the usual scaling.
 */
export function asTrained(
  taker: Taker,
  { facts, values }: LoadedWeights,
): {
  readonly model: Taker;
  readonly taken: readonly string[];
  readonly scalingOf: 'recipe' | 'weights' | 'nobody';
} {
  const { graph, recipe } = taker;
  const isSilent = !hasRecipe(taker);
  const isHead = takesHead(graph, values);
  const scaling =
    isSilent && facts?.scaling !== undefined && fits(facts.scaling, channelsOf(graph))
      ? facts.scaling
      : undefined;
  const isNamed = recipe.classes !== undefined || facts?.classes?.length !== classCountOf(graph);
  const classes = isHead && !isNamed ? facts?.classes : undefined;
  const activations = isSilent && isHead ? facts?.activations : undefined;
  const losses = activations && lossesAsTrained(graph, recipe.losses, activations);
  return {
    model: {
      ...taker,
      recipe: {
        ...recipe,
        ...(scaling && { scaling: { ...scaling, origin: recipe.scaling.origin } }),
        ...(classes && { classes }),
        ...(losses && { losses, loss: losses[mainHead(graph).name]! }),
      },
    },
    taken: [
      ...(scaling === undefined ? [] : [`the scaling "${textOf(scaling)}"`]),
      ...(classes === undefined ? [] : [`the classes ${listed(classes)}`]),
    ],
    scalingOf: scaling !== undefined ? 'weights' : isSilent ? 'nobody' : 'recipe',
  };
}

const channelsOf = (graph: Graph): number => graph.nodes[graph.inputs[0]!.node]!.channels;

/** One channel tells two classes. */
const classCountOf = (graph: Graph): number =>
  Math.max(2, graph.nodes[mainOutputOf(graph, mainHead(graph)).node]!.channels);

/** Whether the layer that tells the classes has its weights from the file. */
function takesHead(graph: Graph, values: ReadonlyMap<string, Float32Array>): boolean {
  for (
    let node = graph.nodes[mainOutputOf(graph, mainHead(graph)).node];
    node !== undefined;
    node = graph.nodes[node.inputs[0] ?? -1]
  ) {
    const weights = weightsOf(graph, node);
    if (weights.length > 0) return weights.every(({ name }) => values.has(name));
  }
  return false;
}

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const sorted = (values: readonly number[]): string => [...values].sort((a, b) => a - b).join();
