import type { Diagnostic, Label } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import type { Graph, NodeId } from '../graph.js';
import { insideLabel, placeOf } from '../place.js';
import type { ConcreteSizes, SizeFailure } from './concrete.js';
import { explainDivergence } from './lineage.js';
import { nearestFixes, nearestHelp } from './nearest.js';
import type { SizeRepairs } from './size-repairs.js';
import type { SizeAnalysis } from './sizes.js';

/** A network with its sizes for one input, and what could repair them. */
export interface FailedWalk {
  readonly graph: Graph;
  readonly walk: ConcreteSizes;
  readonly sizes: SizeAnalysis;
  readonly repairs: SizeRepairs;
}

/** Tells why one node fails: the first one, for those below it are its consequence. */
export function explainFailure(failure: SizeFailure, failed: FailedWalk): Diagnostic {
  const { graph, walk, sizes, repairs } = failed;
  const [height, width] = [walk.heights[0]!, walk.widths[0]!];
  const { node } = failure;
  const operation = wordOf(node.op.kind, node.name);
  const nameOf = (id: NodeId): string => graph.nodes[id]!.name;
  const shape = (id: NodeId): string => shapeText(graph, walk, id);
  // In a block of another file the call in the model's own is what a person can change.
  const at = placeOf(graph, node);
  const labelsOf = (...arriving: readonly NodeId[]): readonly Label[] => {
    const labels = arriving.map((id) => ({
      span: placeOf(graph, graph.nodes[id]!),
      text: `"${nameOf(id)}" arrives as ${shape(id)}`,
    }));
    return labelsApart(at, [...labels, ...insideLabel(at, node)]);
  };
  const nearest = nearestFixes(sizes, height, width, repairs);
  const help = nearestHelp(sizes, height, width);
  const notes = isHopeless(sizes) ? [hopelessNote(sizes, height, width)] : [];

  switch (failure.kind) {
    case 'differ': {
      const { left, right } = failure;
      const axes = walk.failures.filter((other) => other.node === node).map((other) => other.axis);
      const axis =
        axes.length === 2 ? 'heights and widths' : failure.axis === 0 ? 'heights' : 'widths';
      const sizesOfAxis = failure.axis === 0 ? walk.heights : walk.widths;
      const parameters = {
        ...{ merge: operation, axis },
        ...{ left: nameOf(left), leftSize: shape(left) },
        ...{ right: nameOf(right), rightSize: shape(right) },
      };
      return createDiagnostic('sizes-differ', parameters, {
        at,
        labels: labelsOf(left, right),
        notes: [...notes, ...explainDivergence(graph, failure.axis, sizesOfAxis, left, right)],
        help,
        fixes: [...nearest, ...repairs.atNode(node.id, height, width)],
      });
    }
    case 'too-small': {
      const source = node.inputs[0]!;
      const needs = `a ${failure.axis === 0 ? 'height' : 'width'} of at least ${failure.minimum}`;
      const parameters = { operation, tensor: nameOf(source), size: shape(source), needs };
      return createDiagnostic('too-small', parameters, {
        ...{ at, labels: labelsOf(source), notes },
        help: help.length > 0 ? help : ['Take out a level, or use "padding: same".'],
        fixes: nearest,
      });
    }
    case 'not-only': {
      const source = node.inputs[0]!;
      const axis = failure.axis === 0 ? 'height' : 'width';
      const parameters = { tensor: nameOf(source), size: shape(source), axis, only: failure.size };
      return createDiagnostic('not-the-table-size', parameters, {
        ...{ at, labels: labelsOf(source) },
        notes: [
          ...notes,
          'A table of positions has a weight for every pixel: no other size has one.',
        ],
        help: help.length > 0 ? help : ['Give "positions" the size that arrives.'],
        fixes: nearest,
      });
    }
    case 'uneven': {
      const source = node.inputs[0]!;
      const axis = failure.axis === 0 ? 'height' : 'width';
      const parameters = {
        operation,
        tensor: nameOf(source),
        size: shape(source),
        axis,
        by: failure.by,
      };
      return createDiagnostic('size-does-not-divide', parameters, {
        ...{ at, labels: labelsOf(source), notes },
        help: help.length > 0 ? help : ['Add or cut edges before it, by "pad" or "crop".'],
        fixes: nearest,
      });
    }
    case 'not-pooled': {
      const [source, target] = [node.inputs[0]!, node.inputs[1]!];
      const names = {
        ...{ tensor: nameOf(source), size: shape(source) },
        ...{ pooled: nameOf(target), pooledSize: shape(target) },
      };
      const parameters = {
        ...{ ...names, expected: failure.expected, operation },
        axis: failure.axis === 0 ? 'height' : 'width',
      };
      return createDiagnostic('unpool-size', parameters, {
        ...{ at, labels: labelsOf(source, target), notes, fixes: nearest },
        help: [...help, 'Unpool what has the size that the pool made, or name another pool.'],
      });
    }
    case 'cannot-follow': {
      const [source, target] = [node.inputs[0]!, node.inputs[1]!];
      const names = {
        ...{ tensor: nameOf(source), size: shape(source) },
        ...{ target: nameOf(target), targetSize: shape(target) },
      };
      const fixes = [...nearest, ...repairs.atNode(node.id, height, width)];
      const context = { at, labels: labelsOf(source, target), notes, help, fixes };
      const sizesOfAxis = failure.axis === 0 ? walk.heights : walk.widths;
      const difference = (sizesOfAxis[source] ?? 0) - (sizesOfAxis[target] ?? 0);
      if (failure.relation === 'shrink_evenly' && difference > 0) {
        const choice =
          'Say which side loses the odd pixel: "rounding: floor" or "rounding: half_even".';
        return createDiagnostic('crop-off-centre', names, { ...context, help: [...help, choice] });
      }
      const parameters = { ...names, operation };
      return createDiagnostic('crop-grows', parameters, {
        ...context,
        notes: [...notes, '"crop_to" only cuts, and "pad_to" only adds.'],
        help: help.length > 0 ? help : ['Swap the two tensors, or take the other layer.'],
      });
    }
  }
}

const isHopeless = ({ height, width }: SizeAnalysis): boolean =>
  height.residues.length === 0 || width.residues.length === 0;

function hopelessNote(sizes: SizeAnalysis, height: number, width: number): string {
  const isFixed = typeof sizes.height.input === 'number' && typeof sizes.width.input === 'number';
  const shown = isFixed ? '' : `; the sizes shown are for an input of ${height} x ${width}`;
  return `No input size is legal${shown}.`;
}

/** A failure in one sentence. */
export function failureText(graph: Graph, walk: ConcreteSizes, failure: SizeFailure): string {
  const { node } = failure;
  const word = wordOf(node.op.kind, node.name);
  const name = (id: NodeId): string => `"${graph.nodes[id]!.name}" (${shapeText(graph, walk, id)})`;
  switch (failure.kind) {
    case 'differ':
      return `"${word}" would join ${name(failure.left)} with ${name(failure.right)}.`;
    case 'too-small':
      return `"${word}" would meet ${name(node.inputs[0]!)}, and needs at least ${failure.minimum}.`;
    case 'not-only':
      return `"${word}" would meet ${name(node.inputs[0]!)}, and has a table for ${failure.size} alone.`;
    case 'uneven':
      return `"${word}" would meet ${name(node.inputs[0]!)}, whose ${failure.axis === 0 ? 'height' : 'width'} must divide by ${failure.by}.`;
    case 'not-pooled':
      return `"${word}" would unpool ${name(node.inputs[0]!)} to ${name(node.inputs[1]!)}, of which its pool makes ${failure.expected}.`;
    case 'cannot-follow':
      return `"${word}" would bring ${name(node.inputs[0]!)} to ${name(node.inputs[1]!)}${failure.relation === 'shrink_evenly' ? ', which has no centre' : ''}.`;
  }
}

/** `concat` in `d4`: the operation by the level it serves. */
function wordOf(kind: string, name: string): string {
  const owner = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : undefined;
  return owner === undefined ? kind : `${kind} of ${owner}`;
}

/** `125 x 125 x 256`; an unknown size is a question mark. */
function shapeText(graph: Graph, walk: ConcreteSizes, id: NodeId): string {
  const { channels } = graph.nodes[id]!;
  return `${walk.heights[id] ?? '?'} x ${walk.widths[id] ?? '?'} x ${channels}`;
}

/** Labels in other places than the main one, each place once. */
function labelsApart(at: Span, labels: readonly Label[]): readonly Label[] {
  const seen = new Set([`${at.file}:${at.start}:${at.end}`]);
  return labels.filter(({ span }) => {
    const place = `${span.file}:${span.start}:${span.end}`;
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}
