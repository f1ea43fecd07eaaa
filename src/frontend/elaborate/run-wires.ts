import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import { describeProvenance } from '../../ir/provenance.js';
import type { Expression } from '../../parser/ast.js';
import { tensorOf, type Wire } from '../schemes/wire.js';
import { type Environment, invalid } from '../values/value.js';
import { runFlow } from './flow.js';
import type { MadeNodes } from './stored-names.js';
import type { FlowContext } from './flow-context.js';

/**
 * Runs the wires from top to bottom; each defines its tensor for those below. Returns what
 * each has made.
 *
 * @param taps the tensors that a declared encoder has made.
 */
export function runWires(
  wires: readonly Wire[],
  taps: readonly (string | undefined)[],
  context: FlowContext,
): ReadonlyMap<string, MadeNodes> {
  const { environment: tensors, builder } = context;
  const made = new Map<string, MadeNodes>();
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
    const from = builder.nodes.length;
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
    made.set(wire.name, { from, to: builder.nodes.length });
    tensors.define(wire.name, result === undefined ? invalid : { kind: 'tensor', ...result });
  }
  return made;
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
