import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root } from './cases.js';

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>;

const folder = join(root, `.tmp/modules-${process.pid}`);
let count = 0;

/** Runs an emitted module; its file lies where it finds TensorFlow.js. */
export async function loadModule(code: string): Promise<Exports> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${(count += 1)}.mjs`);
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  writeFileSync(file, ts.transpileModule(code, { compilerOptions }).outputText);
  return (await import(pathToFileURL(file).href)) as Exports;
}

/**
 * Runs an emitted module without a file, given what it imports. Unlike an imported
 * module it is freed when it is no longer used.
 */
export function evaluateModule(code: string, imports: Exports): Exports {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const exports: Record<string, unknown> = {};
  const require = (name: string): unknown => imports[name];

  const run = new Function(
    'exports',
    'require',
    ts.transpileModule(code, { compilerOptions }).outputText,
  );
  run(exports, require);
  return exports;
}

/** Deletes the files of all modules; call it when the tests of a file are over. */
export const removeModules = (): void => rmSync(folder, { recursive: true, force: true });
