/** An engine as the conditions of a run name it. */
interface EngineOfRun {
  readonly name: string;
  readonly threads?: number | undefined;
}

/**
 * What of an engine decides the bits of a run, in words: its name, and the number of threads where sums
 * come out otherwise with another: native TensorFlow on more than one.
 */
export function conditionOfEngine({ name, threads = 1 }: EngineOfRun): string {
  const counts = name === 'tfjs-node' && threads > 1;
  return counts ? `${name} with ${threads} threads` : name;
}

/** The engine that such words name. */
export function engineOfCondition(text: string): EngineOfRun {
  const [, name = text, threads] = /^(\S+) with (\d+) threads$/.exec(text) ?? [];
  return threads === undefined ? { name } : { name, threads: Number(threads) };
}
