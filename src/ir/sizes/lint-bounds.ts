import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Graph, GraphNode } from '../graph.js';
import { rulesOf } from '../operations/operation-rules.js';
import { operationWord } from '../operations/operation-word.js';
import { placeOf } from '../place.js';
import type { AxisAnalysis } from './analysis.js';
import { walkSizes } from './concrete.js';
import { describeLegal } from './legal-text.js';
import type { SizeRepairs } from './size-repairs.js';
import type { SizeAnalysis } from './sizes.js';

/**
 * Warns of networks whose named sizes are legal up to a bound alone, often for one pixel:
 * a merge of a map with what is left after global pooling is meant for every size.
 */
export function lintBounds(
  graph: Graph,
  sizes: SizeAnalysis,
  repairs: SizeRepairs,
): readonly Diagnostic[] {
  const bounded = [sizes.height, sizes.width].filter(isBounded);
  const [first] = bounded;
  if (first === undefined) return [];
  // One size beyond the bound shows which operation sets it.
  const beyond = (axis: AxisAnalysis): number =>
    isBounded(axis) ? exampleBeyond(axis) : typeof axis.input === 'number' ? axis.input : 256;
  const [height, width] = [beyond(sizes.height), beyond(sizes.width)];
  const { failures } = walkSizes(graph, height, width);
  const node = failures[0]?.node ?? graph.nodes[graph.outputs[0]!.node]!;
  const legal = [...new Set(bounded.map(describeLegal))].join(' and ');
  const inputs = node.inputs.map((input) => graph.nodes[input]!);
  const at = placeOf(graph, node);
  const parameters = { model: graph.model, legal, operation: operationWord(node.op) };
  return [
    createDiagnostic('sizes-bounded', parameters, {
      at,
      labels: inputs
        .filter(({ origin }) => origin.file === at.file && origin.start !== at.start)
        .filter(({ origin }, index, all) => {
          return all.findIndex((other) => other.origin.start === origin.start) === index;
        })
        .map(({ name, origin }) => ({ span: origin, text: `"${name}" arrives` })),
      help: [adviceFor(node)],
      fixes: repairs.atNode(node.id, height, width, ['resize']),
    }),
  ];
}

const isBounded = ({ input, residues }: AxisAnalysis): boolean =>
  typeof input === 'string' &&
  residues.length > 0 &&
  residues.every(({ maximum }) => maximum < Infinity);

/** A size above all legal ones, of a residue that has legal ones, and of ordinary length. */
function exampleBeyond({ residues, modulus }: AxisAnalysis): number {
  const most = Math.max(...residues.map(({ maximum }) => maximum));
  return most + modulus * Math.max(1, Math.ceil((256 - most) / modulus));
}

function adviceFor({ op, inputs }: GraphNode): string {
  switch (rulesOf(op).axis(op, 0).kind) {
    case 'equal':
      return 'Bring one to the size of the other by "resize_to", or weigh by "multiply", which takes a gate of 1 x 1.';
    case 'gate':
      return inputs.length > 1
        ? 'Bring the tensors to one size by "resize_to"; only what global pooling leaves is a gate.'
        : 'Take it out.';
    case 'only':
      return 'A table of positions has a weight for every pixel, so that the input has one size: give it that size.';
    case 'attend':
    case 'source':
    case 'step':
    case 'fixed':
    case 'follow':
      return 'Give the input a fixed size if that is meant.';
  }
}
