import { Session, type Profiler } from 'node:inspector/promises';

/**
 * How often the parts of functions run while `act` does its work: a measure of work that
 * is the same on every machine and however busy it is. What built-in functions do
 * inside themselves is not counted, their callbacks are. The process is slow from the
 * first call on, since functions that are counted are not optimised.
 */
export async function countWork(act: () => unknown): Promise<number> {
  session ??= await startCounting();
  await session.post('Profiler.takePreciseCoverage');
  await act();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result.reduce((sum, script) => sum + runsOf(script), 0);
}

/** One for the process: what ran before counting started again would not be counted. */
let session: Session | undefined;

/** Lets functions be fast again. */
export async function stopCounting(): Promise<void> {
  await session?.post('Profiler.stopPreciseCoverage');
  session?.disconnect();
  session = undefined;
}

async function startCounting(): Promise<Session> {
  const made = new Session();
  made.connect();
  await made.post('Profiler.enable');
  await made.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return made;
}

const runsOf = ({ functions }: Profiler.ScriptCoverage): number =>
  functions.reduce(
    (sum, { ranges }) => sum + ranges.reduce((runs, { count }) => runs + count, 0),
    0,
  );
