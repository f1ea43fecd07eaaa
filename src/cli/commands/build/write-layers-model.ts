import { resolve } from 'node:path';
import type { CompiledModel } from '../../../compile.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { describeSystemError } from '../../../host-node.js';
import { startEngine } from '../../../runtime/engines/start-engine.js';
import { buildLayersModel, setModelWeights } from '../../../runtime/network/layers-model.js';
import { saveLayersModel } from '../../../runtime/network/model-files.js';
import { initialiseWeights } from '../../../runtime/network/weights.js';
import { Random } from '../../../runtime/random.js';
import type { CommandContext } from '../../context.js';
import { displayedPath, wholeFile } from '../../report.js';

/**
 * Writes a model as a folder that `tf.loadLayersModel` reads: `model.json` and
 * `weights.bin`, with the weights that training from the spec's seed starts at. This
 * module loads TensorFlow.js, so it is imported when it is needed.
 */
export async function writeLayersModel(
  folder: string,
  { graph, recipe }: CompiledModel,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  await startEngine('cpu');
  const weights = initialiseWeights(graph, new Random(recipe.seed).fork('weights'));
  const model = buildLayersModel(graph);
  try {
    setModelWeights(model, graph, weights);
    await saveLayersModel(model, resolve(context.folder, folder));
  } catch (error) {
    const parameters = { path: folder, reason: describeSystemError(error) };
    return [createDiagnostic('file-unwritable', parameters, { at: wholeFile(folder) })];
  } finally {
    model.dispose();
    weights.dispose();
  }
  context.stderr.write(`wrote ${displayedPath(folder, context.folder)}\n`);
  return [];
}
