import { join, resolve } from 'node:path';
import { createDiagnostic } from '../../diagnostics/report.js';
import { shellWord } from '../../files/index.js';
import type { MemberResult, SweepFile } from '../../runtime/sweeps/sweep-file.js';
import { defineCommand } from '../command.js';
import { interruptedCodes, type CommandContext, type ExitCode } from '../context.js';
import { threadsOption, trainingEngineOption } from '../engine-options.js';
import { setOption, specArgument } from '../one-model.js';
import { checkPythonWishes, pythonOptions } from '../python-options.js';
import { displayedPath, reportDiagnostics, reportUsage, wholeFile } from '../report.js';
import { readSpecs } from '../specs.js';
import { checkWeightWishes, weightOptions } from '../weights.js';

const { python, processes } = pythonOptions;
const usual = 'in place of what the spec says';

/** `unetc sweep SPEC --set NAME=VALUE,VALUE --data DIR --out DIR`: trains one spec with several values. */
export const sweepCommand = defineCommand({
  name: 'sweep',
  description:
    'Trains a spec with every combination of some values, each into a folder of its own in OUT,\n' +
    'one after the other. All members are compiled and checked with the data before the first one\n' +
    'trains. Prints a table with the best first; OUT/sweep.json holds it, OUT/comparison.html shows\n' +
    'the members side by side. A comma in brackets or quotes does not divide values:\n' +
    "--set 'widths=[8,16],[16,32]' gives two lists.",
  arguments: [specArgument],
  options: {
    data: {
      kind: 'text',
      value: 'DIR',
      required: true,
      help: 'the folder of images and masks, or shards',
    },
    out: {
      kind: 'text',
      value: 'OUT',
      required: true,
      help: 'the folder for the sweep, a new one',
    },
    set: { ...setOption, value: 'NAME=VALUE,VALUE', help: 'values of a parameter' },
    folds: { kind: 'flag', help: 'every fold of a recipe that divides by folds, with their mean' },
    epochs: { kind: 'integer', value: 'N', minimum: 1, help: usual },
    batch: { kind: 'integer', value: 'N', minimum: 1, help: usual },
    seed: { kind: 'integer', value: 'N', minimum: 0, help: usual },
    engine: trainingEngineOption,
    threads: {
      ...threadsOption,
      help: 'threads of the engine or of a process of PyTorch, 1 unless given',
    },
    python,
    processes,
    model: { kind: 'text', value: 'NAME', help: 'the model to train when the spec holds several' },
    ...weightOptions,
    resume: {
      kind: 'flag',
      help: 'go on with the sweep in OUT: what is complete is not trained again',
    },
    'dry-run': { kind: 'flag', help: 'check and list the members, and train none' },
    json: { kind: 'flag', help: 'print the table as one JSON object on stdout' },
  },
  examples: [
    {
      call: 'unetc sweep cells.unet --set base=8,16 --set lr=1e-3,3e-3 --data cells --out sweeps/a',
      remark: 'four trainings',
    },
    {
      call: 'unetc sweep cells.unet --folds --data cells --out sweeps/folds',
      remark: 'cross-validation',
    },
  ],
  async run({ arguments: [path], options }, context) {
    const { planMembers, readVariation } = await import('./sweep/plan-members.js');
    const read = readVariation(options.set, options.folds);
    const nodes = { nodes: undefined, 'node-rank': undefined, rendezvous: undefined };
    const wishes = { ...options, ...nodes, 'allow-changes': false };
    const wrong = [
      ...('diagnostics' in read ? read.diagnostics : []),
      ...checkPythonWishes(wishes),
      ...checkWeightWishes(options),
    ];
    if ('diagnostics' in read || wrong.length > 0) return reportUsage(wrong, context, 'sweep');
    const found = await readSpecs([path!], context);
    const [file] = found.sources;
    if (file === undefined || found.diagnostics.length > 0) {
      return reportDiagnostics(found.diagnostics, context);
    }
    const { folds, model, epochs, batch, seed, weights, partial } = options;
    const common = { folds, model, epochs, batch, seed, weights: { weights, partial } };
    const planned = planMembers(file, read.variation, common, context);
    if (planned === undefined) return 1;
    const out = resolve(context.folder, options.out);
    const before = await openFolder(out, options.resume, context);
    if (before === undefined) return 1;

    const { awaitInterruption } = await import('../train-run.js');
    const { checkMembers, trainMembers } = await import('./sweep/train-members.js');
    const { renderPlan, renderSweep } = await import('./sweep/render-sweep.js');
    const { lockRun } = await import('../../runtime/runs/run-lock.js');
    const { signal, cause, forget } = awaitInterruption(context);
    const data = resolve(context.folder, options.data);
    const call = { spec: file.path, data, out, engine: options.engine, python: wishes, signal };
    const locked = options['dry-run'] ? undefined : await lockRun(out);
    if (locked !== undefined && 'diagnostic' in locked) {
      forget();
      return reportDiagnostics([locked.diagnostic], context);
    }
    try {
      const ready = await checkMembers(planned, call, context);
      if (signal.aborted) {
        context.stderr.line('stopped before the first step; nothing was written');
        return interruptedCodes[cause()];
      }
      if (ready === undefined) return 1;
      if (options['dry-run']) {
        context.stdout.write(renderPlan(ready.members));
        return 0;
      }
      const ended = await trainMembers(ready, before, call, context);
      if (ended === undefined) return 1;
      if (options.json) context.stdout.json(ended.sweep);
      else context.stdout.write(renderSweep(ended.sweep));
      await compare(ended.sweep, out, context);
      tellNext(ended.sweep, options.out, context);
      if (ended.isStopped) {
        context.stderr.line('Go on with the same call and "--resume".');
        return interruptedCodes[cause()];
      }
      return reportFailed(ended.sweep, out, context);
    } finally {
      locked?.lock.release();
      forget();
    }
  },
});

/** What an earlier call has left in the folder of a sweep; undefined where it cannot be used, which is reported. */
async function openFolder(
  out: string,
  resumes: boolean,
  context: CommandContext,
): Promise<readonly MemberResult[] | undefined> {
  const { checkNewSweepFolder, readSweep } = await import('../../runtime/sweeps/sweep-file.js');
  if (!resumes) {
    const taken = checkNewSweepFolder(out);
    if (taken.length > 0) reportDiagnostics(taken, context);
    return taken.length > 0 ? undefined : [];
  }
  const { value, diagnostics } = await readSweep(out);
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  return value?.members;
}

/** Makes the page that shows the members side by side, those with an epoch; what keeps it from that is told. */
async function compare(
  { members }: SweepFile,
  out: string,
  context: CommandContext,
): Promise<void> {
  const { writeComparison } = await import('../../runtime/report/write-report.js');
  const folders = members.flatMap(({ name, epochs }) => (epochs > 0 ? [join(out, name)] : []));
  if (folders.length === 0) return;
  const { value, diagnostics } = await writeComparison(folders, join(out, 'comparison.html'));
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  if (value !== undefined)
    context.stderr.line(`comparison: ${displayedPath(value, context.folder)}`);
}

/** Says what paints masks with what was trained. */
function tellNext({ members, folds }: SweepFile, out: string, { stderr }: CommandContext): void {
  const [best] = members;
  if (best?.state !== 'complete') return;
  const call = (path: string): string => `unetc predict ${shellWord(path)} IMAGE... --out DIR`;
  stderr.line(`Predict with the best member: ${call(join(out, best.name))}`);
  if (folds?.length === 1) stderr.line(`Predict with the mean of all folds: ${call(out)}`);
}

function reportFailed({ members }: SweepFile, out: string, context: CommandContext): ExitCode {
  const failed = members.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return 0;
  const names = failed.map(({ name }) => `"${name}"`).join(', ');
  const parameters = { failed: failed.length, members: members.length, names };
  const help = [
    'The same call with "--resume" tries them again; "sweep.json" says what ended each.',
  ];
  const at = wholeFile(out);
  return reportDiagnostics(
    [createDiagnostic('sweep-members-failed', parameters, { at, help })],
    context,
  );
}
