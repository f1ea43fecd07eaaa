import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { trainingFiles } from '../../../../src/cli/commands/build/training-files.js';
import { compileText, type CompiledModel } from '../../../../src/compile.js';
import { root } from '../../cases.js';

/** The files that train the model of a text; the module is called `small.py`. */
export function filesOf(text: string): {
  readonly model: CompiledModel;
  readonly files: ReadonlyMap<string, string>;
} {
  const { models, diagnostics } = compileText('small.unet', text);
  const [model] = models;
  if (model === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const emitted = trainingFiles('small.py', 'small.unet', models, { file: 'small.unet' });
  if (emitted.value === undefined) {
    throw new Error(emitted.diagnostics.map(({ message }) => message).join('\n'));
  }
  return { model, files: emitted.value };
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** A tensor for Python. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What a script is asked for; `test/python/training.py` says what comes back. */
export interface Question {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  readonly outputs: readonly PlainTensor[];
  readonly mask: PlainTensor;
  readonly maps?: PlainTensor;
  readonly images: readonly { readonly p: PlainTensor; readonly mask: PlainTensor }[];
  readonly epochs: readonly [batches: number, epochs: number];
  readonly steps: number;
  readonly optimizer: {
    readonly weights: Readonly<Record<string, PlainTensor>>;
    readonly gradients: readonly Readonly<Record<string, PlainTensor>>[];
  };
}

export interface ScriptAnswer {
  readonly losses: readonly number[];
  readonly total: number;
  readonly gradients: readonly (readonly number[])[];
  readonly metrics: Readonly<
    Record<string, { readonly mean: number | null; readonly classes: readonly (number | null)[] }>
  >;
  readonly unpredicted: readonly { readonly class: number; readonly pixels: number }[];
  readonly rates: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/** Asks scripts for numbers, all in one call of Python. */
export function askScripts(
  python: string,
  questions: readonly Question[],
): Readonly<Record<string, ScriptAnswer>> {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-scripts-'));
  try {
    const cases = questions.map(({ files, ...rest }) => {
      writeFiles(join(folder, rest.name), files);
      return rest;
    });
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
    const script = join(root, 'test/python/training.py');
    const { status, stdout, stderr } = spawnSync(python, ['-B', script, folder], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Readonly<Record<string, ScriptAnswer>>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
