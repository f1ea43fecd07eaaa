import { shellWord } from '../../files/index.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { LoadableNetwork } from '../../ir/encoder-files.js';
import type { Graph } from '../../ir/graph.js';
import { isOfEncoder } from '../../ir/provenance.js';
import { graphWeights } from '../../codegen/tfjs/weights.js';
import { exampleNames } from './match-by-name.js';
import { isCounter, type MatchedWeight, type Matching } from './matching.js';
import { describeShape, sizeOf, type StoredTensor, type TensorFile } from './tensor-file.js';
import type { TrainedFacts } from './trained-facts.js';
import type { WeightSource } from './weight-source.js';

const describeTensor = ({ name, shape }: { name: string; shape: readonly number[] }): string =>
  `"${name}" (${describeShape(shape)})`;

/** A line for each operation: `"bn1": weight, bias, running_mean, running_var (64)`. */
function describeByOperation(tensors: readonly StoredTensor[]): readonly string[] {
  const operations = new Map<string, Map<string, string[]>>();
  for (const { name, shape } of tensors) {
    const [, operation = '', role = name] = /^(.*)[./]([^./]*)$/.exec(name) ?? [];
    const shapes = operations.get(operation) ?? new Map<string, string[]>();
    const reported = describeShape(shape);
    shapes.set(reported, [...(shapes.get(reported) ?? []), role]);
    operations.set(operation, shapes);
  }
  return [...operations].map(([operation, shapes]) => {
    const roles = [...shapes].map(([shape, names]) => `${names.join(', ')} (${shape})`);
    return operation === '' ? roles.join(', ') : `"${operation}": ${roles.join(', ')}`;
  });
}

/** Reports a file that has nothing for a network. */
export function reportUnrelated(
  network: LoadableNetwork,
  { shown, at, encoderOnly }: WeightSource,
  { tensors }: TensorFile,
  reporter: Reporter,
): void {
  const { graph, encoderFiles } = network;
  const parameters = { file: shown, tensors: tensors.length, model: graph.model };
  const some = telling(graph, tensors).slice(0, 4).map(describeTensor);
  const wanted = exampleNames(network).map((name) => `"${name}"`);
  const notes = [
    ...(some.length === 0 ? [] : [`The file has ${some.join(', ')}.`]),
    ...(wanted.length === 0 ? [] : [`Looked for were names such as ${wanted.join(', ')}.`]),
  ];
  const isDeclared = encoderFiles !== undefined;
  const help = isDeclared
    ? [
        'The sections "names" of the encoder say what its operations are called in files; add those of this file.',
      ]
    : [
        `Files of other libraries fit encoders that are declared with their names${encoderOnly ? '' : ', such as "resnet" of "std/resnet"'}.`,
      ];
  reporter.report('weights-unrelated', parameters, { at, notes, help });
}

/** Tensors by how much they tell: kernels with the shape of one of the network's, other kernels, the rest. */
function telling(graph: Graph, tensors: readonly StoredTensor[]): readonly StoredTensor[] {
  const sorted = (shape: readonly number[]): string => [...shape].sort((a, b) => a - b).join();
  const own = new Set(graphWeights(graph).map(({ shape }) => sorted(shape)));
  const rank = ({ shape }: StoredTensor): number =>
    shape.length !== 4 ? 2 : own.has(sorted(shape)) ? 0 : 1;
  return tensors
    .filter((tensor) => !isCounter(tensor))
    .sort((one, other) => rank(one) - rank(other));
}

/** Whether the file has one slope for all channels of a PReLU, as PyTorch makes them unless told otherwise. */
const isOneSlope = ({ spec, node, tensor }: MatchedWeight): boolean =>
  node.op.kind === 'prelu' && sizeOf(tensor.shape) === 1 && sizeOf(spec.shape) > 1;

/** What helps where weights have other shapes: for each reason, or in general. */
function misshapedHelp(
  misshaped: readonly MatchedWeight[],
  odd: readonly MatchedWeight[],
  facts: TrainedFacts | undefined,
): readonly string[] {
  const set = Object.entries(facts?.set ?? {}).map(
    ([name, value]) => ` --set ${shellWord(`${name}=${value}`)}`,
  );
  const canAdapt = ({ node }: MatchedWeight): boolean => isOfEncoder(node);
  const special = [
    ...(set.length === 0 ? [] : [`It was trained with "${set.join('').trim()}".`]),
    ...(misshaped.some((weight) => odd.includes(weight) && canAdapt(weight))
      ? ['"adapt_input: sum" or "repeat" in the encoder fits kernels to the image\'s channels.']
      : []),
    ...(misshaped.some(isOneSlope) ? [oneSlopeHelp] : []),
    ...misshaped.filter(isInOwnOrder).slice(0, 1).map(otherOrderHelp),
  ];
  const isExplained = (weight: MatchedWeight): boolean =>
    isOneSlope(weight) || isInOwnOrder(weight) || (odd.includes(weight) && canAdapt(weight));
  return misshaped.every(isExplained)
    ? special
    : [...special, 'Make the network as the file has it, or take what fits with "--partial".'];
}

/** Whether a tensor under a name of PyTorch's lies in the order of Keras, which is the network's own. */
const isInOwnOrder = ({ spec, tensor }: MatchedWeight): boolean =>
  spec.shape.length > 1 && tensor.shape.join() === spec.shape.join();

const otherOrderHelp = ({ spec, tensor }: MatchedWeight): string =>
  `"${tensor.name}" has PyTorch's name and the order of Keras, ${describeShape(spec.shape)}: call it "${spec.name}" there, or turn its axes.`;

/** The statistics by which Keras' EfficientNets scale images inside the model. */
const isScaling = ({ name }: StoredTensor): boolean =>
  /(^|[./])normalization(_\d+)?[./](.*[./])?(mean|variance|count|vars[./]\d)(:0)?$/.test(name);

const scalingHelp =
  'The layer "normalization" scales the images in the model of the file; here the recipe does: train M { scaling: imagenet }, or "normalize" with its numbers.';

const oneSlopeHelp =
  'Here a "prelu" has a slope for each channel, in the file one for all: write "prelu(shared: true)".';

/** Reports what the file lacks, has in other shapes, and has too much. */
export function reportGaps(
  { words, missing, misshaped, ambiguous, leftOver }: Matching,
  odd: readonly MatchedWeight[],
  { shown, at, isPartial }: WeightSource,
  { calls, facts }: TensorFile,
  reporter: Reporter,
): void {
  const lacks = missing.map(({ spec, why }) => `${describeTensor(spec)}: ${why}.`);
  const unsure = ambiguous.map(
    ({ spec, candidates }) =>
      `${describeTensor(spec)} may be of ${candidates.map((name) => `"${name}"`).join(' or ')}.`,
  );
  const differs = misshaped.map(
    ({ spec, node, tensor, convention }) =>
      `${describeTensor(tensor)} is for "${spec.name}", which would be ${describeShape(convention.storedShape(spec, node))} there.`,
  );
  if (isPartial) {
    const count = missing.length + misshaped.length + ambiguous.length;
    const notes = [...lacks, ...differs, ...unsure];
    if (count > 0) reporter.report('weights-start-anew', { file: shown, count }, { at, notes });
  } else {
    if (ambiguous.length > 0) {
      const parameters = { file: shown, count: ambiguous.length };
      const help = [
        calls === undefined
          ? 'Save the model itself, whose graph tells them apart: model.save("model.h5").'
          : 'Give the layers names when the model is made, and say in a section "names" which is which.',
      ];
      reporter.report('weights-ambiguous', parameters, { at, notes: unsure, help });
    }
    if (misshaped.length > 0) {
      const help = misshapedHelp(misshaped, odd, facts);
      const count = misshaped.length;
      reporter.report('weights-misshaped', { file: shown, count }, { at, notes: differs, help });
    }
    if (missing.length > 0) {
      const parameters = { file: shown, count: missing.length, names: words };
      const help = ['Take what the file has with "--weights" and "--partial".'];
      reporter.report('weights-missing', parameters, { at, notes: lacks, help });
    }
  }
  // What is ambiguous is left over as well, and told already.
  if (leftOver.length > 0 && (isPartial || ambiguous.length === 0)) {
    const notes = describeByOperation(leftOver);
    const count = leftOver.length;
    const help = leftOver.some(isScaling) ? [scalingHelp] : [];
    reporter.report('weights-left-over', { file: shown, count }, { at, notes, help });
  }
}

/** Reports weights without usable values: whole numbers that nothing scales, and what is not a number. */
export function reportValues(
  matched: readonly MatchedWeight[],
  { shown, at }: WeightSource,
  reporter: Reporter,
): void {
  const whole = matched.filter(({ tensor }) => tensor.isWhole);
  if (whole.length > 0) {
    const notes = describeByOperation(whole.map(({ tensor }) => tensor));
    const help = [
      'Take the file from before it was quantised, or bring it back to floats with its scales.',
    ];
    reporter.report(
      'weights-whole-numbers',
      { file: shown, count: whole.length },
      { at, notes, help },
    );
    return;
  }
  const odd = matched.flatMap(({ tensor }) => {
    const { count, first } = notFinite(tensor.read());
    return count === 0 ? [] : [`${describeTensor(tensor)}: ${count}, the first is ${first}.`];
  });
  if (odd.length === 0) return;
  const help = ['The training that made the file has failed: take an earlier file of it.'];
  reporter.report(
    'stored-weights-not-finite',
    { file: shown, count: odd.length },
    { at, notes: odd, help },
  );
}

/** How many values are infinite or no number, and the first of them. */
function notFinite(values: Float32Array): { readonly count: number; readonly first: number } {
  let [count, first] = [0, 0];
  for (const value of values) {
    if (Number.isFinite(value)) continue;
    if (count === 0) first = value;
    count += 1;
  }
  return { count, first };
}
