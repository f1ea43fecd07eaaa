import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import type { Result } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import type { Graph } from '../../ir/graph.js';
import { adaptKernel, otherChannels, readsImage } from './adapt-input.js';
import { matchWeights, type MatchedWeight, type Matching } from './match-weights.js';
import { openTensorFile } from './open-tensor-file.js';
import {
  describeShape,
  TensorFileError,
  type StoredTensor,
  type TensorFile,
} from './tensor-file.js';

/** A file of weights and what it is for. */
export interface WeightSource {
  /** Where it lies. */
  readonly path: string;
  /** The folder that it must lie in, where a spec named it and no person. */
  readonly within?: string;
  /** How people called it. */
  readonly shown: string;
  /** Where they did. */
  readonly at: Span;
  /** Whether the encoder alone takes weights from it; otherwise whatever it has names for. */
  readonly encoderOnly: boolean;
  /** Whether weights that it lacks, or has in other shapes, may start anew. */
  readonly isPartial: boolean;
}

/** Weights read from a file. */
export interface LoadedWeights {
  /** In the order of the network's own weights, by their names: some of them, or all. */
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly summary: LoadSummary;
}

/** What was read and how, for people. */
export interface LoadSummary {
  readonly file: string;
  readonly format: string;
  /** By which names: `torchvision's names`. */
  readonly names: string;
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
  graph: Graph,
  source: WeightSource,
): Promise<Result<LoadedWeights | undefined>> {
  let file: TensorFile | undefined;
  try {
    file = await openTensorFile(source.path, { within: source.within });
    return readWeights(graph, source, file);
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
  graph: Graph,
  source: WeightSource,
  file: TensorFile,
): Result<LoadedWeights | undefined> {
  const reporter = new Reporter();
  const matching = matchWeights(graph, file, source.encoderOnly);
  if (matching === undefined) {
    reportUnrelated(graph, source, file, reporter);
    return { value: undefined, diagnostics: reporter.diagnostics };
  }
  const how = graph.encoderWeights?.adaptInput ?? 'none';
  const odd = matching.misshaped.filter(
    (weight) => readsImage(graph, weight.node) && otherChannels(weight) !== undefined,
  );
  const adaptable = how === 'none' ? [] : odd;
  const misshaped = matching.misshaped.filter((weight) => !adaptable.includes(weight));
  reportGaps({ ...matching, misshaped }, odd, source, reporter);
  if (reporter.errorCount > 0) return { value: undefined, diagnostics: reporter.diagnostics };

  const values = new Map<string, Float32Array>();
  for (const { spec, node, tensor, convention } of matching.found) {
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
  const summary: LoadSummary = {
    file: source.shown,
    format: file.format,
    names: matching.family.words,
    prefix: matching.prefix,
    taken: values.size,
    adapted,
    counters: matching.counters.length,
  };
  return { value: { values, summary }, diagnostics: reporter.diagnostics };
}

const describeTensor = ({ name, shape }: { name: string; shape: readonly number[] }): string =>
  `"${name}" (${describeShape(shape)})`;

/** A line for each operation: `"bn1": weight, bias, running_mean, running_var (64)`. */
function describeByOperation(tensors: readonly StoredTensor[]): readonly string[] {
  const operations = new Map<string, Map<string, string[]>>();
  for (const { name, shape } of tensors) {
    const [, operation = '', role = name] = /^(.*)[./]([^./]*)$/.exec(name) ?? [];
    const shapes = operations.get(operation) ?? new Map<string, string[]>();
    const told = describeShape(shape);
    shapes.set(told, [...(shapes.get(told) ?? []), role]);
    operations.set(operation, shapes);
  }
  return [...operations].map(([operation, shapes]) => {
    const roles = [...shapes].map(([shape, names]) => `${names.join(', ')} (${shape})`);
    return operation === '' ? roles.join(', ') : `"${operation}": ${roles.join(', ')}`;
  });
}

function reportUnrelated(
  graph: Graph,
  { shown, at, encoderOnly }: WeightSource,
  { tensors }: TensorFile,
  reporter: Reporter,
): void {
  const parameters = { file: shown, tensors: tensors.length, model: graph.model };
  const some = tensors.slice(0, 4).map(describeTensor);
  const notes = some.length === 0 ? [] : [`The file begins with ${some.join(', ')}.`];
  const isDeclared = graph.encoderWeights !== undefined;
  const help = isDeclared
    ? [
        'The sections "names" of the encoder say what its operations are called in files; add those of this file.',
      ]
    : [
        `Files of other libraries fit encoders that are declared with their names${encoderOnly ? '' : ', such as "resnet" of "std/resnet"'}.`,
      ];
  reporter.report('weights-unrelated', parameters, { at, notes, help });
}

/** Reports what the file lacks, has in other shapes, and has too much. */
function reportGaps(
  { family, missing, misshaped, leftOver }: Matching,
  odd: readonly MatchedWeight[],
  { shown, at, isPartial }: WeightSource,
  reporter: Reporter,
): void {
  const lacks = missing.map(({ spec, looked }) =>
    looked.length === 0
      ? `${describeTensor(spec)} has no name in this family.`
      : `${describeTensor(spec)}, looked for as ${looked.map((name) => `"${name}"`).join(' or ')}.`,
  );
  const differs = misshaped.map(
    ({ spec, node, tensor, convention }) =>
      `${describeTensor(tensor)} is for "${spec.name}", which would be ${describeShape(convention.storedShape(spec, node))} there.`,
  );
  if (isPartial) {
    const count = missing.length + misshaped.length;
    const notes = [...lacks, ...differs];
    if (count > 0) reporter.report('weights-start-anew', { file: shown, count }, { at, notes });
  } else {
    if (misshaped.length > 0) {
      const help = misshaped.some((weight) => odd.includes(weight))
        ? ['"adapt_input: sum" or "repeat" in the encoder fits kernels to the image\'s channels.']
        : ['Make the network as the file has it, or take what fits with "--partial".'];
      const count = misshaped.length;
      reporter.report('weights-misshaped', { file: shown, count }, { at, notes: differs, help });
    }
    if (missing.length > 0) {
      const parameters = { file: shown, count: missing.length, names: family.words };
      const help = ['Take what the file has with "--weights" and "--partial".'];
      reporter.report('weights-missing', parameters, { at, notes: lacks, help });
    }
  }
  if (leftOver.length > 0) {
    const notes = describeByOperation(leftOver);
    const count = leftOver.length;
    reporter.report('weights-left-over', { file: shown, count }, { at, notes });
  }
}

/** `520 weights from resnet18.safetensors (safetensors, torchvision's names)`. */
export function describeLoad(summary: LoadSummary): string {
  const { taken, file, format, names, prefix, adapted, counters } = summary;
  const parts = [
    format,
    names,
    ...(prefix === '' ? [] : [`below "${prefix}"`]),
    ...(adapted === undefined ? [] : [`kernels on the image: ${adapted}`]),
    ...(counters === 0 ? [] : [`${counters} counters of batches set aside`]),
  ];
  return `${taken} weights from ${file} (${parts.join(', ')})`;
}
