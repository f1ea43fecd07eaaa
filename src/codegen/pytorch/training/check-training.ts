import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../../diagnostics/report.js';
import { placeOf } from '../../../ir/place.js';
import type { Graph, GraphNode } from '../../../ir/graph.js';
import { imagesOfPart } from '../../../ir/part-of-batch.js';
import type { TrainRecipe } from '../../../ir/recipe.js';
import { affineSize, sizeAt, type AxisAnalysis } from '../../../ir/sizes/analysis.js';
import { moduleNameProblem } from './module-name.js';
import type { TrainedModel } from './trained-model.js';

/** Reports what PyTorch refuses to train that unetc trains. */
export function checkTraining({ graph, sizes, recipe }: TrainedModel): readonly Diagnostic[] {
  const reporter = new Reporter();
  if (graph.inputs.length > 1) {
    const inputs = graph.inputs.map(({ name }) => `"${name}"`).join(', ');
    reporter.report('inputs-too-many', { model: graph.model, inputs }, { at: recipe.origin });
  }
  const [height, width] = windowOf(recipe);
  const odd = graph.nodes.find(
    (node) =>
      imagesOfPart(recipe) === 1 &&
      node.op.kind === 'batch_norm' &&
      !node.isFrozen &&
      isOne(sizes.height, node, height) &&
      isOne(sizes.width, node, width),
  );
  if (odd !== undefined) reportNorm(odd, graph, reporter);
  for (const { name, origin } of recipe.metrics) {
    if (name !== 'average_precision' && name !== 'panoptic_quality') continue;
    const help = ['Take it out of "metrics"; "unetc eval" measures it in what Python has trained.'];
    reporter.report('torch-metric-of-objects', { metric: name }, { at: origin, help });
  }
  return reporter.diagnostics;
}

function reportNorm(node: GraphNode, graph: Graph, reporter: Reporter): void {
  const help = ['Train with another batch, or take the normalisation out behind the pooling.'];
  reporter.report('torch-norm-of-one', { name: node.name }, { at: placeOf(graph, node), help });
}

/** Height and width of what the network is trained on; undefined where the images decide. */
function windowOf({ sizes }: TrainRecipe): readonly [number | undefined, number | undefined] {
  const { size } = sizes.options;
  const [height, width] = (Array.isArray(size) ? size : [size, size]) as readonly unknown[];
  const known = (value: unknown) => (typeof value === 'number' ? value : undefined);
  return [known(height), known(width)];
}

/** Whether a tensor has one pixel along an axis, in training or whatever the image. */
function isOne(axis: AxisAnalysis, { id }: GraphNode, size: number | undefined): boolean {
  if (size !== undefined && sizeAt(axis, id, size) === 1) return true;
  return axis.residues.every((legal) => {
    const { scale, offset } = affineSize(axis, legal, id);
    return scale === 0 && offset === 1;
  });
}

/**
 * Reports a file that `train.py` beside it could not import.
 *
 * @param file its name, without folders.
 */
export function checkModuleFile(file: string): readonly Diagnostic[] {
  const reason = moduleNameProblem(file);
  if (reason === undefined) return [];
  const help = file.endsWith('.py')
    ? ['Name it otherwise with "--out".']
    : [`"--out ${file}/" is a folder, "--out ${file}.py" a file.`];
  const parameters = { file, reason };
  return [
    createDiagnostic('train-module-name', parameters, { at: { file, start: 0, end: 0 }, help }),
  ];
}
