/**
 * Tries texts until something is wrong that never may be.
 *
 *   npm run fuzz -- [--seed N] [--from N] [--count N] [--minutes N] [--property NAME ...]
 *
 * Prints each kind of fault once, with a minimised text, and how fast it went. The exit
 * code is 1 when something was found. Input I of a seed is the same on every machine:
 * `--seed 7 --from 1234 --count 1` repeats one.
 */
import { parseArgs } from 'node:util';
import { fuzz, type Finding } from './fuzz.js';
import { readCorpus } from './inputs/corpus.js';
import { properties } from './properties/index.js';

const rate = (count: number, seconds: number): string =>
  `${(count / Math.max(seconds, 0.001)).toFixed(0)} a second`;

process.exitCode = await main(process.argv.slice(2));

/** Returns the exit code. */
async function main(words: string[]): Promise<number> {
  const names = properties.map(({ name }) => name);
  const { values } = parseArgs({
    args: words,
    options: {
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      count: { type: 'string' },
      minutes: { type: 'string' },
      property: { type: 'string', multiple: true, default: names },
    },
  });
  const [seed, from] = [values.seed, values.from].map(Number) as [number, number];
  const minutes = Number(values.minutes ?? Infinity);
  const count = Number(values.count ?? (values.minutes === undefined ? 10_000 : 2 ** 31));
  const unknown = values.property.find((name) => !names.includes(name));
  if (unknown !== undefined || [seed, from, count, minutes].some(Number.isNaN)) {
    process.stderr.write(`There is no property "${unknown}"; they are ${names.join(', ')}.\n`);
    return 2;
  }
  const start = process.hrtime.bigint();
  const seconds = (): number => Number(process.hrtime.bigint() - start) / 1e9;
  let done = 0;
  const findings = await fuzz({
    seed,
    from,
    count,
    properties: properties.filter(({ name }) => values.property.includes(name)),
    corpus: readCorpus(),
    onFinding: print,
    goesOn: () => seconds() < 60 * minutes,
    onProgress: (number) => {
      done = number;
      if (number % 10_000 === 0) process.stderr.write(`${number} (${rate(number, seconds())})\n`);
    },
  });
  process.stdout.write(
    `${done} inputs from ${from} on, seed ${seed}: ${findings.length} kinds of fault, ` +
      `${rate(done, seconds())}\n`,
  );
  return findings.length === 0 ? 0 : 1;
}

function print({ property, fault, text, index }: Finding): void {
  const lines = fault.split('\n').slice(0, 12);
  process.stdout.write(`${property}, input ${index}: ${lines.join('\n    ')}\n`);
  process.stdout.write(`    ${JSON.stringify(text.slice(0, 4_000))}\n\n`);
}
