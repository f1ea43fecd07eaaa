import { resolve } from 'node:path';
import type { CompiledModel } from '../../../compile.js';
import { hasErrors, type Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { describeSystemError } from '../../../files/index.js';
import { startEngine } from '../../../runtime/engines/start-engine.js';
import { buildLayersModel, setModelWeights } from '../../../runtime/network/layers-model.js';
import { saveLayersModel } from '../../../runtime/network/model-files.js';
import { initialiseWeights } from '../../../runtime/network/weights.js';
import {
  describeLoad,
  loadWeights,
  type WeightSource,
} from '../../../runtime/pretrained/load-weights.js';
import { Random } from '../../../runtime/random.js';
import type { CommandContext } from '../../context.js';
import { displayedPath, wholeFile } from '../../report.js';

/**
 * Writes a model as a folder that `tf.loadLayersModel` reads: `model.json` and
 * `weights.bin`, with the weights that training from the spec's seed, and from the
 * file of weights if there is one, starts at. This module loads TensorFlow.js, so it is imported when it is needed.
 */
export async function writeLayersModel(
  folder: string,
  { graph, recipe }: CompiledModel,
  source: WeightSource | undefined,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  await startEngine('cpu');
  const loaded = source && (await loadWeights(graph, source));
  const diagnostics = loaded?.diagnostics ?? [];
  if (hasErrors(diagnostics)) return diagnostics;
  if (loaded?.value !== undefined) {
    context.stderr.write(`${describeLoad(loaded.value.summary)}\n`);
  }
  const random = new Random(recipe.seed).fork('weights');
  const weights = initialiseWeights(graph, random, loaded?.value?.values);
  const model = buildLayersModel(graph);
  try {
    setModelWeights(model, graph, weights);
    await saveLayersModel(model, resolve(context.folder, folder));
  } catch (error) {
    const parameters = { path: folder, reason: describeSystemError(error) };
    return [
      ...diagnostics,
      createDiagnostic('file-unwritable', parameters, { at: wholeFile(folder) }),
    ];
  } finally {
    model.dispose();
    weights.dispose();
  }
  context.stderr.write(`wrote ${displayedPath(folder, context.folder)}\n`);
  return diagnostics;
}
