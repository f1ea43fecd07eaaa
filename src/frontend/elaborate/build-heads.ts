import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import { runFlow } from './flow.js';
import type { MadeNodes } from './stored-names.js';
import type { FlowContext } from './flow-context.js';
import type { GraphHead, GraphOutput } from '../../ir/graph.js';
import { tensorOf, type Wire } from '../schemes/wire.js';
import type { UnfoldedHead } from '../schemes/unfold-heads.js';
import { type Environment, invalid } from '../values/value.js';
import { extendRanges, headValuesOf, type ValueRange } from '../../ir/value-ranges.js';

/** The heads of a model and their outputs, in the order of the spec. */
export interface BuiltHeads {
  readonly heads: readonly GraphHead[];
  readonly outputs: readonly GraphOutput[];
  /** What each output has made. */
  readonly made: ReadonlyMap<string, MadeNodes>;
}

/** Runs the heads from top to bottom; the main output of each is a tensor for those below. */
export function runHeads(
  heads: readonly UnfoldedHead[],
  tensors: Environment,
  context: FlowContext,
): BuiltHeads {
  const outputs: GraphOutput[] = [];
  const ranges: ValueRange[] = [];
  const built: GraphHead[] = [];
  const nodes = new Map<string, MadeNodes>();
  for (const head of heads) {
    const made = head.outputs.flatMap((wire) => {
      const from = context.builder.nodes.length;
      const output = runOutput(wire, head, tensors, ranges, context) ?? [];
      nodes.set(wire.name, { from, to: context.builder.nodes.length });
      return output;
    });
    outputs.push(...made);
    const main = made.find(({ name }) => name === head.name);
    if (!tensors.has(head.name)) {
      tensors.define(
        head.name,
        main === undefined ? invalid : { kind: 'tensor', nodes: [main.node], isList: false },
      );
    }
    const { name, weights, prediction } = head;
    if (main !== undefined && made.length === head.outputs.length) {
      built.push({ name, outputs: made.map((output) => output.name), weights, prediction });
    }
  }
  return { heads: built, outputs, made: nodes };
}

function runOutput(
  wire: Wire,
  head: UnfoldedHead,
  tensors: Environment,
  ranges: ValueRange[],
  context: FlowContext,
): GraphOutput | undefined {
  const { name, nameSpan } = wire;
  if (tensors.has(name)) {
    const help =
      name === head.name
        ? 'Give the head a name of its own.'
        : `The output of head "${head.name}" at a supervised tensor is called so; give the other tensor another name.`;
    reportDuplicate(context.reporter, { name, what: 'tensor', at: nameSpan, help });
    return undefined;
  }
  const result = runFlow(wire.expression, {
    ...context,
    path: name,
    target: name,
    tensor: tensorOf(wire),
  });
  const [node] = result?.nodes ?? [];
  if (result?.isList === true) {
    context.reporter.report(
      'takes-one-tensor',
      { name, count: result.nodes.length },
      { at: nameSpan },
    );
    return undefined;
  }
  if (node === undefined) return undefined;
  extendRanges(ranges, context.builder.nodes);
  const values = headValuesOf(ranges[node]!);
  return { name, node, values, origin: nameSpan };
}
