/**
 * Kills training runs at random moments and compares what they come to with an
 * unbroken run, bit for bit: `npm run kill-test -- [KILLS] [SEED]`, 200 kills of
 * seed 1 unless told. Builds the program for itself.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDemo } from '../src/runtime/demo/generate-demo.js';
import { Random } from '../src/runtime/random.js';
import { openProgram } from '../test/cli/built-program.js';
import { compareRuns, noKills, trainUnderFire } from '../test/runtime/runs/kills.js';
import { smallSpec } from '../test/runtime/training/support.js';

const [wanted = 200, seed = 1] = process.argv.slice(2).map(Number);
const program = openProgram('kill-test');
const folder = mkdtempSync(join(tmpdir(), 'unetc-kill-test-'));
try {
  await generateDemo(join(folder, 'data'), { seed: 1, train: 5, val: 2, size: 32 });
  writeFileSync(join(folder, 'small.unet'), smallSpec);
  const run = { main: program.main, folder, words: ['--epochs', '12'] };
  const random = new Random(seed);
  const counts = noKills();
  const whole = await trainUnderFire(run, 'whole', 0, random, counts);
  if (whole.fault !== undefined) throw new Error(whole.fault);
  let kills = 0;
  let runs = 0;
  const faults: string[] = [];
  while (kills < wanted) {
    const out = `run-${++runs}`;
    const most = Math.min(25, wanted - kills);
    const { killed, fault } = await trainUnderFire(run, out, most, random, counts);
    kills += killed;
    const found = fault ?? compareRuns(join(folder, 'whole'), join(folder, out));
    if (found !== undefined) faults.push(`${out}, killed ${killed} times: ${found}`);
    process.stderr.write(`${kills}/${wanted} kills, ${faults.length} faults\n`);
  }
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  process.stdout.write(
    `${kills} kills in ${runs} runs: ${counts.beforeFolder} before a run folder, ` +
      `${counts.beforeCheckpoint} before a checkpoint, ${counts.atStart} in the first epoch, ` +
      `${counts.afterStep} later; ${counts.inWriting} of them in the middle of a file; ` +
      `${faults.length} faults\n`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
}
