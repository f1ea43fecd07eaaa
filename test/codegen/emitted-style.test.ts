import { beforeAll, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import * as fc from 'fast-check';
import { join } from 'node:path';
import { check } from 'prettier';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { compileText } from '../../src/compile.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { emitCase, readCases, root, type Emitted } from './cases.js';
import { randomSpec } from './random-specs.js';

/** Emitted modules pass the tools of the projects they go into. */

const modules: Emitted[] = [];
beforeAll(async () => {
  for (const each of readCases()) if (each.isValid) modules.push(await emitCase(each));
  const random = fc.sample(randomSpec, { numRuns: 15, seed: 20151 });
  for (const [index, text] of random.entries()) {
    if (hasErrors(compileText('random.unet', text).diagnostics)) continue;
    const each = { name: `random-${index}`, file: 'random.unet', text, isValid: true };
    modules.push(await emitCase(each));
  }
});

test('the strictest options of TypeScript', () => {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2022.d.ts'],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const texts = new Map(modules.map(({ name, code }) => [join(root, 'src', `${name}.ts`), code]));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile(file, language, ...rest)
      : ts.createSourceFile(file, text, language);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const messages = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
    return `${file?.fileName}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  expect(messages).toEqual([]);
});

test("prettier's own layout, as its TypeScript parser sees it", async () => {
  for (const { name, code } of modules) {
    expect([name, await check(code, { parser: 'typescript' })]).toEqual([name, true]);
  }
});

test('the recommended rules of eslint', async () => {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: tseslint.configs.recommended as never,
    cwd: root,
  });
  for (const { name, code } of modules) {
    const [result] = await eslint.lintText(code, { filePath: join(root, 'src', `${name}.ts`) });
    expect([name, result!.messages.map((message) => message.message)]).toEqual([name, []]);
  }
});

test('TensorFlow.js is all they import, and no `any` is in them', () => {
  for (const { code } of modules) {
    expect(code.match(/^import .*$/gm)).toEqual(['import * as tf from "@tensorflow/tfjs";']);
    expect(code).not.toMatch(/[:<|&]\s*any\b|\bas any\b/);
  }
});
