import { join } from 'node:path';
import { isLowerBetter } from '../../ir/metric-options.js';
import { costOf } from '../../ir/reports/cost.js';
import { readCurves } from '../report/gather/read-curves.js';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import { isComplete } from '../training/resume.js';
import type { CompiledRun } from '../training/run-spec.js';
import type { Member } from './members.js';
import type { FoldsResult, MemberResult, SweepFile } from './sweep-file.js';

/** A member that compiles. */
export interface CompiledMember extends Member {
  readonly run: CompiledRun;
}

/**
 * What the run of a member says of it.
 *
 * @param folder that of the sweep.
 * @param problem what ended it in this call, where it failed.
 */
export async function resultOf(
  folder: string,
  { run, ...member }: CompiledMember,
  problem?: string,
): Promise<MemberResult> {
  const out = join(folder, member.name);
  const { value: last } = await readCheckpoint(out, 'last');
  const { parameters: weights } = costOf(run.model.graph, [], []);
  const common = { ...member, weights, planned: run.recipe.epochs };
  const failed = problem === undefined ? {} : { problem };
  if (last === undefined) {
    const state = problem === undefined ? 'waiting' : 'failed';
    return { ...common, ...failed, state, epochs: 0, seconds: 0 };
  }
  const { best, progress } = last;
  const seconds = readCurves(out).seconds.reduce((sum, each) => sum + each, 0);
  const isBegun = progress.step > 0;
  const open = isComplete(last, run) ? 'complete' : isBegun ? 'unfinished' : 'waiting';
  return {
    ...common,
    ...failed,
    state: problem === undefined ? open : 'failed',
    ...(best && { best: { epoch: best.epoch, value: best.value } }),
    epochs: progress.epoch,
    seconds,
  };
}

/** What is known of a sweep: its members with the best first, and the same values over all folds. */
export function sweepOf(
  members: readonly MemberResult[],
  { recipe }: CompiledRun,
  { spec, data, metric }: Pick<SweepFile, 'spec' | 'data' | 'metric'>,
): SweepFile {
  const [first] = recipe.metrics;
  const isLower = first !== undefined && isLowerBetter(first.name);
  const ranked = rank(members, ({ best }) => best?.value, isLower);
  const folds = rank(foldsOf(members), ({ mean }) => mean, isLower);
  return {
    ...{ kind: 'unetc-sweep', spec, data, metric, better: isLower ? 'lower' : 'higher' },
    members: ranked,
    ...(folds.length > 0 && { folds }),
  };
}

/** The best first; what has no value comes last, in its order. */
function rank<T>(
  items: readonly T[],
  valueOf: (item: T) => number | undefined,
  isLower: boolean,
): readonly T[] {
  const worst = isLower ? Infinity : -Infinity;
  const sign = isLower ? 1 : -1;
  const key = (item: T): number => sign * (valueOf(item) ?? worst);
  // Infinities alone have no difference.
  return [...items].sort((one, other) => (key(one) === key(other) ? 0 : key(one) - key(other)));
}

/** Mean and spread of the members that differ by their fold alone. */
function foldsOf(members: readonly MemberResult[]): readonly FoldsResult[] {
  const groups = new Map<string, MemberResult[]>();
  for (const member of members) {
    if (member.fold === undefined || member.best?.value === undefined) continue;
    const key = JSON.stringify(Object.entries(member.set).sort());
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return [...groups.values()].map((group): FoldsResult => {
    const values = group.map(({ best }) => best!.value!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = values.length === 1 ? 0 : Math.sqrt(squares / (values.length - 1));
    return { set: group[0]!.set, folds: values.length, mean, deviation };
  });
}
