import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { replaceFile } from '../../files/index.js';
import { DataError } from '../data/at-file.js';
import { describeFailure } from '../engines/describe-failure.js';
import { loadWeights, type WeightSource } from '../pretrained/load-weights.js';
import type { Checkpoint } from '../runs/checkpoint.js';
import type { TrainingEvent, TrainingOutcome } from './events.js';
import { checkNewRunFolder, createRunFolder } from '../runs/run-folder.js';
import type { CompiledRun } from './run-spec.js';
import { checkNetwork, describeNetwork, openRunData } from './setup.js';
import { TrainingSession } from './session.js';
import type { WriteFile } from '../runs/write-checkpoint.js';

/** What a training run is made from. An engine must have been started. */
export interface TrainOptions {
  readonly run: CompiledRun;
  /** The folder with `train/{images,masks}` and `val/{images,masks}`. */
  readonly data: string;
  /** The run folder; new or empty, unless `resume` is given. */
  readonly out: string;
  /** The path of the spec and the engine, as `run.json` tells them. */
  readonly specPath: string;
  readonly engine: string;
  /** A file of weights to start from; a run that goes on has its own. */
  readonly weights?: WeightSource | undefined;
  /** Go on from this checkpoint, the last one of the run in `out`. */
  readonly resume?: Checkpoint | undefined;
  /** When it is aborted, the step under way is finished, written down, and training ends. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** How files are written; whole or not at all. */
  readonly write?: WriteFile;
}

/**
 * Trains a network on a folder of images and masks. Everything about the data
 * is checked before anything is written; a run of the same spec, data and seed
 * gives the same bits, also when it was stopped and resumed in between.
 *
 * Writes to `out`: `spec.unet`, `run.json`, `log.jsonl`, and the checkpoints
 * `best` and `last` after every epoch. The diagnostics hold errors where the
 * outcome is undefined or `failed`.
 */
export async function train(options: TrainOptions): Promise<Result<TrainingOutcome | undefined>> {
  const { run, out, resume, write = replaceFile } = options;
  const problems = [
    ...checkNetwork(run),
    ...(resume === undefined ? await checkNewRunFolder(out) : []),
  ];
  if (hasErrors(problems)) return failed(problems);
  const network = describeNetwork(run);
  const opened = await openRunData(options.data, run, network, resume?.preprocessing.masks);
  const diagnostics: Diagnostic[] = [...problems, ...opened.diagnostics];
  if (opened.value === undefined) return failed(diagnostics);
  const source = resume === undefined ? options.weights : undefined;
  const loaded = source && (await loadWeights(run.model.graph, source));
  diagnostics.push(...(loaded?.diagnostics ?? []));
  if (hasErrors(diagnostics)) return failed(diagnostics);
  const weights = loaded?.value?.summary;
  if (weights !== undefined) options.onEvent?.({ kind: 'weights', summary: weights });
  if (resume === undefined) {
    const { specPath: spec, data, engine } = options;
    const called = { spec, data, engine, ...(weights === undefined ? {} : { weights }) };
    diagnostics.push(...(await createRunFolder(out, run.spec, called, write)));
    if (hasErrors(diagnostics)) return failed(diagnostics);
  }
  const session = await TrainingSession.open({
    run,
    network,
    data: opened.value,
    out,
    resume,
    given: loaded?.value?.values,
    write,
    signal: options.signal,
    onEvent: options.onEvent ?? (() => undefined),
  });
  try {
    const outcome = await session.run();
    return { value: outcome.value, diagnostics: [...diagnostics, ...outcome.diagnostics] };
  } catch (error) {
    const failure = describeFailure(error);
    const found = error instanceof DataError ? error.diagnostics : failure && [failure];
    if (found === undefined) throw error;
    const value: TrainingOutcome = { kind: 'failed', best: undefined };
    return { value, diagnostics: [...diagnostics, ...found] };
  } finally {
    session.dispose();
  }
}

function failed(diagnostics: readonly Diagnostic[]): Result<undefined> {
  return { value: undefined, diagnostics };
}
