import { EngineFailure } from '../engines/engine.js';
import type { PredictionEngine } from '../prediction/window-network.js';
import {
  measurePrediction,
  measureStep,
  probabilities,
  type Trace,
  type Traces,
} from './measure.js';
import { expectedTraces } from './traces.generated.js';

/** How a self-test ended. */
export interface SelfTest {
  /** What is wrong with the engine, in words without a final period; undefined where nothing is. */
  readonly fault: string | undefined;
  readonly milliseconds: number;
}

/**
 * How far a value may be from the stored one, as a part of its tensor's norm. Rounding
 * differs by 1e-6 to 1e-5 between engines; a wrong kernel by 1e-2 and more.
 */
const tolerance = 1e-3;

/**
 * Makes a known training step and a prediction on the engine in use and compares the loss,
 * every gradient, the running statistics, the update and the prediction with stored
 * numbers, so that a wrong library is found out before it trains.
 */
export async function testEngine(): Promise<SelfTest> {
  return timed(measureStep, expectedTraces);
}

/** The same of an engine that only predicts; tensors of new weights are made on the engine in use. */
export async function testPrediction(engine: PredictionEngine): Promise<SelfTest> {
  const expected = { [probabilities]: expectedTraces[probabilities]! };
  return timed(() => measurePrediction(engine), expected);
}

async function timed(measure: () => Promise<Traces>, expected: Traces): Promise<SelfTest> {
  const start = performance.now();
  const fault = await findFault(measure, expected);
  return { fault, milliseconds: performance.now() - start };
}

async function findFault(
  measure: () => Promise<Traces>,
  expected: Traces,
): Promise<string | undefined> {
  let found: Traces;
  try {
    found = await measure();
  } catch (error) {
    if (error instanceof EngineFailure) return error.reason;
    return error instanceof Error
      ? error.message.split('\n')[0]!.replace(/\.$/, '')
      : String(error);
  }
  return compareTraces(found, expected);
}

/** Where traces differ from those expected by more than rounding; undefined where nowhere. */
export function compareTraces(found: Traces, expected: Traces): string | undefined {
  for (const [name, stored] of Object.entries(expected)) {
    const trace = found[name] ?? [NaN, NaN];
    if (!isClose(trace, stored)) {
      const [norm, projection] = trace.map((value) => value.toPrecision(6));
      return `the ${name} is wrong: norm ${norm} and projection ${projection}, expected ${stored.join(' and ')}`;
    }
  }
  return undefined;
}

function isClose([norm, projection]: Trace, [wantedNorm, wantedProjection]: Trace): boolean {
  const room = tolerance * wantedNorm;
  return Math.abs(norm - wantedNorm) <= room && Math.abs(projection - wantedProjection) <= room;
}
