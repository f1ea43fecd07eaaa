import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../../src/runtime/random.js';
import { callCli, type CliResult } from '../../cli/run-cli.js';

/** A change of one byte of one file. */
export interface Damage {
  /** Relative to the run folder. */
  readonly file: string;
  readonly kind: 'flip' | 'replace' | 'insert' | 'delete' | 'truncate';
  readonly at: number;
  readonly value: number;
}

const kinds: readonly Damage['kind'][] = ['flip', 'replace', 'insert', 'delete', 'truncate'];

/** The files of a run folder that unetc reads, relative to it; `network.js` is for others. */
export function filesOfRun(run: string): readonly string[] {
  return readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'network.js')
    .map((entry) => join(entry.parentPath, entry.name).slice(run.length + 1))
    .sort();
}

/** A change drawn at random; every file is as likely as any other. */
export function drawDamage(run: string, random: Random): Damage {
  const files = filesOfRun(run);
  const pick = (count: number): number => Math.floor(random.uniform(0, count));
  const file = files[pick(files.length)]!;
  const { length } = readFileSync(join(run, file));
  return { file, kind: kinds[pick(kinds.length)]!, at: pick(length), value: pick(255) + 1 };
}

/** The bytes of a file after a change. */
export function damaged(bytes: Buffer, { kind, at, value }: Damage): Buffer {
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at + 1);
  const old = bytes[at] ?? 0;
  switch (kind) {
    case 'flip':
      return Buffer.concat([before, Buffer.from([old ^ (1 << (value % 8))]), after]);
    case 'replace':
      return Buffer.concat([before, Buffer.from([(old + value) % 256]), after]);
    case 'insert':
      return Buffer.concat([before, Buffer.from([value]), bytes.subarray(at)]);
    case 'delete':
      return Buffer.concat([before, after]);
    case 'truncate':
      return before;
  }
}

/** A stopped run in a folder with its spec and data, and what using it gives while it is whole. */
export interface Subject {
  readonly folder: string;
  /** Names inside the folder. */
  readonly run: string;
  readonly uses: Readonly<Record<Use, (run: string) => Promise<CliResult>>>;
  readonly expected: Readonly<Record<Use, string>>;
}

export type Use = 'predict' | 'eval' | 'resume';
export const uses: readonly Use[] = ['predict', 'eval', 'resume'];

/** Prepares the uses of a run: `small.unet` and `data` lie in the folder, and `run` was stopped. */
export async function describeSubject(folder: string, run: string): Promise<Subject> {
  const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });
  const subject: Subject = {
    folder,
    run,
    uses: {
      predict: (name) =>
        call('predict', name, 'data/val/images/cells-001.png', '--out', `${name}/painted`),
      eval: (name) => call('eval', name, '--data', 'data', '--json', '--checkpoint', 'last'),
      resume: (name) => call('train', 'small.unet', '--data', 'data', '--out', name, '--resume'),
    },
    expected: { predict: '', eval: '', resume: '' },
  };
  const expected: Record<string, string> = {};
  for (const use of uses) {
    const { result, outcome } = await useCopy(subject, use, undefined);
    if (result.code !== 0) throw new Error(`the whole run fails: ${result.stderr}`);
    expected[use] = outcome;
  }
  return { ...subject, expected: expected as Subject['expected'] };
}

/** Uses a copy of the run with a change in it; `outcome` is all that a use is for. */
async function useCopy(
  subject: Subject,
  use: Use,
  damage: Damage | undefined,
): Promise<{ readonly result: CliResult; readonly outcome: string }> {
  const name = `${subject.run}-copy`;
  const copy = join(subject.folder, name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(subject.folder, subject.run), copy, { recursive: true });
  if (damage !== undefined) {
    const path = join(copy, damage.file);
    writeFileSync(path, damaged(readFileSync(path), damage));
  }
  const result = await subject.uses[use](name);
  return { result, outcome: result.code === 0 ? outcomeOf(use, copy, result) : '' };
}

function outcomeOf(use: Use, copy: string, { stdout }: CliResult): string {
  const made = { predict: ['painted'], eval: [], resume: ['best', 'last'] }[use];
  const files = made.flatMap((folder) =>
    filesOfRun(join(copy, folder)).map(
      (file) => `${file}:${readFileSync(join(copy, folder, file)).toString('base64')}`,
    ),
  );
  return [stdout, ...files].join('\n');
}

/**
 * What is wrong with how a use takes a change, or undefined: it either refuses
 * and names the file, or gives exactly what the whole run gives.
 */
export async function judge(
  subject: Subject,
  use: Use,
  damage: Damage,
): Promise<{ readonly verdict: 'refused' | 'harmless' } | { readonly fault: string }> {
  const { result, outcome } = await useCopy(subject, use, damage);
  const reported = `${use} with ${JSON.stringify(damage)}: exit ${result.code}\n${result.stderr}`;
  if (result.code === 0) {
    return outcome === subject.expected[use]
      ? { verdict: 'harmless' }
      : { fault: `another result: ${reported}` };
  }
  const isNamed = result.code === 1 && result.stderr.includes(damage.file);
  return isNamed ? { verdict: 'refused' } : { fault: `not refused by name: ${reported}` };
}
