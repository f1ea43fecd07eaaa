import { join } from 'node:path';
import { hasErrors, type Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isFolder } from '../../../files/index.js';
import type { Checkpoint } from '../../../runtime/runs/checkpoint.js';
import { memberChecker } from '../../../runtime/sweeps/check-member.js';
import { resultOf, sweepOf } from '../../../runtime/sweeps/results.js';
import {
  writeSweep,
  type MemberResult,
  type SweepFile,
} from '../../../runtime/sweeps/sweep-file.js';
import { checkOwnMemory } from '../../../runtime/training/check-memory.js';
import { checkSameRun, isComplete, readLast } from '../../../runtime/training/resume.js';
import { describeNetwork } from '../../../runtime/training/network-interface.js';
import { metricLabel } from '../../../ir/metric-options.js';
import type { CommandContext } from '../../context.js';
import type { EngineChoice } from '../../engine-options.js';
import { trainingEngine, type TrainingChoice } from '../../engines/training-engine.js';
import { workOfRun } from '../../engines/work-of-run.js';
import type { PythonStart } from '../../python-engine.js';
import { reportDiagnostics } from '../../report.js';
import {
  checkEngineKind,
  finishRun,
  startTrainer,
  trainRun,
  type RunCall,
  type StartedTrainer,
} from '../../train-run.js';
import type { PlannedMember } from './plan-members.js';

/** What is the same for all members. */
export interface SweepCall {
  /** The path of the spec. */
  readonly spec: string;
  /** The folders of the data and of the sweep. */
  readonly data: string;
  readonly out: string;
  readonly engine: EngineChoice | undefined;
  readonly python: Omit<PythonStart, 'data' | 'out' | 'spec' | 'found'>;
  readonly signal: AbortSignal;
}

/** A member that passed all checks. */
export interface ReadyMember extends PlannedMember {
  readonly out: string;
  /** What its run goes on from. */
  readonly last: Checkpoint | 'again' | undefined;
  readonly trainer: StartedTrainer;
}

/** Members that are ready, and what trains all of them. */
export interface ReadySweep {
  readonly members: readonly ReadyMember[];
  readonly choice: TrainingChoice;
}

const isDone = ({ run, last }: Pick<ReadyMember, 'run' | 'last'>): boolean =>
  typeof last === 'object' && isComplete(last, run);

/**
 * Checks every member as the start of its training would: what it goes on from, its network, the
 * data, and the memory. One engine trains all members, that of the largest, so that times compare. Undefined where
 * a check failed, which is reported, or where the signal ended them.
 */
export async function checkMembers(
  planned: readonly PlannedMember[],
  call: SweepCall,
  context: CommandContext,
): Promise<ReadySweep | undefined> {
  const { data, signal } = call;
  const opened = await openMembers(planned, call.out, context);
  if (opened === undefined) return undefined;
  const work = ({ run }: PlannedMember): number => workOfRun(run, 'training').multiplyAdds;
  const largest = opened.reduce((one, other) => (work(other) > work(one) ? other : one));
  const before = opened.map(({ last }) => last).find((last) => typeof last === 'object');
  const choice = await trainingEngine(call.engine, largest.run, before, context);
  const members: ReadyMember[] = [];
  const told = new Set<string>();
  let trainer: StartedTrainer | undefined;
  const check = memberChecker({
    ...{ data, signal },
    check: (run, found) =>
      trainer?.check?.(found) ?? checkOwnMemory(run, describeNetwork(run), found),
  });
  let hasFailed = false;
  for (const member of opened) {
    const { run, name, last, out, sources } = member;
    context.stderr.status(`checking ${name}`);
    trainer = await startMember({ ...member, trainer }, choice, call, context);
    if (trainer === undefined) return undefined;
    const problems: Diagnostic[] = [...checkEngineKind(out, last, choice.name)];
    if (typeof last === 'object') problems.push(...checkSameRun(out, last, run).filter(isError));
    if (!isDone(member)) problems.push(...(await check(run)));
    if (signal.aborted) return undefined;
    context.stderr.status('');
    tell(name, problems, sources);
    hasFailed ||= hasErrors(problems);
    members.push({ ...member, trainer });
  }
  return hasFailed ? undefined : { members, choice };

  /** What is wrong with the data alike for all members is told once. */
  function tell(
    name: string,
    problems: readonly Diagnostic[],
    sources: PlannedMember['sources'],
  ): void {
    const fresh = problems.filter(({ code, message }) => !told.has(`${code} ${message}`));
    for (const { code, message } of fresh) told.add(`${code} ${message}`);
    if (fresh.length === 0) return;
    context.stderr.line(`${name}:`);
    reportDiagnostics(fresh, context, { sources });
  }
}

const isError = (problem: Diagnostic): boolean => problem.severity === 'error';

/** Finds what members go on from; undefined where that of one cannot be read, which is reported. */
async function openMembers(
  planned: readonly PlannedMember[],
  folder: string,
  context: CommandContext,
): Promise<readonly Omit<ReadyMember, 'trainer'>[] | undefined> {
  const opened: Omit<ReadyMember, 'trainer'>[] = [];
  let hasFailed = false;
  for (const member of planned) {
    const out = join(folder, member.name);
    const { value: last, diagnostics } = isFolder(out)
      ? await readLast(out)
      : { value: undefined, diagnostics: [] };
    if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
    hasFailed ||= hasErrors(diagnostics);
    opened.push({ ...member, out, last });
  }
  return hasFailed ? undefined : opened;
}

/** Starts what trains a member: the engine once more after a member that it failed in. */
function startMember(
  {
    run,
    out,
    trainer,
  }: Pick<PlannedMember, 'run'> & { out: string; trainer?: StartedTrainer | undefined },
  choice: TrainingChoice,
  { python, data, spec }: SweepCall,
  context: CommandContext,
): Promise<StartedTrainer | undefined> {
  const told = trainer === undefined ? choice : { ...choice, reason: undefined };
  const wishes = { ...python, data, out, spec, found: trainer?.found };
  return startTrainer(told, run, wishes, context);
}

/** How a sweep ended. */
export interface EndedSweep {
  readonly sweep: SweepFile;
  /** Whether the signal ended it. */
  readonly isStopped: boolean;
}

/**
 * Trains the members that are not complete, one after the other, and writes `sweep.json` before the
 * first one and after each. A member that fails leaves the others alone.
 *
 * @param before what an earlier call knew of members; those that this one does not name are kept.
 */
export async function trainMembers(
  { members, choice }: ReadySweep,
  before: readonly MemberResult[],
  call: SweepCall,
  context: CommandContext,
): Promise<EndedSweep | undefined> {
  const { out: folder, signal } = call;
  const results = new Map(before.map((result) => [result.name, result]));
  for (const member of members) results.set(member.name, await resultOf(folder, bare(member)));
  const { run: first } = members[0]!;
  const [metric] = first.recipe.metrics;
  const about = { spec: call.spec, data: call.data, metric: metric && metricLabel(metric) };
  const current = (): SweepFile => sweepOf([...results.values()], first, about);
  if (!(await store())) return undefined;
  for (const [at, member] of members.entries()) {
    if (signal.aborted) break;
    const place = `member ${at + 1} of ${members.length}: ${member.name}`;
    context.stderr.line(isDone(member) ? `${place} is complete` : place);
    const problem = await trainMember(member);
    results.set(member.name, await resultOf(folder, bare(member), problem));
    if (!(await store())) return undefined;
  }
  return { sweep: current(), isStopped: signal.aborted };

  async function store(): Promise<boolean> {
    const problems = await writeSweep(folder, current());
    if (problems.length > 0) reportDiagnostics(problems, context);
    return problems.length === 0;
  }

  /** What ended a member, where it failed. */
  async function trainMember(member: ReadyMember): Promise<string | undefined> {
    const trainer =
      choice.name === 'pytorch' ? member.trainer : await startMember(member, choice, call, context);
    if (trainer === undefined) return 'the engine does not start';
    const { run, sources, out, weights, last } = member;
    const { data, spec: specPath } = call;
    const own: RunCall = {
      ...{ run, sources, specPath, data, out, trainer, signal },
      ...{ weights, resume: last, watchers: [] },
    };
    if (isDone(member)) {
      await finishRun({ kind: 'complete', best: undefined }, own, context);
      return undefined;
    }
    const { outcome, diagnostics } = await trainRun(own, context);
    if (outcome !== undefined && outcome.kind !== 'failed') return undefined;
    return diagnostics.find(isError)?.message ?? 'its training failed';
  }
}

/** A member without what only its training needs. */
const bare = ({ name, set, fold, run }: ReadyMember) => ({ name, set, fold, run });
