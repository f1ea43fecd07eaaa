import { dirname, join } from 'node:path';
import type { DescribedModel } from '../../../codegen/model-facts.js';
import type { CompiledModel } from '../../../compile.js';
import { hasErrors, type Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isFile, isFolder, listFolder, type InputFiles } from '../../../files/index.js';
import { startEngine } from '../../../runtime/engines/start-engine.js';
import { initialiseWeights, type WeightStore } from '../../../runtime/network/weights.js';
import { describeLoad, loadWeights } from '../../../runtime/pretrained/load-weights.js';
import type { WeightSource } from '../../../runtime/pretrained/weight-source.js';
import { Random } from '../../../runtime/random.js';
import { asTrained, checkWeightFacts } from '../../../runtime/training/weight-facts.js';
import type { CommandContext } from '../../context.js';

/** A model with the weights that it is built with; the store is the caller's. */
export interface WeightedModel {
  /** With what the file of weights, if there is one, says of scaling and classes. */
  readonly described: DescribedModel;
  readonly weights: WeightStore;
}

/** Gives a model its weights; undefined where that is not possible, which the diagnostics tell. */
export type Weigh = () => Promise<{
  readonly value: WeightedModel | undefined;
  readonly diagnostics: readonly Diagnostic[];
}>;

/**
 * The weights that training from the spec's seed, and from the file of weights if there is
 * one, starts at; undefined where that file does not fit.
 */
export const startingWeights =
  (compiled: CompiledModel, source: WeightSource | undefined, context: CommandContext): Weigh =>
  async () => {
    const { graph, recipe } = compiled;
    await startEngine('cpu');
    const loaded = source && (await loadWeights(compiled, source));
    const diagnostics = [...(loaded?.diagnostics ?? [])];
    if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
    let described: DescribedModel = compiled;
    if (source !== undefined && loaded?.value !== undefined) {
      context.stderr.line(describeLoad(loaded.value.summary));
      // What the model says of scaling and classes is the recipe's, where there is one.
      const { model, taken } = asTrained(compiled, loaded.value);
      described = model;
      if (taken.length > 0) context.stderr.line(`${taken.join(' and ')} are those of the weights`);
      diagnostics.push(...checkWeightFacts(model, loaded.value, source, 'model'));
    }
    const random = new Random(recipe.seed).fork('weights');
    const weights = initialiseWeights(graph, random, loaded?.value?.values);
    return { value: { described, weights }, diagnostics };
  };

/**
 * Adds a file of weights to the inputs of a call. A model of TensorFlow.js and the parts of large
 * files are several files: with `parts`, its neighbours are added, too.
 */
export function addWeightFiles({ path }: WeightSource, inputs: InputFiles, parts: boolean): void {
  if (!parts && isFile(path)) {
    inputs.add(path);
    return;
  }
  const folder = isFolder(path) ? path : dirname(path);
  for (const below of [folder, join(folder, 'best')]) {
    if (!isFolder(below)) continue;
    for (const name of listFolder(below)) inputs.add(join(below, name));
  }
}
