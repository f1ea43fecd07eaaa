import { join } from 'node:path';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import {
  isFile,
  isTemporary,
  kindOf,
  listFolder,
  parseJson,
  replaceFile,
} from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { isLockFile } from '../runs/run-lock.js';
import {
  finite,
  hasShape,
  list,
  object,
  oneOf,
  optional,
  table,
  text,
  whole,
  type Shape,
} from '../runs/shape.js';
import { notWritten, readStored } from '../runs/stored-file.js';
import type { Member } from './members.js';

/** The file that makes a folder a sweep. */
const sweepFile = 'sweep.json';

/** How far a member is: not begun, stopped in the middle, ended by a fault, or trained to its end. */
const memberStates = ['waiting', 'unfinished', 'failed', 'complete'] as const;
export type MemberState = (typeof memberStates)[number];

/** What is known of a member; its run is the folder of its name. */
export interface MemberResult extends Member {
  readonly state: MemberState;
  /** What ended it, where it failed. */
  readonly problem?: string | undefined;
  /** All weights of its network. */
  readonly weights: number;
  /** Its best epoch, by the first metric of the recipe; absent before the first one. */
  readonly best?: { readonly epoch: number; readonly value?: number | undefined } | undefined;
  /** Epochs done, and epochs that were asked for. */
  readonly epochs: number;
  readonly planned: number;
  /** Of all epochs, validations included. */
  readonly seconds: number;
}

/** The same values over all folds. */
export interface FoldsResult {
  readonly set: Readonly<Record<string, string>>;
  /** Folds that have a value. */
  readonly folds: number;
  readonly mean: number;
  /** The standard deviation of a sample; 0 of one fold. */
  readonly deviation: number;
}

/** The content of `sweep.json`, the best first. */
export interface SweepFile {
  readonly kind: 'unetc-sweep';
  /** The path of the spec. */
  readonly spec: string;
  /** The folder of the data. */
  readonly data: string;
  /** The metric that members are compared by; absent where the recipe has none. */
  readonly metric?: string | undefined;
  readonly better: 'higher' | 'lower';
  readonly members: readonly MemberResult[];
  /** Where all folds are trained. */
  readonly folds?: readonly FoldsResult[] | undefined;
}

const member = object<MemberResult>({
  name: text,
  set: table(text),
  fold: optional(whole(0)),
  state: oneOf(memberStates),
  problem: optional(text),
  weights: whole(0),
  best: optional(
    object<NonNullable<MemberResult['best']>>({ epoch: whole(1), value: optional(finite) }),
  ),
  epochs: whole(0),
  planned: whole(1),
  seconds: finite,
});

const shape: Shape<SweepFile> = object<SweepFile>({
  kind: oneOf(['unetc-sweep']),
  spec: text,
  data: text,
  metric: optional(text),
  better: oneOf(['higher', 'lower']),
  members: list(member),
  folds: optional(
    list(
      object<FoldsResult>({ set: table(text), folds: whole(1), mean: finite, deviation: finite }),
    ),
  ),
});

/** Whether a folder holds a sweep. */
const isSweep = (folder: string): boolean => isFile(join(folder, sweepFile));

/** Reads the sweep of a folder. */
export async function readSweep(folder: string): Promise<Result<SweepFile | undefined>> {
  const file = join(folder, sweepFile);
  const stored = await readStored(folder, sweepFile);
  if (stored.kind === 'missing') {
    const help = ['Without "--resume" a new sweep is started.'];
    const problem = createDiagnostic('sweep-missing', { folder }, { at: atFile(folder), help });
    return { value: undefined, diagnostics: [problem] };
  }
  const damaged = (reason: string): Result<undefined> => {
    const problem = createDiagnostic('run-file-damaged', { file, reason }, { at: atFile(file) });
    return { value: undefined, diagnostics: [problem] };
  };
  if (stored.kind === 'unreadable') return damaged(stored.problem);
  const parsed = parseJson(stored.bytes.toString('utf8'));
  if (parsed === undefined) return damaged('it is cut short, or no JSON');
  const checked = hasShape(parsed, shape);
  return 'problem' in checked
    ? damaged(checked.problem)
    : { value: checked.value, diagnostics: [] };
}

/** Writes the sweep of a folder; returns what went wrong. */
export async function writeSweep(folder: string, sweep: SweepFile): Promise<readonly Diagnostic[]> {
  const file = join(folder, sweepFile);
  try {
    await replaceFile(file, `${JSON.stringify(sweep, null, 2)}\n`);
    return [];
  } catch (error) {
    return [notWritten(file, error)];
  }
}

/** Reports a folder that a new sweep cannot be started in: one with content. */
export function checkNewSweepFolder(folder: string): readonly Diagnostic[] {
  const names = kindOf(folder) === 'missing' ? [] : listFolder(folder);
  if (names.every((name) => isLockFile(name) || isTemporary(name))) return [];
  const help = isSweep(folder)
    ? ['Go on with that sweep by "--resume", or choose another folder with "--out".']
    : ['Choose another folder with "--out".'];
  return [createDiagnostic('sweep-folder-exists', { folder }, { at: atFile(folder), help })];
}
