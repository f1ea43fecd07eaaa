import type { FoldsResult, MemberResult, SweepFile } from '../../../runtime/sweeps/sweep-file.js';
import { formatSeconds } from '../../../runtime/progress-bar.js';
import { renderColumns } from '../../table.js';
import { workOfRun } from '../../engines/work-of-run.js';
import type { PlannedMember } from './plan-members.js';

type Settings = Readonly<Record<string, string>>;

/** All parameters that members set, in the order in which they are met. */
const parametersOf = (members: readonly { readonly set: Settings }[]): readonly string[] => [
  ...new Set(members.flatMap(({ set }) => Object.keys(set))),
];

const decimals = (value: number | undefined): string => value?.toFixed(4) ?? '-';

/** The table of a sweep: a line for each member, the best first; below it the means over folds. */
export function renderSweep({ members, metric = 'metric', folds = [] }: SweepFile): string {
  const names = parametersOf(members);
  const hasFolds = members.some(({ fold }) => fold !== undefined);
  const head = [
    ...names,
    ...(hasFolds ? ['fold'] : []),
    ...[metric, 'best epoch', 'epochs', 'weights', 'time', 'run'],
  ];
  const rows = members.map((member) => rowOf(member, names, hasFolds));
  const table = renderColumns(
    [head, ...rows],
    [...head.slice(1).map(() => 'right' as const), 'left'],
  );
  return folds.length === 0 ? table : `${table}\n${renderFolds(folds, metric)}`;
}

function rowOf(
  { set, fold, best, epochs, planned, weights, seconds, name, state }: MemberResult,
  names: readonly string[],
  hasFolds: boolean,
): readonly string[] {
  return [
    ...names.map((each) => set[each] ?? '-'),
    ...(hasFolds ? [fold === undefined ? '-' : String(fold)] : []),
    ...[decimals(best?.value), best === undefined ? '-' : String(best.epoch)],
    ...[`${epochs} of ${planned}`, weights.toLocaleString('en'), formatSeconds(seconds)],
    state === 'complete' ? name : `${name} (${state})`,
  ];
}

function renderFolds(folds: readonly FoldsResult[], metric: string): string {
  const names = parametersOf(folds);
  const head = [...names, 'folds', `mean ${metric}`, 'deviation'];
  const rows = folds.map(({ set, folds: count, mean, deviation }) => [
    ...names.map((each) => set[each] ?? '-'),
    ...[String(count), decimals(mean), decimals(deviation)],
  ]);
  return renderColumns(
    [head, ...rows],
    head.map(() => 'right' as const),
  );
}

/** What a sweep would train, a line for each member. */
export function renderPlan(members: readonly PlannedMember[]): string {
  const names = parametersOf(members);
  const hasFolds = members.some(({ fold }) => fold !== undefined);
  const head = [
    ...names,
    ...(hasFolds ? ['fold'] : []),
    ...['epochs', 'batch', 'multiply-adds of a step', 'run'],
  ];
  const rows = members.map(({ set, fold, name, run }) => [
    ...names.map((each) => set[each] ?? '-'),
    ...(hasFolds ? [String(fold)] : []),
    ...[run.recipe.epochs, run.recipe.batch].map(String),
    `${(workOfRun(run, 'training').multiplyAdds / 1e6).toFixed(0)} million`,
    name,
  ]);
  return renderColumns([head, ...rows], [...head.slice(1).map(() => 'right' as const), 'left']);
}
