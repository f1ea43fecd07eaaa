import { createDiagnostic } from '../../diagnostics/report.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { nowhere } from '../../diagnostics/source.js';
import { FileError, replaceFile } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { TensorFileError } from '../pretrained/tensor-file.js';
import type { Checkpoint } from '../runs/checkpoint.js';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import { checkSameRun } from '../training/resume.js';
import type { CompiledRun } from '../training/run-spec.js';
import type { TrainOptions } from '../training/train-options.js';
import { describeTopology } from '../training/topology.js';
import { join } from 'node:path';
import { adoptState } from './adopt-state.js';
import type { FoundPython } from './find-python.js';
import { PythonSession, type PythonOptions } from './python-session.js';
import { processesInAll } from './run-python.js';
import { stateFile } from './torch-state.js';

/** What makes `train` train in Python, in the place of our own network. */
export function pythonEngine(
  run: CompiledRun,
  { description }: FoundPython,
  python: PythonOptions,
): Pick<TrainOptions, 'engine' | 'check' | 'open' | 'adopt'> {
  return {
    engine: { name: 'pytorch', description },
    check: ({ training }) => checkProcesses(run, training.pairs.length, python),
    open: (options) => Promise.resolve(new PythonSession(options, python)),
    adopt: (last) => adoptLast(python, run, last),
  };
}

/** Reports more processes than images of a batch: one without an image has nothing to do. */
function checkProcesses(
  { recipe: { batch } }: CompiledRun,
  images: number,
  { processes }: PythonOptions,
): readonly Diagnostic[] {
  const given = processesInAll(processes);
  const most = Math.min(batch, images);
  if (given <= most) return [];
  const help = ['Give fewer "--processes", or more images at a time with "--batch".'];
  const parameters = { processes: given, batch, images };
  return [createDiagnostic('processes-without-images', parameters, { at: nowhere, help })];
}

/** The last checkpoint of a run after all that Python has saved of it: a killed process may not have seen it. */
async function adoptLast(
  { out, processes }: PythonOptions,
  run: CompiledRun,
  last: Checkpoint,
): Promise<Result<Checkpoint | undefined>> {
  // Another run is told by whoever compares it.
  const isOther = checkSameRun(out, last, run).some(({ code }) => code === 'UNET6107');
  if (isOther) return { value: undefined, diagnostics: [] };
  try {
    const topology = await describeTopology({ ...run.model, recipe: run.recipe });
    await adoptState({ out, run, topology, processes, write: replaceFile });
  } catch (error) {
    if (!(error instanceof TensorFileError || error instanceof FileError)) throw error;
    const file = join(out, stateFile);
    const parameters = { file, reason: error.message };
    const diagnostic = createDiagnostic('checkpoint-damaged', parameters, { at: atFile(file) });
    return { value: undefined, diagnostics: [diagnostic] };
  }
  return readCheckpoint(out, 'last');
}
