import { createDiagnostic } from '../../diagnostics/report.js';
import { listEngines } from '../../runtime/engines/list-engines.js';
import type { CommandContext } from '../context.js';
import { nowhere, reportDiagnostics } from '../report.js';
import type { EngineTrial } from './probe.js';
import { rankEngines, reasonFor, type AutomaticEngine } from './rank-engines.js';
import { hasPassed, keepPassed } from './verdict-cache.js';
import type { Work } from './work-of-run.js';

/** An engine that was chosen, and why, as the end of a sentence. */
export interface ChosenEngine {
  readonly name: AutomaticEngine;
  readonly reason: string;
}

/**
 * The fastest engine for some work that is here and passes its self-test. An engine that fails
 * it is reported, and the next one taken; a test that was passed is not made again while
 * nothing changes.
 */
export async function chooseEngine(work: Work, context: CommandContext): Promise<ChosenEngine> {
  for (const name of rankEngines(work)) {
    const [listing] = await listEngines([name]);
    if (!listing!.isComplete) continue;
    if (hasPassed(name, context)) return { name, reason: reasonFor(name, work) };
    const trial = await test(name, context);
    if (trial === undefined) continue;
    if (trial.fault === undefined) {
      keepPassed(name, trial.libraries, context);
      return { name, reason: reasonFor(name, work) };
    }
    const help = ['Name an engine with "--engine"; "unetc engines" tells of all.'];
    const parameters = { engine: name, fault: trial.fault };
    const diagnostic = createDiagnostic('engine-test-failed', parameters, { at: nowhere, help });
    reportDiagnostics([diagnostic], context);
  }
  // Nothing passed: the plainest one tells what is wrong when it runs.
  return { name: 'cpu', reason: 'no other passes its self-test' };
}

/**
 * Tests an engine: native ones in a process of their own, which they may end; undefined where
 * there is none.
 */
async function test(
  name: AutomaticEngine,
  { program }: CommandContext,
): Promise<EngineTrial | undefined> {
  const { probeApart, tryEngine } = await import('./probe.js');
  if (!isNative(name)) return tryEngine(name);
  return program === undefined ? undefined : (await probeApart(name, program)).trial;
}

const isNative = (name: AutomaticEngine): boolean => name !== 'wasm' && name !== 'cpu';
