import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { replaceFile } from '../../files/index.js';
import { version } from '../../version.js';
import { countBatches } from '../data/batches.js';
import { atFile } from '../data/at-file.js';
import { DataError } from '../data/data-error.js';
import { describeFailure } from '../engines/describe-failure.js';
import { conditionOfEngine } from '../engines/engine-condition.js';
import { loadWeights, type LoadedWeights } from '../pretrained/load-weights.js';
import type { RunConditions } from '../runs/checkpoint.js';
import { fingerprintOf, listData } from '../runs/data-listing.js';
import { clearLeftOvers } from '../runs/left-overs.js';
import { identifyRun, readDescription, type RunDescription } from '../runs/run-description.js';
import { checkNewRunFolder, prepareRunFolder } from '../runs/run-folder.js';
import { lockRun, type RunLock } from '../runs/run-lock.js';
import { tensorflowVersion } from '../tensorflow-version.js';
import type { TrainingOutcome } from './events.js';
import { checkFrozen } from './check-frozen.js';
import { checkOwnMemory } from './check-memory.js';
import { checkResumed } from './misfit.js';
import { allowed, checkRunParts, checkSameRun, compareConditions, isComplete } from './resume.js';
import { RunRecorder } from './recorder.js';
import { TrainingSession, type ResumedRun, type RunOptions } from './session.js';
import { describeNetwork } from './network-interface.js';
import { checkNetwork, openRunData } from './setup.js';
import { describeTopology } from './topology.js';
import type { TrainOptions } from './train-options.js';
import { checkWeightFacts } from './weight-facts.js';

/**
 * Trains a network on a folder of images and masks. Everything about the data
 * is checked before anything is written; a run of the same spec, data and seed
 * gives the same bits, also when it was stopped and resumed in between. The run
 * folder is locked meanwhile: a second call for it is refused.
 *
 * Writes to `out`: `spec.unet`, `data.json`, `run.json`, `log.jsonl`, and the
 * checkpoints `best` and `last` after every epoch. The diagnostics hold errors
 * where the outcome is undefined or `failed`.
 *
 * @example
 * ```ts
 * import { compileRun, generateDemo, startEngine, train } from 'unetc/runtime';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * await generateDemo('cells', { seed: 1, train: 4, val: 2, size: 32 });
 * const engine = await startEngine('wasm');
 * const { run } = compileRun('tiny.unet', text, { epochs: 1, batch: 2 });
 * const { value } = await train({
 *   ...{ run: run!, specPath: 'tiny.unet', data: 'cells', out: 'run', engine },
 *   onEvent: (event) => {
 *     if (event.kind === 'start') console.log(`${event.batches} batches in ${event.epochs} epoch`);
 *   },
 * });
 * console.log(value?.kind, value?.best?.epoch);
 * ```
 *
 * ```text
 * 2 batches in 1 epoch
 * finished 1
 * ```
 */
export async function train(options: TrainOptions): Promise<Result<TrainingOutcome | undefined>> {
  const problems = checkNetwork(options.run);
  if (hasErrors(problems)) return failed(problems);
  const locked = await lockRun(options.out);
  if ('diagnostic' in locked) return failed([...problems, locked.diagnostic]);
  const { lock } = locked;
  try {
    const { value, diagnostics } = await trainLocked(options, lock);
    return { value, diagnostics: [...problems, ...diagnostics] };
  } finally {
    lock.release();
  }
}

async function trainLocked(
  options: TrainOptions,
  lock: RunLock,
): Promise<Result<TrainingOutcome | undefined>> {
  const { run, out, resume, write = replaceFile } = options;
  const stored = resume === 'again' ? undefined : resume;
  const adopted = stored && (await options.adopt?.(stored));
  if (adopted !== undefined && hasErrors(adopted.diagnostics)) return failed(adopted.diagnostics);
  const last = adopted?.value ?? stored;
  const diagnostics: Diagnostic[] = [];
  const report = (found: readonly Diagnostic[]): boolean => {
    diagnostics.push(...found);
    return hasErrors(diagnostics);
  };
  const tolerate =
    options.allowChanges === true ? allowed : (found: readonly Diagnostic[]) => found;

  const before = last && (await checkRunParts(out, last));
  const opening =
    last === undefined
      ? await checkStart(options)
      : [...checkSameRun(out, last, run), ...before!.problems];
  if (report([...opening, ...tolerate(before?.bestProblems ?? [])])) return failed(diagnostics);

  // A run that was ended after its last epoch has nothing left to do, and nothing went wrong.
  if (last !== undefined && isComplete(last, run)) {
    const isTidy = !report(await clearLeftOvers(out));
    return isTidy ? { value: complete, diagnostics } : failed(diagnostics);
  }

  // Before the data, which may take minutes.
  const source = last === undefined ? options.weights : undefined;
  const loaded = source && (await loadWeights(run.model, source));
  if (report(loaded?.diagnostics ?? [])) return failed(diagnostics);

  const network = describeNetwork(run);
  const opened = await openRunData(
    options.data,
    run,
    network,
    last?.preprocessing.masks,
    options.signal,
  );
  // Nothing is written yet, and what was found is not all there is.
  if (options.signal?.aborted === true) return { value: notBegun, diagnostics: [] };
  if (report(opened.diagnostics) || opened.value === undefined) return failed(diagnostics);
  const { training, validation, summaries } = opened.value;
  options.onEvent?.({ kind: 'data', summaries, classes: run.recipe.classes });
  const { check = (data) => checkOwnMemory(run, network, data) } = options;
  if (report(check(opened.value))) return failed(diagnostics);
  const listing = listData(training.pairs, validation.pairs, summaries);
  const conditions: RunConditions = {
    unetc: version,
    tensorflow: tensorflowVersion(),
    engine: conditionOfEngine(options.engine),
    data: fingerprintOf(listing),
  };
  const hasOtherData = last !== undefined && last.conditions.data !== conditions.data;
  const topology = await describeTopology({ ...run.model, recipe: run.recipe });
  const unfit =
    last &&
    checkResumed(
      out,
      {
        ...{ last, best: before?.best },
        batches: hasOtherData ? undefined : countBatches(training, run.recipe.batch),
      },
      { run, network, topology },
    );
  if (report([...(unfit?.last ?? []), ...tolerate(unfit?.best ?? [])])) return failed(diagnostics);
  const changes = last && (await compareConditions(out, last.conditions, conditions, listing));
  if (report(tolerate(changes?.problems ?? []))) return failed(diagnostics);

  if (loaded?.value !== undefined) {
    options.onEvent?.({ kind: 'weights', summary: loaded.value.summary });
    const taker = { ...run.model, recipe: run.recipe };
    report(checkWeightFacts(taker, loaded.value, source!, 'training'));
  }

  if (last === undefined) report(checkFrozen(run.model, loaded?.value?.values));

  const id = last?.run ?? identifyRun(run.spec, conditions, loaded?.value?.values);
  const description = describeRun(options, id, conditions, loaded?.value);
  const content = { spec: run.spec.text, listing, description };
  if (report(await prepareRunFolder(out, last === undefined, content, write))) {
    return failed(diagnostics);
  }
  const isChanged = changes !== undefined && changes.what.length > 0;
  const isBestLost = [...(before?.bestProblems ?? []), ...(unfit?.best ?? [])].length > 0;
  const best = isBestLost ? undefined : before?.best;
  const isOutdated = best !== undefined && !isDeepStrictEqual(best.conditions, conditions);
  const resumed: ResumedRun | undefined = last && {
    last,
    // An epoch that is done again the same way finds the same best.
    best: isBestLost ? undefined : isChanged ? (best?.best ?? last.best) : last.best,
    outdated: isOutdated ? best : undefined,
    changes: changes?.what ?? [],
    hasOtherData,
  };
  if (diagnostics.length > 0) {
    options.onEvent?.({ kind: 'warnings', diagnostics: [...diagnostics] });
  }
  const { open = openSession } = options;
  const session = await open({
    ...{ run, network, topology, data: opened.value, out, lock, id, conditions, listing, write },
    resume: resumed,
    isAgain: resume === 'again',
    given: loaded?.value?.values,
    signal: options.signal,
    onEvent: options.onEvent ?? (() => undefined),
    turn: () => setImmediate(),
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

const openSession = (given: RunOptions): Promise<TrainingSession> =>
  TrainingSession.open(given, new RunRecorder(given, given.topology));

const notBegun: TrainingOutcome = { kind: 'not-begun', best: undefined };
const complete: TrainingOutcome = { kind: 'complete', best: undefined };

/** Reports a folder that no run can be started in, and weights that a run needs to start again. */
async function checkStart({ out, resume, weights }: TrainOptions): Promise<readonly Diagnostic[]> {
  const again = resume === 'again';
  const problems = await checkNewRunFolder(out, again);
  const read = again ? await readDescription(out) : undefined;
  const needed = read?.kind === 'read' ? read.description.weights : undefined;
  if (needed === undefined || weights !== undefined) return problems;
  const help = ['Nothing was trained yet: give "--weights" again, without "--resume".'];
  const parameters = { folder: out, weights: needed.file };
  return [
    ...problems,
    createDiagnostic('resume-needs-weights', parameters, { at: atFile(out), help }),
  ];
}

function describeRun(
  { run, specPath, data, engine, weights }: TrainOptions,
  id: string,
  conditions: RunConditions,
  loaded: LoadedWeights | undefined,
): RunDescription {
  const { text, imports, model, set, settings } = run.spec;
  const { path = '', encoderOnly = false, isPartial = false } = weights ?? {};
  return {
    ...{ kind: 'unetc-run', run: id, spec: specPath, text, ...(imports && { imports }) },
    ...{ model, set, settings, data },
    ...{ engine: engine.description, node: process.version, conditions },
    ...(loaded && { weights: loaded.summary, start: { path, encoderOnly, isPartial } }),
  };
}

function failed(diagnostics: readonly Diagnostic[]): Result<undefined> {
  return { value: undefined, diagnostics };
}
