import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Graph } from '../graph.js';
import { analyseAxis } from './analyse-axis.js';
import type { AxisAnalysis } from './analysis.js';
import { walkSizes } from './concrete.js';
import { checkAverages } from './check-averages.js';
import { describeLegal } from './legal-text.js';
import { explainFailure, failureText } from './explain-failure.js';
import { lintBounds } from './lint-bounds.js';
import { nearestHelp } from './nearest.js';
import type { SizeRepairs } from './size-repairs.js';
import { accepts, analyseSizes, exampleSize, type SizeAnalysis } from './sizes.js';

/**
 * Proves the sizes of a graph. Reports what makes the size fixed in the spec
 * illegal, or what makes every size illegal. Undefined when nothing is legal.
 */
export function checkSizes(graph: Graph, repairs: SizeRepairs): Result<SizeAnalysis | undefined> {
  const result = analyseSizes(graph);
  if (result.kind === 'too-large') {
    const modulus =
      result.modulus >= Number.MAX_SAFE_INTEGER ? 'more than 2^53' : String(result.modulus);
    const parameters = { model: graph.model, modulus, limit: result.limit };
    const at = graph.scopes[0]!.origin;
    const help = ['Take out poolings or strides.'];
    return refused(createDiagnostic('strides-too-many', parameters, { at, help }));
  }
  const { sizes } = result;
  const isFine = [sizes.height, sizes.width].every((axis) =>
    typeof axis.input === 'number' ? accepts(axis, axis.input) : axis.residues.length > 0,
  );
  if (!isFine) return refused(axesApart(graph, sizes, repairs) ?? failing(graph, sizes, repairs));
  const uneven = checkAverages(graph, sizes);
  if (uneven.length > 0) return refused(...uneven);
  return { value: sizes, diagnostics: lintBounds(graph, sizes, repairs) };
}

const refused = (...problems: readonly (Diagnostic | undefined)[]): Result<undefined> => ({
  value: undefined,
  diagnostics: problems.filter((problem) => problem !== undefined),
});

/** Axes of one name that have legal sizes each, but none in common; undefined when that is not the trouble. */
function axesApart(
  graph: Graph,
  sizes: SizeAnalysis,
  repairs: SizeRepairs,
): Diagnostic | undefined {
  const name = sizes.height.input;
  if (typeof name !== 'string' || name !== sizes.width.input) return undefined;
  const [height, width] = [analyseAxis(graph, 0), analyseAxis(graph, 1)];
  if ('tooLarge' in height || 'tooLarge' in width) return undefined;
  if (height.residues.length === 0 || width.residues.length === 0) return undefined;
  const fix = repairs.nameWidth(name === 'W' ? 'W2' : 'W');
  return createDiagnostic(
    'no-legal-size',
    { model: graph.model, name },
    {
      at: graph.nodes[graph.inputs[0]!.node]!.origin,
      notes: [`As a height, ${describeLegal(height)}.`, `As a width, ${describeLegal(width)}.`],
      help: ['Treat both axes alike in strides and paddings, or give them names of their own.'],
      fixes: fix === undefined ? [] : [fix],
    },
  );
}

/** The first node that fails, at the size of the spec or at one of ordinary length. */
function failing(graph: Graph, sizes: SizeAnalysis, repairs: SizeRepairs): Diagnostic | undefined {
  const probe = (axis: AxisAnalysis): number =>
    exampleSize(axis) ?? Math.ceil(512 / axis.modulus) * axis.modulus;
  const walk = walkSizes(graph, probe(sizes.height), probe(sizes.width));
  const [failure] = walk.failures;
  return failure && explainFailure(failure, { graph, walk, sizes, repairs });
}

/** One input size that a network with legal sizes does not take. */
export function illegalSize(
  graph: Graph,
  sizes: SizeAnalysis,
  height: number,
  width: number,
): Diagnostic {
  const walk = walkSizes(graph, height, width);
  const [failure] = walk.failures;
  return createDiagnostic(
    'size-not-legal',
    {
      size: `${height} x ${width}`,
      model: graph.model,
      legal: `${describeLegal(sizes.height)}; ${describeLegal(sizes.width)}`,
    },
    {
      at: graph.nodes[graph.inputs[0]!.node]!.origin,
      notes: failure === undefined ? [] : [failureText(graph, walk, failure)],
      help: nearestHelp(sizes, height, width),
    },
  );
}
