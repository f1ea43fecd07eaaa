import { basename, join, resolve } from 'node:path';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { replaceFile } from '../files/index.js';
import { startEngine } from '../runtime/engines/start-engine.js';
import { findPython, type FoundPython } from '../runtime/python/find-python.js';
import { pythonEngine } from '../runtime/python/python-engine.js';
import { describeEnd, type PythonOptions } from '../runtime/python/python-session.js';
import { runPython, trainWords } from '../runtime/python/run-python.js';
import { scriptFiles } from '../runtime/python/script-files.js';
import type { CompiledRun } from '../runtime/training/run-spec.js';
import type { TrainOptions } from '../runtime/training/train-options.js';
import {
  interruptedCodes,
  type CommandContext,
  type ExitCode,
  type Interruption,
} from './context.js';
import { processesOf, type PythonWishes } from './python-options.js';
import { reportDiagnostics } from './report.js';

/** What a call says of a training in Python, its paths resolved. */
export interface PythonStart extends PythonWishes {
  readonly threads: number | undefined;
  readonly resume: boolean;
  readonly data: string;
  readonly out: string;
  /** The path of the spec. */
  readonly spec: string;
  /** The Python, where an earlier start has found it. */
  readonly found?: FoundPython | undefined;
}

/** What trains in Python, and the Python that was found. */
export interface PythonTrainer extends Pick<TrainOptions, 'engine' | 'check' | 'open' | 'adopt'> {
  readonly found: FoundPython;
}

interface Prepared {
  readonly found: FoundPython;
  readonly options: PythonOptions;
}

/** The Python and the files that train a run; undefined when a failure was reported. */
async function prepare(
  run: CompiledRun,
  wishes: PythonStart,
  context: CommandContext,
): Promise<Prepared | undefined> {
  const { value: files, diagnostics } = scriptFiles(run, basename(wishes.spec));
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  if (files === undefined || hasErrors(diagnostics)) return undefined;
  const found = wishes.found ?? (await findPython(placed(wishes.python, context)));
  if (!('program' in found)) {
    reportDiagnostics(found, context);
    return undefined;
  }
  const { threads, data, out } = wishes;
  const { program } = found;
  const options = { program, processes: processesOf(wishes), threads, data, out, files };
  return { found, options };
}

/** A program as the call means it: a path leads on from the working folder, a name alone is looked up. */
const placed = (program: string | undefined, { folder }: CommandContext): string | undefined =>
  program !== undefined && basename(program) !== program ? resolve(folder, program) : program;

/** What makes `train` train in Python; undefined when a failure was reported. */
export async function startPythonEngine(
  run: CompiledRun,
  wishes: PythonStart,
  context: CommandContext,
): Promise<PythonTrainer | undefined> {
  const prepared = await prepare(run, wishes, context);
  if (prepared === undefined) return undefined;
  const { found, options } = prepared;
  if (wishes.found === undefined) context.stderr.line(found.description);
  // What describes the network in checkpoints needs tensors, but computes nothing.
  await startEngine('cpu');
  return { ...pythonEngine(run, found, options), found };
}

/**
 * Trains on a machine that is not the first of several: the first one looks after the run
 * folder, which all of them see.
 */
export async function followFirstNode(
  run: CompiledRun,
  wishes: PythonStart,
  context: CommandContext,
): Promise<ExitCode> {
  const prepared = await prepare(run, wishes, context);
  if (prepared === undefined) return 1;
  const { program, processes, threads, data, out, files } = prepared.options;
  for (const [path, text] of files) await replaceFile(join(out, path), Buffer.from(text));
  const { resume } = wishes;
  const words = trainWords({
    ...{ out, data, settings: run.spec.settings },
    ...{ begins: !resume, resumes: resume },
  });
  const python = runPython(program, words, processes, threads);
  context.stderr.line(
    `machine ${wishes['node-rank']} of ${wishes.nodes}; number 0 tells how it goes`,
  );
  let interruption: Interruption | undefined;
  const forget = context.onInterrupt((signal) => {
    interruption = signal;
    python.stop();
  });
  const ended = await python.end;
  forget();
  if (ended.code === 0) return 0;
  if (interruption !== undefined) return interruptedCodes[interruption];
  return reportDiagnostics([describeEnd(ended)], context);
}
