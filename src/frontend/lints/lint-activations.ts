import type { Diagnostic, Label } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import { mainHead, outputsOf } from '../../ir/graph-heads.js';
import type { Graph, GraphNode, GraphOutput, NodeId } from '../../ir/graph.js';
import { sigmoidOf } from '../../ir/operations/activation.js';
import { rulesOf } from '../../ir/operations/operation-rules.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import { callOf, placeOf, placeOfMeeting } from '../../ir/place.js';
import { rangeOnAny, valueRanges, type ValueRange } from '../../ir/value-ranges.js';
import type { SpecFile } from '../../parser/ast.js';
import { findStepsBefore, isSamePlace, type StepBefore } from '../../parser/tree/step-before.js';
import { findNodesAt, isInModel, takeOut } from './take-out.js';

/**
 * Warns of activations that cannot work where they stand, whatever the weights become:
 * a softmax over one channel, a sigmoid or softmax of values that leave it no room, a
 * head whose logits are cut off, and one that changes nothing beside the one before it.
 *
 * @param isTrained whether the spec says how the model is trained. Without that only the
 *   head that is predicted is known to be read as logits.
 * @param files the trees of all files that the graph is made of.
 */
export function lintActivations(
  graph: Graph,
  isTrained: boolean,
  files: readonly SpecFile[],
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const ranges = valueRanges(graph.nodes);
  const reported = new Set<NodeId>();
  const known: Known = {
    ...{ graph, ranges, reported },
    stepBefore: findStepsBefore(files),
    nodesAt: findNodesAt(graph),
    endNames: new Set(graph.outputs.map(({ name }) => name)),
  };
  for (const node of graph.nodes) {
    if (lintSoftmaxOfOne(node, known, reporter) || lintRoom(node, known, reporter)) {
      reported.add(node.id);
    } else lintRepeated(node, known, reporter);
  }
  const heads = isTrained ? graph.heads : [mainHead(graph)];
  for (const output of heads.flatMap((head) => outputsOf(graph, head))) {
    // A head that passes a tensor on may be there to look at it.
    const isOwn = graph.nodes[output.node]!.name === output.name;
    if (isTrained || isOwn) lintEnd(output, known, reporter);
  }
  return reporter.diagnostics;
}

/** What is known of a network and its text. */
interface Known {
  readonly graph: Graph;
  readonly ranges: readonly ValueRange[];
  /** What was told to have no room, whose head is told nothing more. */
  readonly reported: ReadonlySet<NodeId>;
  readonly stepBefore: (step: Span) => StepBefore | undefined;
  /** All operations that are made of the place of one. */
  readonly nodesAt: (node: GraphNode) => readonly GraphNode[];
  /** The names of the outputs. */
  readonly endNames: ReadonlySet<string>;
}

/** The values that activations make of their input: `sigmoid` and `softmax` are probabilities. */
const isActivation = ({ op }: GraphNode): boolean => rulesOf(op).values === 'activated';

const isSigmoid = ({ op }: GraphNode): boolean =>
  op.kind === 'activation' && op.function === 'sigmoid';

function lintSoftmaxOfOne(node: GraphNode, { graph, nodesAt }: Known, reporter: Reporter): boolean {
  if (node.op.kind !== 'softmax' || node.channels !== 1) return false;
  const at = placeOf(graph, node);
  reporter.report(
    'softmax-of-one-channel',
    { name: node.name },
    {
      at,
      labels: labelApart(at, { span: node.origin, text: '"softmax" stands here' }),
      notes: ['A softmax divides each value by the sum over the channels, here by itself.'],
      help: ['One channel becomes a probability by "sigmoid"; classes need a channel each.'],
      // What is written once may be a softmax over several channels in another call.
      fixes:
        isInModel(node, graph) && nodesAt(node).every(({ channels }) => channels === 1)
          ? [{ title: 'Use "sigmoid"', edits: [{ span: node.origin, text: 'sigmoid' }] }]
          : [],
    },
  );
  return true;
}

/** Less than this is no room: no probability below a tenth, or none above nine tenths. */
const roomLimit = 0.1;

/** A sigmoid or softmax of values from a narrow range gives probabilities of a narrow range. */
function lintRoom(node: GraphNode, known: Known, reporter: Reporter): boolean {
  const { graph, ranges } = known;
  const isSoftmax = node.op.kind === 'softmax';
  if (!isSoftmax && !isSigmoid(node)) return false;
  const source = graph.nodes[node.inputs[0]!]!;
  const { low, high } = ranges[source.id]!;
  const others = node.channels - 1;
  const least = isSoftmax ? 1 / (1 + others * Math.exp(high - low)) : sigmoidOf(low);
  const most = isSoftmax ? 1 / (1 + others * Math.exp(low - high)) : sigmoidOf(high);
  if (least <= roomLimit && most >= 1 - roomLimit) return false;
  if (isSoftmax && most >= 1 - roomLimit) return false;
  const maker = makerOf(source, graph);
  const at = placeOfMeeting(graph, node, maker === undefined ? [] : [maker]);
  reporter.report(
    'activation-without-room',
    {
      name: operationWord(node.op),
      least: shortNumber(least),
      most: shortNumber(most),
      source: source.name,
      range: rangeText(ranges[source.id]!),
    },
    {
      at,
      labels: [
        ...labelApart(at, { span: node.origin, text: `"${operationWord(node.op)}" stands here` }),
        ...(maker === undefined
          ? []
          : labelApart(at, { span: placeOf(graph, maker), text: 'comes after this' })),
      ],
      help: [
        maker === undefined
          ? `Give "${operationWord(node.op)}" the result of a convolution.`
          : `Take out one of the two, "${operationWord(maker.op)}" or "${operationWord(node.op)}".`,
      ],
      fixes: maker?.id === source.id ? takeOut(source, node, known, 'first') : [],
    },
  );
  return true;
}

/**
 * One that changes nothing behind another, as the text says: for every call, level and
 * parameter. The one before has no condition that the other lacks, and leaves nothing to
 * change whatever flows into it.
 */
function lintRepeated(node: GraphNode, known: Known, reporter: Reporter): void {
  const { graph, stepBefore } = known;
  const source = graph.nodes[node.inputs[0] ?? -1];
  if (source === undefined || !isActivation(node) || !isActivation(source)) return;
  if (!isIdentityOn(rangeOnAny(source.op), node.op)) return;
  // Blocks that begin and end in the same activation may follow each other, and lines too.
  const written = stepBefore(node.origin)?.step.span;
  if (written === undefined || !isSamePlace(written, source.origin)) return;
  const parameters = { name: operationWord(node.op), before: operationWord(source.op) };
  const at = placeOf(graph, node);
  const before = { span: placeOf(graph, source), text: 'the one before' };
  reporter.report('activation-without-effect', parameters, {
    at,
    labels: [
      ...labelApart(at, { span: node.origin, text: `"${operationWord(node.op)}" stands here` }),
      ...labelApart(at, before),
    ],
    help: [`Take out "${operationWord(node.op)}".`],
    fixes: takeOut(source, node, known, 'second'),
  });
}

function isIdentityOn({ low, high }: ValueRange, op: GraphNode['op']): boolean {
  if (op.kind === 'prelu') return low >= 0;
  if (op.kind !== 'activation' || low < 0) return false;
  return (
    ['relu', 'leaky_relu', 'elu'].includes(op.function) || (op.function === 'relu6' && high <= 6)
  );
}

/** A head whose logits cannot take every value, or whose logits an activation bends. */
function lintEnd(output: GraphOutput, known: Known, reporter: Reporter): void {
  const { graph, ranges, reported, nodesAt, endNames } = known;
  const end = makerOf(graph.nodes[output.node]!, graph);
  if (end !== undefined && reported.has(end.id)) return;
  const isSoftmax = end?.op.kind === 'softmax';
  // Values may end wherever they are known to.
  if (output.form === 'values') return;
  if (output.values !== 'logits' && !isSoftmax) return;
  const logits = isSoftmax ? graph.nodes[end.inputs[0]!]! : graph.nodes[output.node]!;
  const range = ranges[logits.id]!;
  const maker = makerOf(logits, graph);
  const isBent = maker !== undefined && !isSoftmax;
  const isCut = range.low > -Infinity || range.high < Infinity;
  if (!isCut && !isBent) return;
  if (isSoftmax && range.low < softestFloor) return;
  const word = maker === undefined ? undefined : operationWord(maker.op);
  // What a block ends in is for its caller to know: the head is at fault.
  const at = maker === undefined ? output.origin : callOf(graph, maker);
  const before = maker?.scope === 0 ? graph.nodes[maker.inputs[0]!] : undefined;
  reporter.report(
    'logits-cut-off',
    {
      head: output.name,
      what: word === undefined ? `are ${rangeText(range)}` : `end in "${word}"`,
    },
    {
      at,
      labels: [
        ...(maker === undefined
          ? []
          : labelApart(at, { span: maker.origin, text: `"${word}" stands here` })),
        ...labelApart(at, { span: output.origin, text: `what losses read of "${output.name}"` }),
      ],
      notes: [
        isCut
          ? `A logit of 0 is a probability of one half; here logits are ${rangeText(range)}.`
          : 'A logit is any number, negative for what is unlikely.',
      ],
      help: [`End "${output.name}" with a convolution; losses take logits as they are.`],
      // A stage that a head ends in is part of the network on other levels, too.
      fixes:
        maker && before && nodesAt(maker).every(({ tensor }) => endNames.has(tensor.name))
          ? takeOut(before, maker, known, 'second')
          : [],
    },
  );
}

/** Below this, logits that end in an exponential curve (elu, selu) still tell classes apart. */
const softestFloor = -0.5;

/** The activation whose values a tensor holds: itself, or what it moved or pooled. */
function makerOf(node: GraphNode, graph: Graph): GraphNode | undefined {
  for (let at: GraphNode | undefined = node; at !== undefined;) {
    if (isActivation(at)) return at;
    at = rulesOf(at.op).values === 'kept' ? graph.nodes[at.inputs[0]!] : undefined;
  }
  return undefined;
}

/** A label, unless the main frame shows its place. */
const labelApart = (at: Span, label: Label): readonly Label[] =>
  label.span.start === at.start && label.span.file === at.file ? [] : [label];

/** `0.5`, `0.73`, `1`: as short as tells the numbers apart. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(2)));

function rangeText({ low, high }: ValueRange): string {
  if (low > -Infinity && high < Infinity) {
    return `from ${shortNumber(low)} to ${shortNumber(high)}`;
  }
  if (low > -Infinity) return low === 0 ? 'never below 0' : `never below ${shortNumber(low)}`;
  return high < Infinity ? `never above ${shortNumber(high)}` : 'any number';
}
