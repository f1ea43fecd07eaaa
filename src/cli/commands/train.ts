import { resolve } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { classifiesImages, mainHead } from '../../ir/graph-heads.js';
import type { Checkpoint } from '../../runtime/runs/checkpoint.js';
import type { CompiledRun, RunCompilation, RunWishes } from '../../runtime/training/run-spec.js';
import type { PythonStart } from '../python-engine.js';
import { defineCommand } from '../command.js';
import type { CommandContext, ExitCode } from '../context.js';
import { threadsOption, trainingEngineOption } from '../engine-options.js';
import { checkPythonWishes, pythonOptions } from '../python-options.js';
import {
  batchOptions,
  checkBatchEngine,
  checkBatchWishes,
  chooseLargestBatch,
} from '../largest-batch.js';
import { parseSettings, setOption } from '../one-model.js';
import { nowhere, reportDiagnostics, reportUsage } from '../report.js';
import { readOrigin } from '../run-origin.js';
import { awaitInterruption, checkEngineKind, startTrainer, trainRun } from '../train-run.js';
import { conclude } from '../training-output.js';
import {
  checkWatchWishes,
  startWatchers,
  watchOptions,
  type TrainingWatcher,
} from '../training-watchers.js';
import { checkWeightWishes, weightOptions, weightSourceOf, type WeightWishes } from '../weights.js';

/** `unetc train SPEC --data DIR --out RUN`: trains a network on a folder of images and masks. */
export const trainCommand = defineCommand({
  name: 'train',
  description:
    'Trains a network on images and masks: DIR holds train/{images,masks} and val/{images,masks}.\n' +
    'All files are checked before the first step. Ctrl-C ends after the step under way, with a\n' +
    'checkpoint to resume from. The same spec, data and seed give the same weights, bit for bit.',
  arguments: [
    {
      name: 'SPEC',
      help: 'a spec, "-" for standard input, or the run.json of a run, which is made again',
    },
  ],
  options: {
    data: {
      kind: 'text',
      value: 'DIR',
      required: true,
      help: 'the folder of images and masks, or shards',
    },
    out: { kind: 'text', value: 'RUN', required: true, help: 'the folder for the run, a new one' },
    epochs: { kind: 'integer', value: 'N', minimum: 1, help: 'in place of what the spec says' },
    ...batchOptions,
    seed: { kind: 'integer', value: 'N', minimum: 0, help: 'in place of what the spec says' },
    engine: trainingEngineOption,
    threads: {
      ...threadsOption,
      help: 'threads of the engine or of a process of PyTorch, 1 unless given',
    },
    ...pythonOptions,
    set: setOption,
    model: { kind: 'text', value: 'NAME', help: 'the model to train when the spec holds several' },
    ...weightOptions,
    ...watchOptions,
    resume: { kind: 'flag', help: 'go on with the run in RUN from its last checkpoint' },
    'allow-changes': {
      kind: 'flag',
      help: 'with --resume: data, engine or version may have changed',
    },
  },
  examples: [
    {
      call: 'unetc train cells.unet --data cells --out runs/cells',
      remark: 'checkpoints "best" and "last" in runs/cells',
    },
    {
      call: 'unetc train cells.unet --data cells --out runs/cells --resume',
      remark: 'go on after Ctrl-C, to the same bits',
    },
    {
      call: 'unetc train runs/cells/run.json --data cells --out runs/again',
      remark: 'the same run once more, without its spec',
    },
    {
      call: 'unetc train cells.unet --data cells --out c --engine pytorch --processes 2',
      remark: 'by PyTorch, on two GPUs',
    },
    {
      call: 'unetc train net.unet --data cells --out b --weights r18.h5',
      remark: 'from pretrained weights',
    },
  ],
  async run({ arguments: [path], options }, context) {
    const settings = parseSettings(options.set);
    if ('diagnostics' in settings) return reportUsage(settings.diagnostics, context, 'train');
    const wrong = [
      ...checkWishes(options),
      ...checkBatchWishes(options),
      ...checkPythonWishes(options),
      ...checkWatchWishes(options),
    ];
    if (wrong.length > 0) return reportUsage(wrong, context, 'train');
    const origin = await readOrigin(path!, context);
    if ('diagnostics' in origin) return reportDiagnostics(origin.diagnostics, context);
    const { file } = origin;
    const { model, epochs, seed } = options;
    const set = { ...origin.wishes.set, ...settings.set };
    const { compileRun } = await import('../../runtime/training/run-spec.js');
    const out = resolve(context.folder, options.out);
    const last = options.resume ? await openLast(out, context) : undefined;
    if (options.resume && last === undefined) return 1;
    const settingsBefore = last === 'again' ? {} : last?.spec.settings;
    const compile = (batch: number | undefined): RunCompilation => {
      const wishes: RunWishes = { set, model, epochs, batch, seed };
      return compileRun(file.path, file.text, {
        ...origin.wishes,
        ...settingsBefore,
        ...withoutUndefined(wishes),
      });
    };
    // A run that goes on has its batch.
    const isLargest = options.batch === 'largest' && typeof last !== 'object';
    const compiled = compile(options.batch === 'largest' ? undefined : options.batch);
    const { sources } = compiled;
    const tell = ({ diagnostics }: RunCompilation): void => {
      if (diagnostics.length > 0) reportDiagnostics(diagnostics, context, { sources });
    };
    // What is told of a batch waits until it is chosen.
    if (compiled.run === undefined || !isLargest) tell(compiled);
    if (compiled.run === undefined) return 1;
    let run: CompiledRun = compiled.run;
    const chosen =
      origin.weights === undefined || options.weights !== undefined
        ? weightSourceOf(file.path, run.model, options, context)
        : { source: origin.weights };
    if ('diagnostics' in chosen) return reportDiagnostics(chosen.diagnostics, context, { sources });
    const { trainingEngine } = await import('../engines/training-engine.js');
    const before = typeof last === 'object' ? last : origin.before;
    const engine = await trainingEngine(options.engine, run, before, context);
    const otherKind = checkEngineKind(out, last, engine.name);
    const unknown = isLargest ? checkBatchEngine(engine.name, options.memory) : [];
    const unfit = [...otherKind, ...unknown];
    if (unfit.length > 0) return reportDiagnostics(unfit, context);
    const data = resolve(context.folder, options.data);
    const { 'node-rank': rank = 0 } = options;
    const python = { ...options, data, out, spec: file.path };
    if (rank > 0) return followNode(run, python, context);
    const trainer = await startTrainer(engine, run, python, context);
    if (trainer === undefined) return 1;
    const { signal, cause, forget } = awaitInterruption(context);
    let watchers: readonly TrainingWatcher[] = [];
    try {
      if (isLargest) {
        const { memory } = options;
        const wanted = { run, data, memory, signal };
        const batch = await chooseLargestBatch(wanted, context);
        if (signal.aborted) return conclude(notBegun, false, options.out, cause(), context);
        if (batch === undefined) return 1;
        const again = compile(batch);
        tell(again);
        if (again.run === undefined) return 1;
        run = again.run;
      }
      watchers = await startWatchers(out, options, context);
      const { outcome } = await trainRun(
        {
          ...{ run, sources, data, out, trainer, watchers, signal, specPath: file.path },
          ...{ weights: chosen.source, resume: last, allowChanges: options['allow-changes'] },
        },
        context,
      );
      const paints = !classifiesImages(run.model.graph, mainHead(run.model.graph));
      return conclude(outcome, paints, options.out, cause(), context);
    } finally {
      for (const watcher of watchers) await watcher.close();
      forget();
    }
  },
});

async function followNode(
  run: CompiledRun,
  wishes: PythonStart,
  context: CommandContext,
): Promise<ExitCode> {
  const { followFirstNode } = await import('../python-engine.js');
  return followFirstNode(run, wishes, context);
}

const notBegun = { kind: 'not-begun', best: undefined } as const;

/** Reports options that make no sense together. */
function checkWishes(
  options: WeightWishes & { readonly resume: boolean; readonly 'allow-changes': boolean },
): readonly Diagnostic[] {
  const reporter = new Reporter();
  if (options.resume && options.weights !== undefined) {
    const parameters = { first: '--resume', second: '--weights' };
    reporter.report('options-exclude', parameters, { at: nowhere });
  }
  if (options['allow-changes'] && !options.resume) {
    const parameters = { option: '--allow-changes', other: '--resume' };
    reporter.report('option-needs-other', parameters, { at: nowhere });
  }
  return [...reporter.diagnostics, ...checkWeightWishes(options)];
}

function withoutUndefined(wishes: RunWishes): RunWishes {
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
}

/** What to go on from; undefined, with the reason told, where there is nothing. */
async function openLast(
  out: string,
  context: CommandContext,
): Promise<Checkpoint | 'again' | undefined> {
  const { readLast } = await import('../../runtime/training/resume.js');
  const { value, diagnostics } = await readLast(out);
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  return value;
}
