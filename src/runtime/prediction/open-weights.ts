import { graphWeights } from '../../codegen/tfjs/weights.js';
import type { CompiledModel } from '../../compile.js';
import type { Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { loadWeights, type LoadedWeights } from '../pretrained/load-weights.js';
import type { WeightSource } from '../pretrained/weight-source.js';
import type { CompiledRun } from '../training/run-spec.js';
import { checkNetwork } from '../training/setup.js';
import { asTrained, checkWeightFacts } from '../training/weight-facts.js';
import { trainedNetwork, type TrainedNetwork } from './trained-network.js';

/** A network with the weights of a file. */
export interface WeightedNetwork {
  readonly trained: TrainedNetwork;
  readonly loaded: LoadedWeights;
  /** What the spec says nothing of and the file does, in words: `the scaling "unit"`. */
  readonly taken: readonly string[];
}

/**
 * The network of a spec that was trained elsewhere: the file has all of its weights, the recipe
 * says how images become input and which classes there are. Where the spec has no recipe, the
 * file has to say how images are scaled.
 */
export async function openWeights(
  run: CompiledRun,
  source: WeightSource,
): Promise<Result<WeightedNetwork | undefined>> {
  const reporter = new Reporter();
  reporter.add(checkNetwork(run));
  if (reporter.hasErrors) return reporter.result(undefined);
  const loaded = await loadAll(run.model, source, reporter);
  if (loaded === undefined) return reporter.result(undefined);
  const { model, taken, scalingOf } = asTrained({ ...run.model, recipe: run.recipe }, loaded);
  reporter.add(checkWeightFacts(model, loaded, source, 'model'));
  if (scalingOf === 'nobody') {
    const parameters = { file: source.shown, model: run.model.name };
    const help = [
      `Say in the spec what they were trained with, for example: train ${run.model.name} { scaling: unit }.`,
    ];
    reporter.report('weights-scaling-unknown', parameters, { at: source.at, help });
    return reporter.result(undefined);
  }
  const trained = trainedNetwork({ ...run, recipe: model.recipe }, loaded.values, {});
  return reporter.result({ trained, loaded, taken });
}

/** The network of a run with the weights of a file in place of its own; all else stays the run's. */
export async function replaceWeights(
  { run, found }: TrainedNetwork,
  source: WeightSource,
): Promise<Result<WeightedNetwork | undefined>> {
  const reporter = new Reporter();
  const loaded = await loadAll(run.model, source, reporter);
  if (loaded === undefined) return reporter.result(undefined);
  const described = { ...run.model, recipe: run.recipe };
  reporter.add(checkWeightFacts(described, loaded, source, 'model'));
  // A threshold is found for weights.
  const trained = trainedNetwork(run, loaded.values, { ...found, threshold: undefined });
  return reporter.result({ trained, loaded, taken: [] });
}

/** Reads a file that has every weight of a network. */
async function loadAll(
  model: CompiledModel,
  source: WeightSource,
  reporter: Reporter,
): Promise<LoadedWeights | undefined> {
  const { value, diagnostics } = await loadWeights(model, source);
  reporter.add(diagnostics);
  if (value === undefined) return undefined;
  const lacking = graphWeights(model.graph).length - value.values.size;
  if (lacking === 0) return value;
  const parameters = { file: source.shown, count: lacking, names: value.summary.names };
  const help = ['An encoder alone predicts nothing: start a training from it.'];
  reporter.add([createDiagnostic('weights-missing', parameters, { at: source.at, help })]);
  return undefined;
}
