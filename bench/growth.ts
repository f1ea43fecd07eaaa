/**
 * How the time of each command, target and answer of the editor grows with a spec.
 *
 *     node scripts/run.mjs bench/growth.ts [--work WORDS] [--growth WORDS] [--points N] [--seconds N] [--count]
 *
 * bench/README.md says what is measured and how the tables are read.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countWork } from '../test/growth/count-work.js';
import { growths, type Growth } from '../test/growth/growing-specs.js';
import { exponentOf, type Point } from './growth/exponent.js';
import { works, type Work } from './growth/works.js';

const { values } = parseArgs({
  options: {
    work: { type: 'string', default: '' },
    growth: { type: 'string', default: '' },
    count: { type: 'boolean', default: false },
    points: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '4' },
  },
});
/** A way is not followed further where one call took this long. */
const patience = Number(values.seconds) * 1000;
/** Above this exponent something is done for each that has been done for all. */
const budget = 1.2;

const chosen = <T>(all: Readonly<Record<string, T>>, words: string): readonly [string, T][] =>
  Object.entries(all).filter(
    ([name]) => words === '' || words.split(',').some((word) => name === word),
  );

const folder = mkdtempSync(join(tmpdir(), 'unetc-growth-'));
let high = 0;
try {
  for (const [growthName, whole] of chosen<Growth>(growths, values.growth)) {
    const growth = { ...whole, steps: whole.steps.slice(-Number(values.points)) };
    console.log(`\n${growthName}: ${growth.things}`);
    const paths = growth.steps.map((n) => write(growthName, growth, n));
    for (const [workName, work] of chosen<Work>(works, values.work)) {
      const points = await follow(work, growth, paths);
      report(workName, points, growth);
    }
  }
  console.log(`\n${high} exponents above ${budget}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Writes a spec with its files; returns where it lies. */
function write(name: string, growth: Growth, n: number): string {
  const place = join(folder, `${name}-${n}`);
  mkdirSync(place);
  // A project of its own: the editor looks for names in no other spec.
  writeFileSync(join(place, 'package.json'), '{}');
  const { text, files = {} } = growth.grow(n);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(place, file), content);
  const path = join(place, 'net.unet');
  writeFileSync(path, text);
  return path;
}

interface Measured extends Point {
  readonly failure: string | undefined;
}

async function follow(
  work: Work,
  { steps }: Growth,
  paths: readonly string[],
): Promise<readonly Measured[]> {
  const points: Measured[] = [];
  for (const [at, n] of steps.entries()) {
    const point = { size: n, ...(await measure(work, paths[at]!)) };
    points.push(point);
    if (!values.count && point.cost > patience) break;
  }
  return points;
}

/** The least processor time of a few calls, warmed up; short ones are called more often. */
async function measure(
  work: Work,
  path: string,
): Promise<{ cost: number; failure: string | undefined }> {
  let failure: string | undefined;
  if (values.count) {
    const call = await work.prepare(path, 0);
    const runs = await countWork(async () => (failure = await attempt(call)));
    return { cost: runs / 1000, failure };
  }
  let least = Infinity;
  let total = 0;
  for (let round = 0; round < 6 && (round < 2 || total < 100); round++) {
    const call = await work.prepare(path, round);
    const before = process.cpuUsage();
    failure = await attempt(call);
    const { user, system } = process.cpuUsage(before);
    const cost = (user + system) / 1000;
    total += cost;
    least = Math.min(least, cost);
    if (cost > patience / 2) break;
  }
  return { cost: least, failure };
}

async function attempt(call: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await call();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

function report(name: string, points: readonly Measured[], { fails }: Growth): void {
  // A spec that is refused is quick for another reason than one that is taken.
  const expected = fails === true ? 'code 1' : undefined;
  const exponent = exponentOf(points.filter(({ failure }) => failure === expected));
  const isHigh = exponent !== undefined && exponent > budget;
  if (isHigh) high += 1;
  const cells = points.map(({ size, cost, failure }) => {
    const shown = cost < 10 ? cost.toFixed(1) : cost.toFixed(0);
    return `${size}: ${shown}${failure === undefined ? '' : ` (${failure})`}`;
  });
  const shown = exponent === undefined ? '   -' : exponent.toFixed(2);
  console.log(
    `  ${name.padEnd(20)} ${shown}${isHigh ? ' HIGH' : '     '}  ${cells.join('  ')} ${values.count ? 'thousand' : 'ms'}`,
  );
}
