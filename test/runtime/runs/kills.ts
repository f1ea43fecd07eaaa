import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../../src/runtime/random.js';
import { filesOf, logOf } from '../training/support.js';
import { filesOfRun } from './damage.js';

/** A call of `unetc train` that is made again and again. */
export interface KilledRun {
  /** The program's entry. */
  readonly main: string;
  /** Holds `small.unet` and `data`. */
  readonly folder: string;
  /** Options beside the spec, the data and the run folder. */
  readonly words: readonly string[];
}

/** Where kills fell. */
export interface KillCounts {
  /** Nothing was in the run folder, or no folder was there. */
  beforeFolder: number;
  /** Before the first checkpoint. */
  beforeCheckpoint: number;
  /** With the checkpoint of the start as the last one. */
  atStart: number;
  afterStep: number;
  /** Of all these: with a file half written. */
  inWriting: number;
}

export const noKills = (): KillCounts => ({
  ...{ beforeFolder: 0, beforeCheckpoint: 0, atStart: 0, afterStep: 0, inWriting: 0 },
});

/** Trains in a folder while killing the process at random moments, at most `kills` times, and then to the end. */
export async function trainUnderFire(
  run: KilledRun,
  out: string,
  kills: number,
  random: Random,
  counts: KillCounts,
): Promise<{ readonly killed: number; readonly fault: string | undefined }> {
  let killed = 0;
  for (;;) {
    const life = await startOnce(run, out, killed < kills ? random : undefined);
    if (!life.wasKilled) {
      const fault = life.code === 0 ? undefined : `exit ${life.code}\n${life.stderr}`;
      return { killed, fault };
    }
    killed++;
    count(join(run.folder, out), counts);
  }
}

interface Life {
  readonly wasKilled: boolean;
  readonly code: number | null;
  readonly stderr: string;
}

function startOnce(run: KilledRun, out: string, random: Random | undefined): Promise<Life> {
  const path = join(run.folder, out);
  const isThere = existsSync(path);
  const words = ['train', 'small.unet', '--data', 'data', '--out', out, ...run.words];
  const child = spawn(process.execPath, [run.main, ...words, ...(isThere ? ['--resume'] : [])], {
    cwd: run.folder,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const kill = (): void => void child.kill('SIGKILL');
  const stop = random === undefined ? () => undefined : aim(child.stderr, run.folder, random, kill);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      stop();
      resolve({ wasKilled: signal === 'SIGKILL', code, stderr });
    });
  });
}

/**
 * Kills at a random moment: some time after the start, some time after the
 * training began to speak, or right after one of the next changes on the disk.
 */
function aim(
  output: NodeJS.ReadableStream,
  folder: string,
  random: Random,
  kill: () => void,
): () => void {
  const timers: NodeJS.Timeout[] = [];
  const after = (milliseconds: number): void => void timers.push(setTimeout(kill, milliseconds));
  const choice = random.uniform(0, 1);
  if (choice < 0.15) {
    after(random.uniform(0, 2500));
    return () => timers.forEach(clearTimeout);
  }
  if (choice < 0.5) {
    const delay = random.uniform(0, 1500);
    output.once('data', () => after(delay));
    return () => timers.forEach(clearTimeout);
  }
  let left = Math.floor(random.uniform(1, 60));
  const delay = random.uniform(0, 3);
  const watcher = watch(folder, { recursive: true }, () => {
    if (--left === 0) after(delay);
  });
  return () => {
    watcher.close();
    timers.forEach(clearTimeout);
  };
}

function count(run: string, counts: KillCounts): void {
  const files = existsSync(run) ? filesOfRun(run) : [];
  if (files.some((name) => name.endsWith('.tmp'))) counts.inWriting++;
  const model = join(run, 'last/model.json');
  if (files.length === 0) counts.beforeFolder++;
  else if (!existsSync(model)) counts.beforeCheckpoint++;
  else if (/"step":0,/.test(readFileSync(model, 'utf8'))) counts.atStart++;
  else counts.afterStep++;
}

/** What differs between two finished runs, in words, or undefined. */
export function compareRuns(first: string, second: string): string | undefined {
  for (const checkpoint of ['best', 'last']) {
    const files = [filesOf(join(first, checkpoint)), filesOf(join(second, checkpoint))] as const;
    const names = files.map((each) => [...each.keys()].join(', '));
    if (names[0] !== names[1]) return `${checkpoint}/ holds ${names[1]} in place of ${names[0]}`;
    const odd = [...files[0]].find(([name, bytes]) => !files[1].get(name)!.equals(bytes));
    if (odd !== undefined) return `${checkpoint}/${odd[0]} differs`;
  }
  if (JSON.stringify(logOf(first)) !== JSON.stringify(logOf(second))) return 'log.jsonl differs';
  const names = readdirSync(second).sort().join(', ');
  const expected = readdirSync(first).sort().join(', ');
  return names === expected ? undefined : `it holds ${names} in place of ${expected}`;
}
