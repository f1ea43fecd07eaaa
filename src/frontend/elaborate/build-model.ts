import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { EncoderFiles, ModelNames } from '../../ir/encoder-files.js';
import { unreadInputs, withoutUnused } from '../../ir/forms/prune.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import type { Section } from '../../parser/ast.js';
import type { BlockTable } from '../declarations/blocks.js';
import { lintDeadEnds, lintTaps } from '../lints/lint-dead-ends.js';
import { lintSkips } from '../lints/lint-skips.js';
import { lintParameters } from '../lints/lint-unused.js';
import { readModelSections } from '../schemes/model-sections.js';
import type { SchemeContext } from '../schemes/scheme.js';
import { unfoldModel, type UnfoldedModel } from '../schemes/unfold.js';
import { isSound } from '../values/evaluation-context.js';
import { asGraphParameter, defineParameters } from '../values/section-parameters.js';
import { checkStatedErrors } from '../values/stated-errors.js';
import { Environment } from '../values/value.js';
import type { Work } from '../values/work.js';
import { callBlock } from './block-call.js';
import { runHeads } from './build-heads.js';
import { GraphBuilder } from './builder.js';
import type { FlowContext } from './flow-context.js';
import { readInputs } from './read-inputs.js';
import { runEncoders } from './run-encoders.js';
import { runModelNames } from './model-names.js';
import { callShared } from './shared-call.js';
import { declareInstances } from './declare-instances.js';
import { madeByInstances } from './shared-instances.js';
import { runWires } from './run-wires.js';

export interface BuiltModel {
  readonly section: Section;
  readonly unfolded: UnfoldedModel;
  /** Undefined when a problem left no whole network. */
  readonly graph: Graph | undefined;
  /** Undefined where the model declares no encoder. */
  readonly encoderFiles: EncoderFiles | undefined;
  /** What the `names` of the model say. */
  readonly modelNames: readonly ModelNames[];
}

/**
 * Makes the graph of one `model` section: its sections are read, declared encoders run,
 * schemes become wires, and wires and heads run. Sizes are proved afterwards.
 */
export function buildModel(
  section: Section,
  blocks: BlockTable,
  set: Readonly<Record<string, string>>,
  work: Work,
): Result<BuiltModel> {
  const reporter = new Reporter();
  const name = section.name?.text ?? 'model';
  const builder = new GraphBuilder(name);
  const parameters = new Environment();
  const context: SchemeContext = {
    environment: parameters,
    reporter,
    work,
    blocks,
    channelsOf: (node) => builder.channelsValue(node),
  };
  const values = defineParameters(section, set, context);
  const at = section.name?.span ?? section.keyword.span;
  checkStatedErrors(section, { owner: `Model "${name}"`, at }, context);
  const sections = reporter.take(readModelSections(section, blocks));
  builder.openScope({
    parent: undefined,
    block: undefined,
    name: '',
    args: [],
    inputs: [],
    origin: at,
  });

  const tensors = new Environment(parameters);
  const { inputs, isWhole: hasInputs } = readInputs(sections.inputs, builder, tensors, context);
  const inputNames = sections.inputs.flatMap((input) => input.name?.text ?? []);
  const flow: FlowContext = {
    ...context,
    builder,
    environment: tensors,
    scope: 0,
    path: '',
    target: undefined,
    tensor: { name: inputNames[0] ?? 'image', madeBy: { kind: 'input' } },
    input: undefined,
    calls: [],
    callBlock,
    callShared,
  };
  const encoders = runEncoders(sections.encoders, inputNames, flow);
  const unfolded = reporter.take(unfoldModel(sections, inputNames, encoders.placed, context));
  if (unfolded.isIncomplete) tensors.markIncomplete();
  const taps = encoders.ran.flatMap(({ levels }) => levels.map(({ tensor }) => tensor));
  const instances = declareInstances(unfolded, flow);
  const wires = runWires(unfolded.wires, taps, flow);
  const { heads, outputs, made } = runHeads(unfolded.heads, tensors, flow);
  const modelNames = isSound(context)
    ? runModelNames(
        sections.names,
        new Map([...wires, ...made, ...madeByInstances(instances, builder)]),
        encoders.ran.map(({ path }) => path),
        flow,
      )
    : [];
  // What is broken outside of the model was reported there, and may leave heads without outputs.
  const encoderFiles = encoders.files;
  const isWhole = heads.length > 0 && heads.length === unfolded.heads.length;
  if (!isSound(context))
    return reporter.result({ section, unfolded, graph: undefined, encoderFiles, modelNames });
  reporter.add(lintParameters(section));
  for (const { name: own, taps: picked, isPicked } of encoders.ran) {
    if (isPicked) reporter.add(lintTaps(picked, own, tensors));
  }
  if (!hasInputs || !isWhole) {
    return reporter.result({ section, unfolded, graph: undefined, encoderFiles, modelNames });
  }
  const graph: Graph = {
    model: name,
    ...(section.doc === undefined ? {} : { doc: section.doc }),
    nodes: builder.nodes,
    scopes: builder.scopes,
    inputs,
    outputs,
    heads,
    encoders: encoders.described,
    parameters: values.map(asGraphParameter),
  };
  const unread = unreadInputs(graph);
  for (const { name: input, node } of unread) {
    const help = ['Use it in an encoder, a line of "wires" or a head, or take it out.'];
    reporter.report('unread-input', { input }, { at: graph.nodes[node]!.origin, help });
  }
  if (unread.length > 0) {
    return reporter.result({ section, unfolded, graph: undefined, encoderFiles, modelNames });
  }
  // What an encoder makes beyond its last tap is taken out without a word.
  const isQuiet = ({ id }: GraphNode): boolean =>
    encoders.ran.some(({ from, to }) => from <= id && id < to);
  const pruned = withoutUnused(graph);
  if (pruned !== graph) reporter.add(lintDeadEnds(graph, unfolded.wires, isQuiet));
  reporter.add(lintSkips(pruned, unfolded.wires));
  return reporter.result({ section, unfolded, graph: pruned, encoderFiles, modelNames });
}
