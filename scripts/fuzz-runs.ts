/**
 * Changes single bytes of a run folder at random and uses the run:
 * `npm run fuzz:runs -- [TRIALS] [SEED]`, 1,000 trials of seed 1 unless told.
 * Each must be refused by name or give exactly what the whole run gives.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDemo } from '../src/runtime/demo/generate-demo.js';
import { startEngine } from '../src/runtime/engines/start-engine.js';
import { Random } from '../src/runtime/random.js';
import { describeSubject, drawDamage, judge, uses } from '../test/runtime/runs/damage.js';
import { smallSpec, stopAfter } from '../test/runtime/training/support.js';

const [trials = 1000, seed = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'unetc-fuzz-runs-'));
try {
  await startEngine('wasm');
  const data = join(folder, 'data');
  await generateDemo(data, { seed: 1, train: 5, val: 2, size: 32 });
  writeFileSync(join(folder, 'small.unet'), smallSpec);
  await stopAfter(4, { data, out: join(folder, 'run') });
  const subject = await describeSubject(folder, 'run');
  const random = new Random(seed);
  const counts = { refused: 0, harmless: 0, fault: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const damage = drawDamage(join(folder, 'run'), random);
    const judged = await judge(subject, uses[trial % uses.length]!, damage);
    counts['fault' in judged ? 'fault' : judged.verdict]++;
    if ('fault' in judged) process.stdout.write(`${judged.fault}\n`);
  }
  const { refused, harmless, fault } = counts;
  process.stdout.write(
    `${trials} changes: ${refused} refused by name, ${harmless} without effect, ${fault} faults\n`,
  );
  process.exitCode = fault === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
