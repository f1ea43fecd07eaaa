import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { compileText, type CompiledModel, type CompileOptions } from '../../src/compile.js';
import { emitTypeScript } from '../../src/codegen/typescript/emit.js';

export const root = resolve(import.meta.dirname, '../..');
export const goldenFolder = join(root, 'test/golden');

/** One spec whose stages are kept as files. */
export interface Case {
  readonly name: string;
  /** The file's name, as messages and emitted modules give it. */
  readonly file: string;
  readonly text: string;
  /** Cases that start with `invalid-` must have errors. */
  readonly isValid: boolean;
}

/** Every spec of `specs/`, whose folders hold outputs alone, and every folder with a `spec.unet`. */
export function readCases(): readonly Case[] {
  const specs = readdirSync(join(root, 'specs'))
    .filter((file) => file.endsWith('.unet'))
    .map((file) => readCase(basename(file, '.unet'), join(root, 'specs', file)));
  const own = readdirSync(goldenFolder)
    .filter((name) => existsSync(join(goldenFolder, name, 'spec.unet')))
    .map((name) => readCase(name, join(goldenFolder, name, 'spec.unet')));
  return [...specs, ...own].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function readCase(name: string, path: string): Case {
  const text = readFileSync(path, 'utf8');
  return { name, file: basename(path), text, isValid: !name.startsWith('invalid-') };
}

/** A valid spec's models with the module that they become. */
export interface Emitted {
  readonly name: string;
  readonly models: readonly CompiledModel[];
  readonly code: string;
}

export async function emitCase(
  { name, file, text }: Case,
  options: CompileOptions = {},
): Promise<Emitted> {
  const { models } = compileText(file, text, options);
  const source = { file, set: options.set };
  return { name, models, code: await emitTypeScript(models, source) };
}
