import type { Fix, Label } from '../../diagnostics/diagnostic.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import { insideLabel, placeOf } from '../place.js';
import type { Graph, NodeId } from '../graph.js';
import type { AxisAnalysis } from './analysis.js';
import { analyseAxis } from './analysis.js';
import { walkSizes, type ConcreteSizes, type SizeFailure } from './concrete.js';
import { checkAverages } from './check-averages.js';
import { describeLegal } from './describe.js';
import { explainDivergence } from './lineage.js';
import { lintBounds } from './lint-bounds.js';
import type { SizeRepairs } from './size-repairs.js';
import {
  accepts,
  analyseSizes,
  exampleSize,
  legalAtLeast,
  legalAtMost,
  type SizeAnalysis,
} from './sizes.js';

/**
 * Proves the sizes of a graph. Reports what makes the size fixed in the spec
 * illegal, or what makes every size illegal. Undefined when nothing is legal.
 */
export function checkSizes(
  graph: Graph,
  reporter: Reporter,
  repairs: SizeRepairs,
): SizeAnalysis | undefined {
  const result = analyseSizes(graph);
  const origin = graph.scopes[0]!.origin;
  if (result.kind === 'too-large') {
    const modulus =
      result.modulus >= Number.MAX_SAFE_INTEGER ? 'more than 2^53' : String(result.modulus);
    reporter.report(
      'strides-too-many',
      { model: graph.model, modulus, limit: result.limit },
      { at: origin, help: ['Take out poolings or strides.'] },
    );
    return undefined;
  }
  const { sizes } = result;
  const isFine = [sizes.height, sizes.width].every((axis) =>
    typeof axis.input === 'number' ? accepts(axis, axis.input) : axis.residues.length > 0,
  );
  if (isFine) {
    if (!checkAverages(graph, sizes, reporter)) return undefined;
    lintBounds(graph, sizes, reporter, repairs);
    return sizes;
  }
  const probe = (axis: AxisAnalysis): number =>
    exampleSize(axis) ?? Math.ceil(512 / axis.modulus) * axis.modulus;
  const walk = walkSizes(graph, probe(sizes.height), probe(sizes.width));
  if (reportAxesApart(graph, sizes, reporter, repairs)) return undefined;
  reportFailure(graph, walk, sizes, reporter, repairs);
  return undefined;
}

/** Reports axes of one name that have legal sizes each, but none in common; false when that is not the trouble. */
function reportAxesApart(
  graph: Graph,
  sizes: SizeAnalysis,
  reporter: Reporter,
  repairs: SizeRepairs,
): boolean {
  const name = sizes.height.input;
  if (typeof name !== 'string' || name !== sizes.width.input) return false;
  const [height, width] = [analyseAxis(graph, 0), analyseAxis(graph, 1)];
  if ('tooLarge' in height || 'tooLarge' in width) return false;
  if (height.residues.length === 0 || width.residues.length === 0) return false;
  const fix = repairs.nameWidth(name === 'W' ? 'W2' : 'W');
  reporter.report(
    'no-legal-size',
    { model: graph.model, name },
    {
      at: graph.nodes[graph.inputs[0]!.node]!.origin,
      notes: [`As a height, ${describeLegal(height)}.`, `As a width, ${describeLegal(width)}.`],
      help: ['Treat both axes alike in strides and paddings, or give them names of their own.'],
      fixes: fix === undefined ? [] : [fix],
    },
  );
  return true;
}

/** Reports one input size that a network with legal sizes does not take. */
export function reportIllegalSize(
  graph: Graph,
  sizes: SizeAnalysis,
  height: number,
  width: number,
  reporter: Reporter,
): void {
  const walk = walkSizes(graph, height, width);
  const notes = walk.failures[0] === undefined ? [] : [failureText(graph, walk, walk.failures[0])];
  reporter.report(
    'size-not-legal',
    {
      size: `${height} x ${width}`,
      model: graph.model,
      legal: `${describeLegal(sizes.height)}; ${describeLegal(sizes.width)}`,
    },
    {
      at: graph.nodes[graph.inputs[0]!.node]!.origin,
      notes,
      help: nearestHelp(sizes, height, width),
    },
  );
}

/** The first failing node explains itself; those below it are its consequence. */
function reportFailure(
  graph: Graph,
  walk: ConcreteSizes,
  sizes: SizeAnalysis,
  reporter: Reporter,
  repairs: SizeRepairs,
): void {
  const [failure] = walk.failures;
  if (failure === undefined) return;
  const [height, width] = [walk.heights[0]!, walk.widths[0]!];
  const { node } = failure;
  const shape = (id: NodeId): string => shapeText(graph, walk, id);
  const label = (id: NodeId, verb: string): Label => ({
    span: placeOf(graph, graph.nodes[id]!),
    text: `"${graph.nodes[id]!.name}" ${verb} as ${shape(id)}`,
  });
  // In a block of another file the call in the model's own is what a person can change.
  const at = placeOf(graph, node);
  const inside = insideLabel(at, node);
  const nearest = nearestFixes(sizes, height, width, repairs);
  const help = nearestHelp(sizes, height, width);
  const isFixed = typeof sizes.height.input === 'number' && typeof sizes.width.input === 'number';
  const isHopeless = sizes.height.residues.length === 0 || sizes.width.residues.length === 0;
  const shown = isFixed ? '' : `; the sizes shown are for an input of ${height} x ${width}`;
  const example = isHopeless ? [`No input size is legal${shown}.`] : [];

  switch (failure.kind) {
    case 'differ': {
      const { left, right } = failure;
      const axes = walk.failures.filter((other) => other.node === node).map((other) => other.axis);
      const axis =
        axes.length === 2 ? 'heights and widths' : failure.axis === 0 ? 'heights' : 'widths';
      const sizesOfAxis = failure.axis === 0 ? walk.heights : walk.widths;
      reporter.report(
        'sizes-differ',
        {
          merge: wordOf(node.op.kind, node.name),
          left: graph.nodes[left]!.name,
          leftSize: shape(left),
          right: graph.nodes[right]!.name,
          rightSize: shape(right),
          axis,
        },
        {
          at,
          labels: labelsApart(at, [label(left, 'arrives'), label(right, 'arrives'), ...inside]),
          notes: [...example, ...explainDivergence(graph, failure.axis, sizesOfAxis, left, right)],
          help,
          fixes: [...nearest, ...repairs.atNode(node.id, height, width)],
        },
      );
      return;
    }
    case 'too-small': {
      const source = node.inputs[0]!;
      reporter.report(
        'too-small',
        {
          operation: wordOf(node.op.kind, node.name),
          tensor: graph.nodes[source]!.name,
          size: shape(source),
          needs: `a ${failure.axis === 0 ? 'height' : 'width'} of at least ${failure.minimum}`,
        },
        {
          at,
          labels: labelsApart(at, [label(source, 'arrives'), ...inside]),
          notes: example,
          help: help.length > 0 ? help : ['Take out a level, or use "padding: same".'],
          fixes: nearest,
        },
      );
      return;
    }
    case 'cannot-follow': {
      const [source, target] = [node.inputs[0]!, node.inputs[1]!];
      const names = {
        tensor: graph.nodes[source]!.name,
        size: shape(source),
        target: graph.nodes[target]!.name,
        targetSize: shape(target),
      };
      const labels = labelsApart(at, [
        label(source, 'arrives'),
        label(target, 'arrives'),
        ...inside,
      ]);
      const fixes = [...nearest, ...repairs.atNode(node.id, height, width)];
      const context = { at, labels, notes: example, help, fixes };
      const difference = sizeOn(walk, failure, source) - sizeOn(walk, failure, target);
      if (failure.relation === 'shrink_evenly' && difference > 0) {
        const choice =
          'Say which side loses the odd pixel: "rounding: floor" or "rounding: half_even".';
        reporter.report('crop-off-centre', names, { ...context, help: [...help, choice] });
      } else {
        reporter.report(
          'crop-grows',
          { ...names, operation: wordOf(node.op.kind, node.name) },
          {
            ...context,
            notes: [...example, '"crop_to" only cuts, and "pad_to" only adds.'],
            help: help.length > 0 ? help : ['Swap the two tensors, or take the other layer.'],
          },
        );
      }
    }
  }
}

const sizeOn = (walk: ConcreteSizes, failure: SizeFailure, id: NodeId): number =>
  (failure.axis === 0 ? walk.heights[id] : walk.widths[id]) ?? 0;

function failureText(graph: Graph, walk: ConcreteSizes, failure: SizeFailure): string {
  const { node } = failure;
  const word = wordOf(node.op.kind, node.name);
  const name = (id: NodeId): string => `"${graph.nodes[id]!.name}" (${shapeText(graph, walk, id)})`;
  switch (failure.kind) {
    case 'differ':
      return `"${word}" would join ${name(failure.left)} with ${name(failure.right)}.`;
    case 'too-small':
      return `"${word}" would meet ${name(node.inputs[0]!)}, and needs at least ${failure.minimum}.`;
    case 'cannot-follow':
      return `"${word}" would bring ${name(node.inputs[0]!)} to ${name(node.inputs[1]!)}${failure.relation === 'shrink_evenly' ? ', which has no centre' : ''}.`;
  }
}

/** `concat` in `d4`: the operation by the level it serves. */
function wordOf(kind: string, name: string): string {
  const owner = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : undefined;
  return owner === undefined ? `${kind} "${name}"`.replace(/ ".*/, '') : `${kind} of ${owner}`;
}

/** `125 x 125 x 256`; an unknown size is a question mark. */
export function shapeText(graph: Graph, walk: ConcreteSizes, id: NodeId): string {
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

function nearestHelp(sizes: SizeAnalysis, height: number, width: number): readonly string[] {
  const words = (analysis: AxisAnalysis, size: number, name: string): string[] => {
    const below = legalAtMost(analysis, size);
    const above = legalAtLeast(analysis, size);
    if (below === size) return [];
    const list = [below, above].filter((candidate) => candidate !== undefined).join(' or ');
    return list === '' ? [] : [`nearest legal ${name}: ${list}`];
  };
  const heights = words(sizes.height, height, 'height');
  const widths = words(sizes.width, width, 'width');
  const isSame =
    height === width && heights[0]?.replace('height', '') === widths[0]?.replace('width', '');
  const all = isSame
    ? heights.map((line) => line.replace('height', 'height and width'))
    : [...heights, ...widths];
  return all.length === 0 ? [] : [`${all.join('; ').replace(/^n/, 'N')}.`];
}

function nearestFixes(
  sizes: SizeAnalysis,
  height: number,
  width: number,
  repairs: SizeRepairs,
): readonly Fix[] {
  const pick = [legalAtMost, legalAtLeast].map((nearest) => {
    const [h, w] = [nearest(sizes.height, height), nearest(sizes.width, width)];
    return h === undefined || w === undefined ? undefined : repairs.changeInput(h, w);
  });
  const fixes = pick.filter((fix) => fix !== undefined);
  return fixes.filter(
    (fix, index) => fixes.findIndex((other) => other.title === fix.title) === index,
  );
}
