import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { describeStored, missedScalings } from '../../frontend/elaborate/stored-scaling.js';
import type { LoadSummary } from '../pretrained/load-weights.js';
import type { WeightSource } from '../pretrained/weight-source.js';
import type { CompiledModel } from '../../compile.js';

/**
 * Warns where the weights that were read expect another scaling than the recipe has, as
 * far as the compiler could not know: of a file that a call names, of a spec without a
 * recipe, and of weights whose names tell which of several families they are.
 */
export function checkWeightScaling(
  { graph, section, recipe }: Pick<CompiledModel, 'graph' | 'section' | 'recipe'>,
  { families, file }: LoadSummary,
  { at }: WeightSource,
): readonly Diagnostic[] {
  const isRecipeWritten = recipe.origin !== section.keyword.span;
  const isTold =
    graph.encoderWeights?.file !== undefined &&
    isRecipeWritten &&
    missedScalings(graph, recipe).length > 0;
  const missed = isTold ? [] : missedScalings(graph, recipe, families);
  if (missed.length === 0) return [];
  const [usual] = missed[0]!.calls;
  const parameters = { file, scaling: recipe.scaling.name, expected: describeStored(missed) };
  const help = [`Say it in the recipe: train ${graph.model} { scaling: ${usual!.name} }.`];
  return [createDiagnostic('weights-scaled-otherwise', parameters, { at, help })];
}
