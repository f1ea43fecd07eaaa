import { join } from 'node:path';
import { emitPyTorch } from '../../codegen/pytorch/emit.js';
import { emitTraining } from '../../codegen/pytorch/training/emit-training.js';
import { hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { codeFolder } from '../runs/run-folder.js';
import type { CompiledRun } from '../training/run-spec.js';

/** What `train.py` imports the network from. */
const module = 'network';

/**
 * The files that train a run's network, by their paths in the folder of code. What
 * PyTorch cannot do alike is reported.
 *
 * @param file the spec's name, without folders.
 */
export function scriptFiles(
  { model, recipe, spec }: CompiledRun,
  file: string,
): Result<ReadonlyMap<string, string> | undefined> {
  const trained = { ...model, recipe };
  const source = { file, set: spec.set };
  const network = emitPyTorch([trained], source);
  if (network.value === undefined) return { value: undefined, diagnostics: network.diagnostics };
  const [names] = network.value.models;
  const training = emitTraining(trained, names!, module, source);
  const diagnostics = [...network.diagnostics, ...training.diagnostics];
  if (training.value === undefined || hasErrors(diagnostics)) {
    return { value: undefined, diagnostics };
  }
  const files = new Map([[`${module}.py`, network.value.text], ...training.value]);
  const value = new Map([...files].map(([name, text]) => [join(codeFolder, name), text]));
  return { value, diagnostics };
}
