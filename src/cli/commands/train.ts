import { resolve } from 'node:path';
import { shellWord } from '../../files/index.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { classifiesImages, mainHead } from '../../ir/graph-heads.js';
import type { Checkpoint } from '../../runtime/runs/checkpoint.js';
import type { EngineName } from '../../runtime/engines/engine.js';
import type { CompiledRun, RunWishes } from '../../runtime/training/run-spec.js';
import type { TrainOptions } from '../../runtime/training/train-options.js';
import type { PythonStart } from '../python-engine.js';
import { defineCommand } from '../command.js';
import type { CommandContext, ExitCode, Interruption } from '../context.js';
import {
  startChosenEngine,
  tellEngine,
  threadsOption,
  trainingEngineOption,
} from '../engine-options.js';
import { checkPythonWishes, pythonOptions } from '../python-options.js';
import { createResolver } from '../../project/imports.js';
import { parseSettings, setOption, specArgument } from '../one-model.js';
import { nowhere, reportDiagnostics, reportUsage } from '../report.js';
import { readSpecs } from '../specs.js';
import { conclude, createWatcher } from '../training-output.js';
import { checkWatchWishes, startWatchers, watchOptions } from '../training-watchers.js';
import { checkWeightWishes, weightOptions, weightSourceOf, type WeightWishes } from '../weights.js';

/** `unetc train SPEC --data DIR --out RUN`: trains a network on a folder of images and masks. */
export const trainCommand = defineCommand({
  name: 'train',
  description:
    'Trains a network on images and masks: DIR holds train/{images,masks} and val/{images,masks}.\n' +
    'All files are checked before the first step. Ctrl-C ends after the step under way, with a\n' +
    'checkpoint to resume from. The same spec, data and seed give the same weights, bit for bit.',
  arguments: [specArgument],
  options: {
    data: {
      kind: 'text',
      value: 'DIR',
      required: true,
      help: 'the folder of images and masks, or shards',
    },
    out: { kind: 'text', value: 'RUN', required: true, help: 'the folder for the run, a new one' },
    epochs: { kind: 'integer', value: 'N', minimum: 1, help: 'in place of what the spec says' },
    batch: { kind: 'integer', value: 'N', minimum: 1, help: 'in place of what the spec says' },
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
      ...checkPythonWishes(options),
      ...checkWatchWishes(options),
    ];
    if (wrong.length > 0) return reportUsage(wrong, context, 'train');
    const found = await readSpecs([path!], context);
    const [file] = found.sources;
    if (file === undefined || found.diagnostics.length > 0) {
      return reportDiagnostics(found.diagnostics, context);
    }
    const { model, epochs, batch, seed } = options;
    const resolveImport = createResolver(file.path, context);
    const wishes: RunWishes = {
      ...{ set: settings.set, resolve: resolveImport },
      ...{ model, epochs, batch, seed },
    };
    const { compileRun } = await import('../../runtime/training/run-spec.js');
    const out = resolve(context.folder, options.out);
    const last = options.resume ? await openLast(out, context) : undefined;
    if (options.resume && last === undefined) return 1;
    const settingsBefore = last === 'again' ? {} : last?.spec.settings;
    const { run, sources, diagnostics } = compileRun(file.path, file.text, {
      ...settingsBefore,
      ...withoutUndefined(wishes),
    });
    if (diagnostics.length > 0) reportDiagnostics(diagnostics, context, { sources });
    if (run === undefined) return 1;
    const chosen = weightSourceOf(file.path, run.model, options, context);
    if ('diagnostics' in chosen) return reportDiagnostics(chosen.diagnostics, context, { sources });
    const { trainingEngine } = await import('../engines/training-engine.js');
    const engine = await trainingEngine(options.engine, run, last, context);
    if (last !== undefined && last !== 'again') {
      const problem = checkKind(out, last, engine.name);
      if (problem !== undefined) return reportDiagnostics([problem], context);
    }
    const data = resolve(context.folder, options.data);
    const { 'node-rank': rank = 0 } = options;
    if (rank > 0) return followNode(run, { ...options, data, out, spec: file.path }, context);
    const wishesOfPython = { ...options, data, out, spec: file.path };
    const started =
      engine.name === 'pytorch'
        ? await startPython(run, wishesOfPython, context)
        : await startOwn(engine.name, engine.reason, options.threads ?? engine.threads, context);
    if (started === undefined) return 1;

    const { train } = await import('../../runtime/training/train.js');
    const watch = createWatcher(context.stderr);
    const watchers = await startWatchers(out, options, context);
    const reported = new Set<Diagnostic>();
    const controller = new AbortController();
    let interruption: Interruption = 'SIGINT';
    const forget = context.onInterrupt((signal) => {
      interruption = signal;
      const again = signal === 'SIGINT' ? '; press Ctrl-C again to stop at once' : '';
      context.stderr.write(`\nstopping when the step under way is written down${again}\n`);
      controller.abort();
    });
    try {
      const result = await train({
        run,
        ...started,
        data,
        out,
        specPath: file.path,
        weights: chosen.source,
        resume: last,
        allowChanges: options['allow-changes'],
        signal: controller.signal,
        onEvent: (event) => {
          for (const watcher of watchers) watcher.tell(event);
          if (event.kind !== 'warnings') watch(event);
          else {
            for (const each of event.diagnostics) reported.add(each);
            reportDiagnostics(event.diagnostics, context, { sources });
          }
        },
      });
      const unreported = result.diagnostics.filter((each) => !reported.has(each));
      if (unreported.length > 0) reportDiagnostics(unreported, context, { sources });
      const ended = { data, signal: controller.signal, trained: engine.name };
      if (run.recipe.post.threshold === 'found') {
        const { findThreshold } = await import('../find-threshold.js');
        await findThreshold(result.value, out, ended, context);
      }
      const { reportOutcome } = await import('../run-report.js');
      await reportOutcome(result.value, out, ended, context);
      const paints = !classifiesImages(run.model.graph, mainHead(run.model.graph));
      return conclude(result.value, paints, options.out, interruption, context);
    } finally {
      for (const watcher of watchers) await watcher.close();
      forget();
    }
  },
});

/** Our own engine, which is started. */
async function startOwn(
  engine: EngineName,
  reason: string | undefined,
  threads: number | undefined,
  context: CommandContext,
): Promise<Pick<TrainOptions, 'engine'> | undefined> {
  const started = await startChosenEngine({ engine, threads }, context);
  if (started !== undefined && reason !== undefined) tellEngine(started, reason, context);
  return started && { engine: started };
}

async function startPython(
  run: CompiledRun,
  wishes: PythonStart,
  context: CommandContext,
): Promise<Pick<TrainOptions, 'engine' | 'check' | 'open' | 'adopt'> | undefined> {
  const { startPythonEngine } = await import('../python-engine.js');
  return startPythonEngine(run, wishes, context);
}

async function followNode(
  run: CompiledRun,
  wishes: PythonStart,
  context: CommandContext,
): Promise<ExitCode> {
  const { followFirstNode } = await import('../python-engine.js');
  return followFirstNode(run, wishes, context);
}

/** What keeps an engine from going on with a run of another kind of engine. */
function checkKind(folder: string, last: Checkpoint, given: string): Diagnostic | undefined {
  const stored = last.conditions.engine;
  if ((stored === 'pytorch') === (given === 'pytorch')) return undefined;
  const help = [
    `Give "--engine ${stored}", or start a new run from its weights: "--weights ${shellWord(folder)}".`,
  ];
  const parameters = { folder, stored, given };
  return createDiagnostic('resume-by-other-kind', parameters, { at: nowhere, help });
}

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
