import { join } from 'node:path';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { nowhere } from '../../diagnostics/source.js';
import { FileError } from '../../files/index.js';
import { torchTensors } from '../exports/weights/named-tensor.js';
import { safetensorsFile } from '../exports/weights/safetensors.js';
import { initialiseWeights } from '../network/weights.js';
import { Random } from '../random.js';
import { codeFolder } from '../runs/run-folder.js';
import { describeGone } from '../runs/run-lock.js';
import { notWritten, type WriteFile } from '../runs/stored-file.js';
import { checkBest } from '../training/end-of-epoch.js';
import { noProgress } from '../training/epoch-start.js';
import type { TrainingOutcome } from '../training/events.js';
import { RunRecorder } from '../training/recorder.js';
import { isComplete } from '../training/resume.js';
import type { RunOptions, TrainingRun } from '../training/session.js';
import { evaluatedClasses } from '../prediction/check-found.js';
import { adoptState, type AdoptedRun } from './adopt-state.js';
import { LogFollower } from '../runs/follow-log.js';
import { ProgressTeller } from './progress-teller.js';
import {
  runPython,
  startFile,
  trainWords,
  type Processes,
  type PythonEnd,
  type RunningPython,
} from './run-python.js';
import { readState } from './torch-state.js';

/** How Python trains. */
export interface PythonOptions {
  readonly program: string;
  readonly processes: Processes;
  /** Threads of each process; as many as PyTorch takes when absent. */
  readonly threads: number | undefined;
  /** The folder of the data. */
  readonly data: string;
  /** The run folder. */
  readonly out: string;
  /** What is written into the run folder, by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** How often the log is looked at, in milliseconds. */
const lookEvery = 200;

/** A run that a Python trains: it is told what to do, watched, and what it saves is made our checkpoints. */
export class PythonSession implements TrainingRun {
  readonly #options: RunOptions;
  readonly #python: PythonOptions;
  readonly #adopted: AdoptedRun;

  constructor(options: RunOptions, python: PythonOptions) {
    this.#options = options;
    this.#python = python;
    const { out, run, lock, topology } = options;
    const { processes } = python;
    const write: WriteFile = (path, content) => {
      if (lock.isHeld()) return options.write(path, content);
      throw new FileError(path, 'system', 'the folder of the run is gone');
    };
    this.#adopted = { out, run, topology, processes, write };
  }

  dispose(): void {
    // Weights are with Python.
  }

  async run(): Promise<Result<TrainingOutcome>> {
    const { out, run, lock, resume, isAgain, data, onEvent, signal } = this.#options;
    const begun = await this.#begin();
    if (hasErrors(begun)) return this.#end('failed', begun);
    const { graph } = run.model;
    const state = await readState(
      out,
      graph.outputs.map(({ name }) => name),
    );
    const progress = state?.progress ?? noProgress;
    const resumes = resume !== undefined || isAgain;
    const teller = new ProgressTeller(this.#options, this.#python.processes, progress);
    onEvent({
      kind: 'start',
      trainingImages: data.training.pairs.length,
      validationImages: data.validation.pairs.length,
      epochs: run.recipe.epochs,
      batches: teller.batches,
      parameters: teller.parameters,
      step: progress.step,
      isResumed: resumes,
    });
    const log = new LogFollower(out, progress.step);
    const { program, processes, threads } = this.#python;
    const words = trainWords({
      out,
      data: this.#python.data,
      begins: state === undefined,
      resumes,
      settings: run.spec.settings,
    });
    const python = runPython(program, words, processes, threads);
    const stop = (): void => python.stop();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    try {
      const ended = await this.#watch(python, log, teller);
      if (!lock.isHeld()) return await this.#end('failed', [describeGone(out, log.step)]);
      await adoptState(this.#adopted);
      if (ended.code === 0 && (await this.#isDone())) return await this.#end('finished', begun);
      if (signal?.aborted === true && log.endsStopped()) return await this.#stopped();
      return await this.#end('failed', [describeEnd(ended)]);
    } catch (error) {
      const problem = lock.isHeld() ? notWritten(out, error) : describeGone(out, log.step);
      return this.#end('failed', [problem]);
    } finally {
      signal?.removeEventListener('abort', stop);
      python.stop();
    }
  }

  /** Writes the code, and of a run that is new the weights that it begins with. */
  async #begin(): Promise<readonly Diagnostic[]> {
    const { out, run, resume, given, write } = this.#options;
    try {
      for (const [path, text] of this.#python.files) {
        await write(join(out, path), Buffer.from(text));
      }
    } catch (error) {
      return [notWritten(join(out, codeFolder), error)];
    }
    const recorder = new RunRecorder(this.#options, this.#options.topology);
    if (resume !== undefined) return recorder.rewind(resume.last.progress.step);
    const { graph } = run.model;
    const weights = initialiseWeights(graph, new Random(run.recipe.seed).fork('weights'), given);
    try {
      const pieces = safetensorsFile(torchTensors(graph, await weights.values()), {});
      await write(join(out, startFile), Buffer.concat(pieces));
      return await recorder.save(['last'], { best: weights, last: weights }, undefined, {
        progress: noProgress,
        best: undefined,
      });
    } catch (error) {
      return [notWritten(join(out, startFile), error)];
    } finally {
      weights.dispose();
    }
  }

  /** Tells what the log says until Python has ended, which it has to once the run folder is gone; checkpoints follow epochs. */
  async #watch(
    { end, kill }: RunningPython,
    log: LogFollower,
    teller: ProgressTeller,
  ): Promise<PythonEnd> {
    let ended: PythonEnd | undefined;
    void end.then((found) => (ended = found));
    for (;;) {
      const isLast = ended !== undefined;
      if (!this.#options.lock.isHeld()) {
        kill();
        return end;
      }
      const entries = log.read();
      for (const entry of entries) teller.tell(entry);
      if (isLast) return end;
      if (entries.some(({ kind }) => kind === 'epoch')) await adoptState(this.#adopted);
      await Promise.race([end, new Promise((resolve) => setTimeout(resolve, lookEvery))]);
    }
  }

  /** Whether the last epoch is saved: a program that ends well need not have trained. */
  async #isDone(): Promise<boolean> {
    const { out, run } = this.#options;
    const state = await readState(
      out,
      run.model.graph.outputs.map(({ name }) => name),
    );
    return state !== undefined && isComplete(state, run);
  }

  async #stopped(): Promise<Result<TrainingOutcome>> {
    const { out, run, onEvent } = this.#options;
    const outputs = run.model.graph.outputs.map(({ name }) => name);
    const { epoch, step } = (await readState(out, outputs))?.progress ?? noProgress;
    onEvent({ kind: 'stopped', epoch: epoch + 1, step });
    return this.#end('stopped', []);
  }

  async #end(
    kind: TrainingOutcome['kind'],
    diagnostics: readonly Diagnostic[],
  ): Promise<Result<TrainingOutcome>> {
    const { out, run, network } = this.#options;
    const outputs = run.model.graph.outputs.map(({ name }) => name);
    const best = kind === 'failed' ? undefined : (await readState(out, outputs))?.best;
    const evaluated = evaluatedClasses(network.head, run.recipe);
    const unpredicted = kind === 'finished' ? checkBest(out, best, evaluated) : [];
    return { value: { kind, best }, diagnostics: [...unpredicted, ...diagnostics] };
  }
}

/** The message for a Python that ended too early, with the last lines that it wrote. */
export function describeEnd({ code, errors }: PythonEnd): Diagnostic {
  const how = code === undefined ? 'by a signal' : `with code ${code}`;
  const notes = errors.slice(-12);
  const help = ['What was saved is whole; the same call with "--resume" goes on from there.'];
  return createDiagnostic('python-failed', { how }, { at: nowhere, notes, help });
}
