import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { describeProvenance } from '../../ir/provenance.js';
import { nodesInUse } from '../../ir/forms/prune.js';
import { nameWithin } from '../../ir/lattice.js';
import type { Expression } from '../../parser/ast.js';
import type { Environment } from '../values/value.js';
import type { Wire } from '../schemes/wire.js';

/** Warns of the last tensor of each dead end that is not quiet: it reaches no head. */
export function lintDeadEnds(
  graph: Graph,
  wires: readonly Wire[],
  isQuiet: (node: GraphNode) => boolean,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const used = nodesInUse(graph);
  const read = new Set(graph.nodes.flatMap((node) => node.inputs));
  const wireOf = new Map(wires.toReversed().map((wire) => [wire.name, wire]));
  const warned = new Set<string>();
  for (const node of graph.nodes) {
    if (used.has(node.id) || read.has(node.id) || isQuiet(node)) continue;
    // One warning for each place in the spec, however often its block is called.
    const place = `${node.origin.start}-${node.origin.end}`;
    if (warned.has(place)) continue;
    warned.add(place);
    const wire = wireOf.get(node.tensor.name);
    const isLine = wire === undefined || wire.madeBy.kind === 'wire';
    reporter.report(
      'unused-tensor',
      { name: node.name },
      {
        at: wire !== undefined && wire.name === node.name ? wire.nameSpan : node.origin,
        notes: isLine ? [] : [`"${wire.name}" is the ${describeProvenance(wire.madeBy)}.`],
        help: ['Use it in a merge or a head, or take it out.'],
      },
    );
  }
  return reporter.diagnostics;
}

/**
 * Warns of the taps that a model picks and reads nowhere: what is picked is meant.
 *
 * @param encoder what the encoder is called in the model, if it has a name.
 */
export function lintTaps(
  taps: readonly Expression[],
  encoder: string | undefined,
  tensors: Pick<Environment, 'isUsed'>,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  for (const tap of taps) {
    if (tap.kind !== 'name') continue;
    const name = nameWithin(encoder, tap.name);
    if (tensors.isUsed(name)) continue;
    const help = ['Use it in a merge or a head, or take it out.'];
    reporter.report('unused-tensor', { name }, { at: tap.span, help });
  }
  return reporter.diagnostics;
}
