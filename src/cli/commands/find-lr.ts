import { resolve } from 'node:path';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { RateSearch } from '../../runtime/training/rate-search.js';
import { numberOption } from '../../runtime/call-options.js';
import { defineCommand } from '../command.js';
import { interruptedCodes, type CommandContext } from '../context.js';
import {
  startChosenEngine,
  tellEngine,
  threadsOption,
  trainingEngineOption,
  type EngineChoice,
} from '../engine-options.js';
import { parseSettings, setOption } from '../one-model.js';
import { displayedPath, nowhere, reportDiagnostics, reportUsage } from '../report.js';
import { readOrigin } from '../run-origin.js';
import { renderColumns } from '../table.js';
import { checkWeightWishes, weightOptions, weightSourceOf } from '../weights.js';

/** Steps, and rates, unless given: ten or more steps for a tenfold rate. */
const usual = { steps: 100, from: 1e-6, to: 10 } as const;

/** Lines of the printed table, about: the page has all steps. */
const lines = 20;

/** `unetc find-lr SPEC --data DIR`: suggests a learning rate. */
export const findLrCommand = defineCommand({
  name: 'find-lr',
  description:
    'Trains some steps of the real recipe while the learning rate grows by a constant factor, until\n' +
    'the loss breaks, and suggests the rate at which the smoothed loss falls fastest. No run is\n' +
    'written and no weights are kept: a table is printed, and a page shows the curve.',
  arguments: [{ name: 'SPEC', help: 'a spec, "-" for standard input, or the run.json of a run' }],
  options: {
    data: {
      kind: 'text',
      value: 'DIR',
      required: true,
      help: 'the folder of images and masks, or shards',
    },
    out: { kind: 'text', value: 'FILE', help: 'the page; learning-rate.html unless given' },
    steps: {
      kind: 'integer',
      value: 'N',
      minimum: 10,
      help: `steps at most; ${usual.steps} unless given`,
    },
    from: { kind: 'text', value: 'RATE', help: `the first rate; ${usual.from} unless given` },
    to: { kind: 'text', value: 'RATE', help: `the last rate; ${usual.to} unless given` },
    batch: { kind: 'integer', value: 'N', minimum: 1, help: 'in place of what the spec says' },
    seed: { kind: 'integer', value: 'N', minimum: 0, help: 'in place of what the spec says' },
    engine: trainingEngineOption,
    threads: threadsOption,
    set: setOption,
    model: { kind: 'text', value: 'NAME', help: 'the model to train when the spec holds several' },
    ...weightOptions,
    json: { kind: 'flag', help: 'print all steps as one JSON object on stdout' },
  },
  examples: [
    { call: 'unetc find-lr cells.unet --data cells', remark: 'a table, and learning-rate.html' },
  ],
  async run({ arguments: [path], options }, context) {
    const settings = parseSettings(options.set);
    const range = readRange(options);
    const wrong = [
      ...('diagnostics' in settings ? settings.diagnostics : []),
      ...('diagnostics' in range ? range.diagnostics : []),
      ...checkEngine(options.engine),
      ...checkWeightWishes(options),
    ];
    if ('diagnostics' in settings || 'diagnostics' in range || wrong.length > 0) {
      return reportUsage(wrong, context, 'find-lr');
    }
    const origin = await readOrigin(path!, context);
    if ('diagnostics' in origin) return reportDiagnostics(origin.diagnostics, context);
    const { file, wishes: own } = origin;
    const { compileRun } = await import('../../runtime/training/run-spec.js');
    const { model = own.model, batch = own.batch, seed = own.seed } = options;
    const set = { ...own.set, ...settings.set };
    const compiled = compileRun(file.path, file.text, { ...own, set, model, batch, seed });
    const { run, sources, diagnostics } = compiled;
    if (diagnostics.length > 0) reportDiagnostics(diagnostics, context, { sources });
    if (run === undefined) return 1;
    const chosen = weightSourceOf(file.path, run.model, options, context);
    if ('diagnostics' in chosen) return reportDiagnostics(chosen.diagnostics, context, { sources });
    const { trainingEngine } = await import('../engines/training-engine.js');
    const { awaitInterruption } = await import('../train-run.js');
    const { name: engine, reason } = await trainingEngine(options.engine, run, undefined, context);
    if (engine === 'pytorch') throw new Error('PyTorch was chosen unasked');
    const started = await startChosenEngine({ engine, threads: options.threads }, context);
    if (started === undefined) return 1;
    if (reason !== undefined) tellEngine(started, reason, context);
    const { signal, cause, forget } = awaitInterruption(context);
    const { steps = usual.steps } = options;
    try {
      const { searchRate } = await import('../../runtime/training/rate-search.js');
      const { value, diagnostics: found } = await searchRate({
        ...{ run, data: resolve(context.folder, options.data), weights: chosen.source },
        ...{ ...range, steps, signal },
        onStep: (done, { rate, loss }) =>
          context.stderr.status(
            `step ${done}/${steps}  rate ${rate.toExponential(1)}  loss ${loss.toFixed(4)}`,
          ),
      });
      context.stderr.status('');
      if (found.length > 0) reportDiagnostics(found, context, { sources });
      if (signal.aborted) return interruptedCodes[cause()];
      if (value === undefined) return 1;
      const { writeRates } = await import('../../runtime/report/write-report.js');
      const page = resolve(context.folder, options.out ?? 'learning-rate.html');
      const rate = numberOption(run.recipe.optimizer, 'lr');
      const about = { model: run.model.name, own: rate, batch: run.recipe.batch };
      const written = await writeRates(value, about, page);
      if (written.diagnostics.length > 0) reportDiagnostics(written.diagnostics, context);
      else context.stderr.line(`page: ${displayedPath(page, context.folder)}`);
      if (options.json) context.stdout.json(toJson(value));
      else context.stdout.write(renderTable(value));
      await conclude(value, rate, range, context);
      return written.value === undefined ? 1 : 0;
    } finally {
      forget();
    }
  },
});

/** PyTorch trains in another process, whose rate nobody changes from step to step. */
function checkEngine(engine: EngineChoice | undefined): readonly Diagnostic[] {
  if (engine !== 'pytorch') return [];
  const help = [
    'A rate that is found here holds there, too: weights, batches and optimizer are the same.',
  ];
  return [createDiagnostic('rate-search-elsewhere', { engine }, { at: nowhere, help })];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function readRange(given: {
  readonly from: string | undefined;
  readonly to: string | undefined;
}): Range | { readonly diagnostics: readonly Diagnostic[] } {
  const reporter = new Reporter();
  const read = (name: 'from' | 'to'): number => {
    const value = given[name];
    if (value === undefined) return usual[name];
    const rate = Number(value);
    if (Number.isFinite(rate) && rate > 0) return rate;
    const parameters = { option: `--${name}`, value, expected: 'a number above 0, as 1e-6' };
    reporter.report('command-option-bad-value', parameters, { at: nowhere });
    return usual[name];
  };
  const range = { from: read('from'), to: read('to') };
  if (range.from >= range.to && !reporter.hasErrors) {
    reporter.report('rate-range-empty', range, { at: nowhere });
  }
  return reporter.hasErrors ? { diagnostics: reporter.diagnostics } : range;
}

/** Every few steps, with those that matter. */
function renderTable({ points, steepest, lowest }: RateSearch): string {
  const every = Math.max(1, Math.ceil(points.length / lines));
  const shown = points.filter(
    (point, at) =>
      at % every === 0 || point === steepest || point === lowest || at === points.length - 1,
  );
  const rows = shown.map((point) => [
    point.rate.toExponential(1),
    point.loss.toFixed(4),
    point.smoothed.toFixed(4),
    point === steepest ? 'steepest fall' : point === lowest ? 'lowest' : '',
  ]);
  const head = ['rate', 'loss', 'smoothed', ''];
  return renderColumns([head, ...rows], ['right', 'right', 'right', 'left']);
}

async function conclude(
  { steepest, broken }: RateSearch,
  own: number,
  { from, to }: Range,
  context: CommandContext,
): Promise<void> {
  const { shortRate } = await import('../../runtime/report/render/render-rates.js');
  const { stderr } = context;
  if (broken !== undefined) stderr.line(`the loss broke at ${shortRate(broken)}`);
  if (steepest !== undefined) {
    stderr.line(
      `suggested learning rate: ${shortRate(steepest.rate)}; the recipe has ${shortRate(own)}`,
    );
    return;
  }
  const help = ['Give more "--steps", or another range: "--from" and "--to".'];
  const parameters = { from: shortRate(from), to: shortRate(broken ?? to) };
  reportDiagnostics(
    [createDiagnostic('rate-not-found', parameters, { at: nowhere, help })],
    context,
  );
}

/** All steps, in the words of the page. */
const toJson = ({ points, steepest, lowest, broken }: RateSearch): unknown => ({
  suggested: steepest?.rate ?? null,
  lowest: lowest.rate,
  broken: broken ?? null,
  steps: points.map(({ rate, loss, smoothed }) => ({ rate, loss, smoothed })),
});
