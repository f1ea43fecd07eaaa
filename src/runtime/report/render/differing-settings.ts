import type { Setting } from '../gather/describe-recipe.js';
import type { RunReport } from '../run-report.js';

/** A setting that is not the same in all runs. */
export interface DifferingSetting {
  readonly name: string;
  /** For each run; undefined where it has no such setting. */
  readonly values: readonly (string | undefined)[];
}

/** The settings and the conditions that are not the same in all runs, in the order of the first one that has them. */
export function differingSettings(runs: readonly RunReport[]): readonly DifferingSetting[] {
  const tables = runs.map(tableOf);
  const names = new Set(tables.flatMap((table) => [...table.keys()]));
  return [...names].flatMap((name): readonly DifferingSetting[] => {
    const values = tables.map((table) => table.get(name));
    return new Set(values).size === 1 ? [] : [{ name, values }];
  });
}

function tableOf({ settings, environment, network }: RunReport): ReadonlyMap<string, string> {
  const size: readonly Setting[] =
    network === undefined
      ? []
      : [{ name: 'parameters', value: String(network.summary.parameters.total) }];
  // The fingerprint of the data says more than the folder that they lay in.
  const conditions = environment
    .filter(({ name }) => name !== 'data')
    .map(({ name, value }) => ({ name: `${name} (environment)`, value }));
  const all = [...settings, ...size, ...conditions];
  return new Map(all.map(({ name, value }) => [name, value]));
}
