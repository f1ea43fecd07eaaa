import { join, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../diagnostics/report.js';
import { isFile, isFolder } from '../files/index.js';
import type { TrainedRun } from '../runtime/prediction/open-run.js';
import type { CommandContext } from './context.js';
import { startPredictionEngine } from './engine-options.js';
import { nowhere, reportDiagnostics, wholeFile } from './report.js';
import {
  checkNetworkWishes,
  networkArgument,
  openNetwork,
  openRunFolder,
  originOf,
  type NetworkWishes,
  type OpenedNetwork,
} from './trained-network.js';

/** The networks of a call, and its arguments that come behind them. */
export interface NamedNetworks {
  readonly networks: readonly string[];
  readonly rest: readonly string[];
}

/** Files that tell the folder of a run, or of a sweep, from one of images. */
const ofRuns = ['run.json', 'sweep.json', join('best', 'model.json'), join('last', 'model.json')];

/** Divides arguments `RUN... OTHER...`: the first is a network, and so are runs that follow it. */
export function splitNetworks(given: readonly string[], { folder }: CommandContext): NamedNetworks {
  const isRun = (path: string): boolean => {
    const place = resolve(folder, path);
    return isFolder(place) && ofRuns.some((name) => isFile(join(place, name)));
  };
  const end = given.findIndex((path, at) => at > 0 && !isRun(path));
  const count = end < 0 ? given.length : end;
  return { networks: given.slice(0, count), rest: given.slice(count) };
}

/** Whether arguments name more than one network: several of them, or a sweep. */
export const areSeveral = (given: readonly string[], { folder }: CommandContext): boolean =>
  given.length > 1 || given.some((path) => isSweep(resolve(folder, path)));

const isSweep = (folder: string): boolean => isFile(join(folder, 'sweep.json'));

/** The argument of commands that take several networks. */
export const networksArgument = { ...networkArgument, repeated: true } as const;

/** Reports options that do not go with what the arguments name. */
export function checkNetworksWishes(
  given: readonly string[],
  wishes: NetworkWishes,
  context: CommandContext,
): readonly Diagnostic[] {
  if (!areSeveral(given, context)) return checkNetworkWishes(given[0]!, wishes, context);
  const reporter = new Reporter();
  const { weights, set, model } = wishes;
  const options = { '--weights': weights, '--set': set[0], '--model': model };
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined) reporter.report('ensemble-of-runs', { option }, { at: nowhere });
  }
  return reporter.diagnostics;
}

/**
 * Starts an engine and opens the networks of a call, their wishes checked: one, or several runs
 * whose mean is predicted; a sweep stands for its members. Undefined when a failure was reported.
 */
export async function openNetworks(
  given: readonly string[],
  wishes: NetworkWishes,
  context: CommandContext,
): Promise<OpenedNetwork | undefined> {
  const folders = await expandSweeps(given, context);
  if (folders === undefined) return undefined;
  if (folders.length === 1) return openNetwork(folders[0]!, wishes, context);
  const runs: TrainedRun[] = [];
  for (const folder of folders) {
    const run = await openRunFolder(folder, wishes, context);
    if (run === undefined) return undefined;
    runs.push(run);
  }
  const { ensembleOf } = await import('../runtime/prediction/ensemble.js');
  const { value: trained, diagnostics } = await ensembleOf(runs);
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  if (trained === undefined) return undefined;
  const engine = await startPredictionEngine(trained.run, wishes, context);
  if (engine === undefined) return undefined;
  context.stderr.line(`the mean of ${runs.length} runs`);
  return { trained, ...engine, origin: { runs: runs.map(originOf) } };
}

/** Folders of runs, each once, with the complete members in the place of a sweep; undefined when a failure was reported. */
async function expandSweeps(
  given: readonly string[],
  context: CommandContext,
): Promise<readonly string[] | undefined> {
  // What a single argument is, a spec perhaps, is left to others.
  if (!areSeveral(given, context)) return given;
  const folders: string[] = [];
  for (const path of given) {
    const folder = resolve(context.folder, path);
    if (!isSweep(folder)) folders.push(folder);
    else {
      const members = await completeMembers(folder, context);
      if (members === undefined) return undefined;
      folders.push(...members);
    }
  }
  return [...new Set(folders)];
}

async function completeMembers(
  folder: string,
  context: CommandContext,
): Promise<readonly string[] | undefined> {
  const { readSweep } = await import('../runtime/sweeps/sweep-file.js');
  const { value, diagnostics } = await readSweep(folder);
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  if (value === undefined) return undefined;
  const { members } = value;
  const complete = members.filter(({ state }) => state === 'complete');
  if (complete.length === 0) {
    const parameters = { folder, members: members.length };
    const help = ['Train them to their end: "unetc sweep" with "--resume".'];
    const at = wholeFile(folder);
    reportDiagnostics([createDiagnostic('sweep-without-runs', parameters, { at, help })], context);
    return undefined;
  }
  const left = members.length - complete.length;
  if (left > 0)
    context.stderr.line(
      `left out, for they are not complete: ${left} of ${members.length} members`,
    );
  return complete.map(({ name }) => join(folder, name));
}
