import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { inspectDataset, type Dataset, type DatasetOptions } from '../data/dataset.js';
import type { CompiledRun } from '../training/run-spec.js';
import { describeNetwork } from '../training/network-interface.js';
import { checkNetwork, openRunData, type RunData } from '../training/setup.js';

/** How the members of a sweep are checked. */
export interface MemberChecks {
  /** The folder of the data. */
  readonly data: string;
  /** Reports what keeps the engine from training a member with the data. */
  readonly check: (run: CompiledRun, data: RunData) => readonly Diagnostic[];
  /** Ends the checks early; what they return then is of no use. */
  readonly signal: AbortSignal;
}

/**
 * What checks members as the start of a training does, one after the other. Files are read once for
 * all members that read them alike, and are not kept in memory.
 */
export function memberChecker({
  data,
  check,
  signal,
}: MemberChecks): (run: CompiledRun) => Promise<readonly Diagnostic[]> {
  const inspect = inspectOnce();
  return async (run) => {
    const problems = checkNetwork(run);
    if (hasErrors(problems)) return problems;
    const network = describeNetwork(run);
    const opened = await openRunData(data, run, network, undefined, signal, inspect);
    const found = [...problems, ...opened.diagnostics];
    return opened.value === undefined ? found : [...found, ...check(run, opened.value)];
  };
}

/** Inspects data sets, each once for the same options. */
function inspectOnce(): typeof inspectDataset {
  const known = new Map<string, Promise<Result<Dataset>>>();
  return (folder: string, options: DatasetOptions) => {
    const key = JSON.stringify([folder, { ...options, signal: undefined }]);
    const found = known.get(key) ?? inspectDataset(folder, { ...options, memoryLimit: 0 });
    known.set(key, found);
    return found;
  };
}
