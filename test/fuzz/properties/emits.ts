import * as ts from 'typescript';
import { writeModule } from '../../../src/codegen/typescript/emit.js';
import { subjectPath, type Property } from './property.js';

/** Models become a module that TypeScript can read. */
export const emits: Property = {
  name: 'emits',
  check({ compilation: { models } }) {
    if (models.length === 0) return undefined;
    const code = writeModule(models, { file: subjectPath });
    if (/\bNaN\b|\[object Object\]/.test(code)) return `The module holds what is no value\n${code}`;
    const file = ts.createSourceFile('module.ts', code, ts.ScriptTarget.ES2022);
    const [problem] = (file as unknown as { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics;
    if (problem === undefined) return undefined;
    return `The module is no TypeScript\n${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}\n${code}`;
  },
};
