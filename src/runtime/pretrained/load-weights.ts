import { counted } from '../../diagnostics/counted.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import type { Result } from '../../diagnostics/diagnostic.js';
import type { InputAdaption, LoadableNetwork } from '../../ir/encoder-files.js';
import { adaptKernel, otherChannels, readsImage } from './adapt-input.js';
import { matchWeights } from './match-weights.js';
import type { MatchedWeight, Matching } from './matching.js';
import { openTensorFile } from './open-tensor-file.js';
import { reportGaps, reportUnrelated, reportValues } from './report-weights.js';
import { TensorFileError, type TensorFile } from './tensor-file.js';
import type { TrainedFacts } from './trained-facts.js';
import type { WeightSource } from './weight-source.js';

/** Weights read from a file. */
export interface LoadedWeights {
  /** In the order of the network's own weights, by their names: some of them, or all. */
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly summary: LoadSummary;
  /** What the file says of images and classes, where unetc wrote it. */
  readonly facts: TrainedFacts | undefined;
}

/** What was read and how, for people. */
export interface LoadSummary {
  readonly file: string;
  readonly format: string;
  /** By which names: `torchvision's names`. */
  readonly names: string;
  /** Whose weights they may be, as the encoder's `names` call them; none for a network's own. */
  readonly families: readonly string[];
  /** What stands before all names in the file; empty mostly. */
  readonly prefix: string;
  /** Weights taken. */
  readonly taken: number;
  /** How kernels were fitted to the image's channels, if any were: `sum of 3 channels for 1`. */
  readonly adapted: string | undefined;
  /** Tensors set aside that count batches. */
  readonly counters: number;
}

/**
 * Reads pretrained weights for a network. Nothing is passed over in silence:
 * weights that the file lacks or has in other shapes are errors that list them,
 * or warnings where the source may be partial; tensors that are for nothing are a
 * warning. Undefined when there was an error. A layers model needs an engine.
 */
export async function loadWeights(
  network: LoadableNetwork,
  source: WeightSource,
): Promise<Result<LoadedWeights | undefined>> {
  let file: TensorFile | undefined;
  try {
    file = await openTensorFile(source.path, { within: source.within });
    return readWeights(network, source, file);
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    const { reason, help } = error;
    const parameters = { file: source.shown, reason };
    const message = createDiagnostic('weights-unreadable', parameters, { at: source.at, help });
    return { value: undefined, diagnostics: [message] };
  } finally {
    file?.close();
  }
}

function readWeights(
  network: LoadableNetwork,
  source: WeightSource,
  file: TensorFile,
): Result<LoadedWeights | undefined> {
  const reporter = new Reporter();
  const { graph, encoderFiles } = network;
  const matching = matchWeights(network, file, source);
  if (matching === undefined) {
    reportUnrelated(network, source, file, reporter);
    return reporter.result(undefined);
  }
  const how = encoderFiles?.adaptInput ?? 'none';
  const odd = matching.misshaped.filter(
    (weight) => readsImage(graph, weight.node) && otherChannels(weight) !== undefined,
  );
  const adaptable = how === 'none' ? [] : odd;
  const misshaped = matching.misshaped.filter((weight) => !adaptable.includes(weight));
  reportGaps({ ...matching, misshaped }, odd, source, file, reporter);
  const taken = [...matching.found, ...adaptable];
  if (!reporter.hasErrors) reportValues(taken, source, reporter);
  if (reporter.hasErrors) return reporter.result(undefined);
  const { values, adapted } = valuesOf(matching, adaptable, how);
  const summary: LoadSummary = {
    file: source.shown,
    format: file.format,
    names: matching.words,
    families: familiesOf(network, matching),
    prefix: matching.prefix,
    taken: values.size,
    adapted,
    counters: matching.counters.length,
  };
  return { value: { values, summary, facts: file.facts }, diagnostics: reporter.diagnostics };
}

/** One family where names tell; otherwise all of which the encoder knows how they are scaled. */
function familiesOf({ encoderFiles }: LoadableNetwork, { family }: Matching): readonly string[] {
  if (family === undefined) return encoderFiles?.scalings.map((each) => each.family) ?? [];
  return family.word === undefined ? [] : [family.word];
}

/** The values of what was found, and how kernels on the image were fitted, in words. */
function valuesOf(
  { found }: Matching,
  adaptable: readonly MatchedWeight[],
  how: InputAdaption,
): { readonly values: ReadonlyMap<string, Float32Array>; readonly adapted: string | undefined } {
  const values = new Map<string, Float32Array>();
  for (const { spec, node, tensor, convention } of found) {
    values.set(spec.name, convention.toOwnOrder(tensor.read(), spec, node));
  }
  let adapted: string | undefined;
  for (const weight of adaptable) {
    const { spec, node, tensor, convention } = weight;
    const [height, width, channels, filters] = spec.shape as [number, number, number, number];
    const old = otherChannels(weight)!;
    adapted = `${how === 'random' ? 'anew' : `${how} of ${old} channels`} for ${channels}`;
    if (how === 'random' || how === 'none') continue;
    const shape = [height, width, old, filters];
    const kernel = convention.toOwnOrder(tensor.read(), { ...spec, shape }, node);
    values.set(spec.name, adaptKernel(kernel, shape, channels, how));
  }
  return { values, adapted };
}

/** `520 weights from resnet18.safetensors (safetensors, torchvision's names)`. */
export function describeLoad(summary: LoadSummary): string {
  const { taken, file, format, names, prefix, adapted, counters } = summary;
  const parts = [
    format,
    names,
    ...(prefix === '' ? [] : [`below "${prefix}"`]),
    ...(adapted === undefined ? [] : [`kernels on the image: ${adapted}`]),
    ...(counters === 0 ? [] : [`${counted(counters, 'counter')} of batches set aside`]),
  ];
  return `${counted(taken, 'weight')} from ${file} (${parts.join(', ')})`;
}
