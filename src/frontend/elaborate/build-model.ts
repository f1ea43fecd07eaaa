import { channels as channelSchema } from '../../catalog/component.js';
import { describeSchema } from '../../catalog/validate.js';
import type { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Expression, Section } from '../../parser/ast.js';
import { callBlock } from './block-call.js';
import type { BlockTable } from '../declarations/blocks.js';
import { GraphBuilder } from './builder.js';
import { runHeads } from './build-heads.js';
import { evaluate } from '../values/evaluate.js';
import { lintDeadEnds } from '../lints/lint-dead-ends.js';
import { lintSkips } from '../lints/lint-skips.js';
import { lintParameters } from '../lints/lint-unused.js';
import { runFlow, type FlowContext } from './flow.js';
import type { Graph, GraphInput, GraphNode, InputAxis } from '../../ir/graph.js';
import { readModelSections } from '../schemes/model-sections.js';
import { defineModelParameters } from '../values/model-parameters.js';
import { describeProvenance } from '../../ir/provenance.js';
import { withoutUnused } from '../../ir/forms/prune.js';
import { runEncoder, type RunEncoder } from './run-encoder.js';
import type { SchemeContext } from '../schemes/scheme.js';
import { tensorOf, type Wire } from '../schemes/wire.js';
import { checkStatedError, errorField } from '../values/stated-errors.js';
import { unfoldModel, type UnfoldedModel } from '../schemes/unfold.js';
import { describeValue, Environment, invalid } from '../values/value.js';
import type { Work } from '../values/work.js';
import { reportWords } from '../values/words.js';

export interface BuiltModel {
  readonly section: Section;
  readonly unfolded: UnfoldedModel;
  /** Undefined when a problem left no whole network. */
  readonly graph: Graph | undefined;
}

/** Makes the graph of one `model` section. Sizes are proved afterwards. */
export function buildModel(
  section: Section,
  blocks: BlockTable,
  set: Readonly<Record<string, string>>,
  reporter: Reporter,
  work: Work,
): BuiltModel {
  const name = section.name?.text ?? 'model';
  if (section.name === undefined) {
    reporter.report(
      'missing-name',
      { section: 'model', example: 'model UNet { ... }' },
      { at: section.keyword.span },
    );
  }
  const builder = new GraphBuilder(name, reporter);
  const parameters = new Environment();
  const context: SchemeContext = {
    environment: parameters,
    reporter,
    work,
    blocks,
    channelsOf: (node) => builder.channelsOf(node),
  };
  const before = reporter.errorCount;
  const values = defineModelParameters(section, set, context);
  const owner = { owner: `Model "${name}"`, at: section.name?.span ?? section.keyword.span };
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'field' && member.name.text === errorField) {
      checkStatedError(member, owner, context);
    }
  }
  const sections = readModelSections(section, blocks, reporter);
  builder.openScope({
    parent: undefined,
    block: undefined,
    name: '',
    args: [],
    inputs: [],
    origin: section.name?.span ?? section.keyword.span,
    ...(section.doc === undefined ? {} : { doc: section.doc }),
  });

  const tensors = new Environment(parameters);
  const input = sections.input && readInput(sections.input, builder, context);
  // An input that is missing or has no name was reported: nothing is told of what it is called.
  if (sections.input?.name === undefined) tensors.define('image', invalid);
  if (sections.input?.name !== undefined) {
    tensors.define(
      sections.input.name.text,
      input === undefined ? invalid : { kind: 'tensor', nodes: [input.node], isList: false },
    );
  }
  const inputName = sections.input?.name?.text ?? 'image';
  const flow: FlowContext = {
    ...context,
    builder,
    environment: tensors,
    scope: 0,
    path: '',
    target: undefined,
    tensor: { name: inputName, madeBy: { kind: 'input' } },
    input: undefined,
    calls: [],
    callBlock,
  };
  const declared = sections.declaredEncoder;
  const encoder = declared && runDeclared(declared, inputName, flow);
  const encoderNodes = new Set(
    declared === undefined ? [] : builder.nodes.slice(1).map((node) => node.id),
  );
  const isLost = sections.isEncoderBroken || encoder === 'broken';
  for (const name of isLost ? usualTaps : []) {
    if (!tensors.has(name)) tensors.define(name, invalid);
  }
  const unfolded = unfoldModel(sections, inputName, encoder, context);
  const taps = sections.declaredEncoder === undefined ? [] : unfolded.levels;
  runWires(unfolded.wires, tensors, taps, flow);
  const { heads, outputs } = runHeads(unfolded.heads, tensors, flow);
  if (reporter.errorCount === before) {
    lintParameters(section, reporter);
    if (encoder !== undefined && encoder !== 'broken') lintTaps(encoder, tensors, reporter);
  }
  // What is broken outside of the model was reported there, and may leave heads without outputs.
  const isWhole = heads.length > 0 && heads.length === unfolded.heads.length;
  if (input === undefined || reporter.errorCount > before || !isWhole) {
    return { section, unfolded, graph: undefined };
  }
  const graph: Graph = {
    model: name,
    ...(section.doc === undefined ? {} : { doc: section.doc }),
    nodes: builder.nodes,
    scopes: builder.scopes,
    inputs: [input],
    outputs,
    heads,
    ...(encoder === undefined || encoder === 'broken' ? {} : { encoderWeights: encoder.weights }),
    parameters: values,
  };
  const isQuiet = (node: GraphNode): boolean => encoderNodes.has(node.id);
  const pruned = withoutUnused(graph);
  if (pruned !== graph) lintDeadEnds(graph, unfolded.wires, isQuiet, reporter);
  lintSkips(pruned, unfolded.wires, reporter);
  return { section, unfolded, graph: pruned };
}

/** What the taps of an encoder that could not be read may be called: their uses stay silent. */
const usualTaps = [1, 2, 4, 8, 16, 32].map((stride) => `s${stride}`);

/** Runs the encoder that a section names; `broken` where something was reported. */
function runDeclared(section: Section, input: string, context: FlowContext): RunEncoder | 'broken' {
  const declaration = context.blocks.encoder(section.name?.text ?? '');
  return (declaration && runEncoder(section, declaration, input, context)) ?? 'broken';
}

/** What an encoder makes beyond its last tap is taken out without a word; a tap that is picked is meant. */
function lintTaps({ taps, isPicked }: RunEncoder, tensors: Environment, reporter: Reporter): void {
  for (const tap of isPicked ? taps : []) {
    if (tap.kind !== 'name' || tensors.isUsed(tap.name)) continue;
    const help = ['Use it in a merge or a head, or take it out.'];
    reporter.report('unused-tensor', { name: tap.name }, { at: tap.span, help });
  }
}

/** Runs the wires from top to bottom; each defines its tensor for those below. */
function runWires(
  wires: readonly Wire[],
  tensors: Environment,
  taps: readonly (string | undefined)[],
  context: FlowContext,
): void {
  const defined = new Map<string, Wire>();
  const makers = new Map(wires.toReversed().map((wire) => [wire.name, wire]));
  for (const wire of wires) {
    const first = defined.get(wire.name);
    if (first !== undefined) {
      const of = first.madeBy.kind === 'wire' ? '' : ` (${describeProvenance(first.madeBy)})`;
      reportDuplicate(context.reporter, {
        ...{ name: wire.name, what: 'tensor', at: wire.nameSpan },
        first: { span: first.nameSpan, text: `first made here${of}` },
      });
      continue;
    }
    if (taps.includes(wire.name)) {
      const help = 'A tap of the encoder has this name; choose another.';
      const { name, nameSpan: at } = wire;
      reportDuplicate(context.reporter, { name, what: 'tensor', at, help });
    }
    const early = findEarlyUse(wire.expression, tensors, makers);
    if (early !== undefined) {
      const maker = makers.get(early.name)!;
      context.reporter.report(
        'used-before-definition',
        { name: early.name },
        {
          at: early.span,
          labels: [{ span: maker.nameSpan, text: 'made here' }],
          help: ['Move the line that makes it up.'],
        },
      );
    }
    const result =
      early === undefined
        ? runFlow(wire.expression, {
            ...context,
            path: wire.name,
            target: wire.name,
            tensor: tensorOf(wire),
          })
        : undefined;
    defined.set(wire.name, wire);
    tensors.define(wire.name, result === undefined ? invalid : { kind: 'tensor', ...result });
  }
}

/** A name of a later wire used where it does not exist yet. */
function findEarlyUse(
  expression: Expression,
  tensors: Environment,
  makers: ReadonlyMap<string, Wire>,
): Extract<Expression, { kind: 'name' }> | undefined {
  const steps =
    expression.kind === 'pipeline'
      ? expression.steps
      : expression.kind === 'list'
        ? expression.items
        : expression.kind === 'conditional'
          ? [expression.value, ...(expression.otherwise ? [expression.otherwise] : [])]
          : [];
  for (const step of steps) {
    const found = findEarlyUse(step, tensors, makers);
    if (found !== undefined) return found;
  }
  const isEarly =
    expression.kind === 'name' && makers.has(expression.name) && !tensors.has(expression.name);
  return isEarly ? expression : undefined;
}

/** Larger than any image that fits into memory whole. */
const sizeLimit = 65_536;

/** What to write instead of an input of another number of axes, by the length of its list. */
const shapeHelp: Readonly<Record<number, string>> = {
  2: 'For signals with one axis, write [1, L, channels] and kernels such as [1, 3].',
  4: 'Networks have two axes. Cut a volume into slices; neighbouring slices can be channels of one input.',
};

/** `input image: [H, W, 3]`: names that are no values are names of sizes. */
function readInput(
  section: Section,
  builder: GraphBuilder,
  context: SchemeContext,
): GraphInput | undefined {
  const { name, value } = section;
  if (name === undefined) {
    context.reporter.report(
      'missing-name',
      { section: 'input', example: 'input image: [H, W, 3]' },
      { at: section.keyword.span },
    );
    return undefined;
  }
  const items = value?.kind === 'list' && value.items.length === 3 ? value.items : undefined;
  const [height, width, channels] = items ?? [];
  const bad = (found: string, at = value?.span ?? name.span, help?: string): undefined => {
    context.reporter.report(
      'bad-input-shape',
      { found },
      { at, help: help === undefined ? [] : [help] },
    );
    return undefined;
  };
  if (height === undefined || width === undefined || channels === undefined) {
    if (value?.kind === 'missing') return undefined;
    const count = value?.kind === 'list' ? value.items.length : undefined;
    const found = count === undefined ? 'no list of three' : `a list of ${count}`;
    return bad(found, undefined, shapeHelp[count ?? 0]);
  }
  const axes = [height, width].map((item): InputAxis | undefined => {
    const size = evaluate(item, context);
    if (size.kind === 'symbol' && size.choices === undefined) return size.name;
    if (size.kind === 'invalid') return undefined;
    const isSize =
      size.kind === 'number' &&
      Number.isInteger(size.value) &&
      size.value >= 1 &&
      size.value <= sizeLimit;
    return isSize
      ? size.value
      : bad(
          `${describeValue(size)} as a size`,
          item.span,
          `Use a whole number from 1 to ${sizeLimit}, or a name.`,
        );
  });
  const count = evaluate(channels, context);
  const isCount =
    count.kind === 'number' &&
    Number.isInteger(count.value) &&
    count.value >= 1 &&
    count.value <= channelSchema.maximum!;
  if (count.kind === 'invalid') return undefined;
  if (reportWords(channels, count, context, 'a number of channels')) return undefined;
  if (!isCount) {
    const help = `Use ${describeSchema(channelSchema)}.`;
    return bad(`${describeValue(count)} as the number of channels`, channels.span, help);
  }
  const [first, second] = axes;
  if (first === undefined || second === undefined) return undefined;
  const node = builder.addNode({
    op: { kind: 'input', channels: count.value },
    inputs: [],
    name: name.text,
    tensor: { name: name.text, madeBy: { kind: 'input' } },
    scope: 0,
    origin: name.span,
  });
  return node === undefined ? undefined : { name: name.text, node, height: first, width: second };
}
