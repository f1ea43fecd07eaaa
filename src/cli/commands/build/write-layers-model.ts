import { resolve } from 'node:path';
import type { CompiledModel } from '../../../compile.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { describeSystemError } from '../../../host-node.js';
import type { CommandContext } from '../../context.js';
import { displayedPath, wholeFile } from '../../report.js';

/**
 * Writes a model as a folder that `tf.loadLayersModel` reads: `model.json` and
 * `weights.bin`, with the first weights that training from the spec's seed has.
 */
export async function writeLayersModel(
  folder: string,
  { graph, recipe }: CompiledModel,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  const [engines, models, files, weights, random] = await Promise.all([
    import('../../../runtime/engines/start-engine.js'),
    import('../../../runtime/network/layers-model.js'),
    import('../../../runtime/network/model-files.js'),
    import('../../../runtime/network/weights.js'),
    import('../../../runtime/random.js'),
  ]);
  await engines.startEngine('cpu');
  const store = weights.initialiseWeights(graph, new random.Random(recipe.seed).fork('weights'));
  const model = models.buildLayersModel(graph);
  try {
    models.setModelWeights(model, graph, store);
    await files.saveLayersModel(model, resolve(context.folder, folder));
  } catch (error) {
    const parameters = { path: folder, reason: describeSystemError(error) };
    return [createDiagnostic('file-unwritable', parameters, { at: wholeFile(folder) })];
  } finally {
    model.dispose();
    store.dispose();
  }
  context.stderr.write(`wrote ${displayedPath(folder, context.folder)}\n`);
  return [];
}
