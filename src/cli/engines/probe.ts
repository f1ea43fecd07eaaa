import { listEngines, type EngineListing } from '../../runtime/engines/list-engines.js';
import { EngineError, engineNames, type EngineName } from '../../runtime/engines/engine.js';
import type { ComputingName } from '../../runtime/engines/engine-table.js';
import { startEngine } from '../../runtime/engines/start-engine.js';
import { testEngine, testPrediction, type SelfTest } from '../../runtime/self-test/self-test.js';
import { benchmarkSizes, type BenchmarkTimes } from '../../runtime/self-test/benchmark-network.js';
import { timeNetwork, timePrediction } from '../../runtime/self-test/benchmark.js';
import { loadedLibraries, type LoadedFile } from './loaded-libraries.js';
import { runApart } from './run-apart.js';

/** What a test came to. */
export interface EngineTrial {
  /** What runs and how; undefined where it does not start. */
  readonly runs: string | undefined;
  /** Why it cannot be used, without a final period; undefined where it computes rightly. */
  readonly fault: string | undefined;
  /** What the self-test took. */
  readonly milliseconds: number | undefined;
  /** The native libraries that it loaded. */
  readonly libraries: readonly LoadedFile[];
}

/** Times of the networks of `--bench`. */
export type NetworkTimes = Readonly<Partial<Record<keyof typeof benchmarkSizes, BenchmarkTimes>>>;

/** An engine with what its test came to; none where something is missing, or nothing was tried. */
export interface EngineReport extends EngineListing {
  readonly trial?: EngineTrial | undefined;
  /** Where they were asked for, and the engine works. */
  readonly times?: NetworkTimes | undefined;
}

/** What can be tested here: all but PyTorch, which another program runs. */
type TestedEngine = EngineName | 'onnx';

/** Whether an engine can be tested here. */
export const isTested = (name: ComputingName): name is TestedEngine =>
  name === 'onnx' || (engineNames as readonly string[]).includes(name);

/** Starts an engine in this process and tests it. */
export async function tryEngine(name: TestedEngine): Promise<EngineTrial> {
  try {
    const { runs, fault, milliseconds } =
      name === 'onnx'
        ? await tryOnnx()
        : { runs: (await startEngine(name)).description, ...(await testEngine()) };
    return { runs, fault, milliseconds, libraries: loadedLibraries() };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return failed(error.message);
  }
}

/** What a test came to that says why an engine cannot be used. */
const failed = (message: string): EngineTrial => ({
  ...{ runs: undefined, fault: message.replace(/\.$/, '') },
  ...{ milliseconds: undefined, libraries: [] },
});

async function tryOnnx(): Promise<SelfTest & { readonly runs: string }> {
  // Makes the weights, and computes nothing.
  await startEngine('cpu');
  let runs = '';
  const tell = (line: string): void => void (runs = line);
  const { startOnnx } = await import('../../runtime/onnx/start-onnx.js');
  const tested = await testPrediction(await startOnnx({ tell }));
  return { ...tested, runs };
}

/** Milliseconds of a small step above which no large one is waited for. */
const bearable = 2000;

/** Times of the engine that was tested last. */
async function takeTimes(name: TestedEngine): Promise<NetworkTimes> {
  const { small, large } = benchmarkSizes;
  if (name !== 'onnx') {
    const times = await timeNetwork(small);
    // The large one is sixteen times the work.
    return times.step! > bearable
      ? { small: times }
      : { small: times, large: await timeNetwork(large) };
  }
  const { startOnnx } = await import('../../runtime/onnx/start-onnx.js');
  const onnx = await startOnnx();
  return { small: await timePrediction(small, onnx), large: await timePrediction(large, onnx) };
}

/** Adds the times of PyTorch, which a Python takes by itself. */
async function timePython(listing: EngineListing): Promise<EngineReport> {
  const { findPython } = await import('../../runtime/python/find-python.js');
  const { timeInPython } = await import('../../runtime/python/time-steps.js');
  const found = await findPython(undefined);
  if (!('program' in found)) return { ...listing, trial: failed(found[0]!.message) };
  const { small, large } = benchmarkSizes;
  const times: { small?: BenchmarkTimes; large?: BenchmarkTimes } = {};
  for (const [name, size] of [
    ['small', small],
    ['large', large],
  ] as const) {
    const taken = await timeInPython(found.program, size);
    if ('fault' in taken) return { ...listing, trial: failed(taken.fault) };
    times[name] = taken;
  }
  return { ...listing, times };
}

/** Looks at one engine, and tests it in this process where all of it is there. */
export async function probeHere(name: ComputingName, isTimed = false): Promise<EngineReport> {
  const [listing] = await listEngines([name]);
  if (!listing!.isComplete) return listing!;
  if (!isTested(name)) return isTimed ? timePython(listing!) : listing!;
  const trial = await tryEngine(name);
  if (trial.fault !== undefined || !isTimed) return { ...listing!, trial };
  return { ...listing!, trial, times: await takeTimes(name) };
}

/**
 * Looks at one engine in a process of its own, since one engine serves a whole process and a
 * broken library may end it.
 *
 * @param program the file that starts this program
 */
export async function probeApart(
  name: ComputingName,
  program: string,
  isTimed = false,
): Promise<EngineReport> {
  const words = ['engines', name, '--json', ...(isTimed ? ['--bench'] : [])];
  const ended = await runApart(program, words);
  if (ended.code === 0) {
    const [report] = JSON.parse(ended.stdout) as readonly EngineReport[];
    return report!;
  }
  const [listing] = await listEngines([name]);
  const how = ended.signal === null ? `code ${ended.code}` : `the signal ${ended.signal}`;
  const last = ended.stderr.trim().split('\n').at(-1);
  const fault = `it ends its process with ${how}${last ? `, "${last}"` : ''}`;
  return { ...listing!, trial: failed(fault) };
}
