import { resolve } from 'node:path';
import type { CompiledModel } from '../../../compile.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { describeSystemError, type InputFiles } from '../../../files/index.js';
import { checkDepth } from '../../../codegen/tfjs/check-depth.js';
import { describeNetwork, networkModuleFile } from '../../../runtime/exports/describe-network.js';
import {
  buildLayersModel,
  savedWeightNames,
  setModelWeights,
} from '../../../runtime/network/layers-model.js';
import { modelFiles, saveLayersModel } from '../../../runtime/network/model-files.js';
import type { CommandContext } from '../../context.js';
import { checkOutputs } from '../../output-files.js';
import { displayedPath, wholeFile } from '../../report.js';
import { modelIn } from './model-in.js';
import type { Weigh } from './starting-weights.js';

/**
 * Writes a model as a folder that `tf.loadLayersModel` reads: `model.json`,
 * `weights.bin` and `network.js`. This module loads TensorFlow.js, so it is imported when it is needed.
 */
export async function writeLayersModel(
  folder: string,
  { graph, section }: Pick<CompiledModel, 'graph' | 'section'>,
  weigh: Weigh,
  inputs: InputFiles,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  const target = resolve(context.folder, folder);
  const taken = checkOutputs(modelFiles(target), inputs);
  if (taken.length > 0) return taken;
  const present = modelIn(target);
  if (present === 'checkpoint' || present === 'foreign') {
    const reason =
      present === 'checkpoint'
        ? 'it holds a checkpoint of a training run'
        : 'it holds a "model.json" that unetc did not make';
    const parameters = { path: folder, reason };
    const help = ['Write to another folder with "--out".'];
    return [createDiagnostic('file-unwritable', parameters, { at: wholeFile(folder), help })];
  }
  const tooDeep = checkDepth(graph, section.name?.span ?? section.keyword.span);
  if (tooDeep.length > 0) return tooDeep;
  const { value, diagnostics } = await weigh();
  if (value === undefined) return diagnostics;
  const { described, weights } = value;
  const model = buildLayersModel(graph, 'zero');
  const network = describeNetwork(described);
  try {
    setModelWeights(model, graph, weights);
    const weightNames = savedWeightNames(model, graph);
    await saveLayersModel(model, target, { weightNames, network });
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
  const needs =
    network.layers.length === 0
      ? ''
      : `; import its ${networkModuleFile} before loading it, for TensorFlow.js has no ${network.layers.join(', ')}`;
  context.stderr.line(`wrote ${displayedPath(folder, context.folder)}${needs}`);
  return diagnostics;
}
