import { basename, dirname, join } from 'node:path';
import { emitPyTorch } from '../../../codegen/pytorch/emit.js';
import { checkModuleFile } from '../../../codegen/pytorch/training/check-training.js';
import { emitTraining } from '../../../codegen/pytorch/training/emit-training.js';
import type { EmitSource } from '../../../codegen/typescript/emit.js';
import type { CompiledModel } from '../../../compile.js';
import { hasErrors, type Result } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { checkNetwork } from '../../../runtime/training/setup.js';
import { wholeFile } from '../../report.js';

/**
 * The texts of a PyTorch module and of what trains its model, by their paths: `train.py` and
 * `data.py` beside it. What cannot be trained from folders of images and masks, in PyTorch or
 * at all, is reported, and several models are: a script trains one.
 */
export function trainingFiles(
  path: string,
  spec: string,
  models: readonly CompiledModel[],
  source: EmitSource,
): Result<ReadonlyMap<string, string> | undefined> {
  const [model, ...others] = models;
  if (model === undefined) return { value: new Map(), diagnostics: [] };
  if (others.length > 0) {
    const names = models.map(({ name }) => `"${name}"`).join(', ');
    const help = ['Choose one with "--model NAME".'];
    const at = wholeFile(spec);
    const diagnostic = createDiagnostic('model-not-chosen', { path: spec, names }, { at, help });
    return { value: undefined, diagnostics: [diagnostic] };
  }
  const settings = { epochs: model.recipe.epochs, batch: model.recipe.batch, seed: 0 };
  const run = {
    spec: { text: '', model: model.name, set: {}, settings },
    model,
    recipe: model.recipe,
  };
  const file = basename(path);
  const problems = [...checkModuleFile(file), ...checkNetwork(run)];
  if (hasErrors(problems)) return { value: undefined, diagnostics: problems };
  const module = emitPyTorch([model], source);
  if (module.value === undefined) return { value: undefined, diagnostics: module.diagnostics };
  const { text, models: names } = module.value;
  const emitted = emitTraining(model, names[0]!, file.replace(/\.py$/, ''), source);
  if (emitted.value === undefined) return { value: undefined, diagnostics: emitted.diagnostics };
  const beside = [...emitted.value].map(([name, own]) => [join(dirname(path), name), own] as const);
  return { value: new Map([[path, text], ...beside]), diagnostics: problems };
}
