import * as ts from 'typescript';
import { emitKeras } from '../../../src/codegen/keras/emit.js';
import { emitPyTorch } from '../../../src/codegen/pytorch/emit.js';
import type { TextTargetName } from '../../../src/codegen/text-targets.js';
import { writeModule } from '../../../src/codegen/typescript/emit.js';
import type { CompiledModel } from '../../../src/compile.js';
import { onnxModelOf, onnxText } from '../../codegen/onnx/model-text.js';
import { looseEnds } from '../../codegen/onnx/read-onnx.js';
import { pythonProblem } from './python-text.js';
import { subjectPath, type Property } from './property.js';

type Models = readonly CompiledModel[];
const source = { file: subjectPath };

/** What is no value in TypeScript, and in no text of ours. */
const noValue = /\bNaN\b|\[object Object\]/;
/** What JavaScript puts into a text by mistake: none of these words is Python's. */
const noPython = /\bNaN\b|\[object Object\]|\bundefined\b|\bnull\b|\bInfinity\b/;

/** Of each target, what is wrong with what models become; undefined for nothing. */
const faultOf: Readonly<Record<TextTargetName | 'onnx', (models: Models) => string | undefined>> = {
  ts(models) {
    const code = writeModule(models, source);
    if (noValue.test(code)) return `The module holds what is no value\n${code}`;
    const file = ts.createSourceFile('module.ts', code, ts.ScriptTarget.ES2022);
    const [problem] = (file as unknown as { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics;
    if (problem === undefined) return undefined;
    return `The module is no TypeScript\n${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}\n${code}`;
  },
  pytorch: (models) => pythonFault('PyTorch', emitPyTorch(models, source)),
  keras: (models) => pythonFault('Keras', emitKeras(models, source)),
  onnx(models) {
    for (const model of models) {
      const made = onnxModelOf(model);
      const [loose] = looseEnds({
        ...made,
        nodes: made.nodes.map(({ name, inputs, output }) => ({
          ...{ name, inputs },
          outputs: [...(output === 'first' ? [] : [`${name}:first`]), name],
        })),
        constants: made.constants.map(({ name }) => name),
      });
      if (loose !== undefined) return `The ONNX model does not hang together\n${loose}`;
      const text = onnxText(made);
      if (noValue.test(text)) return `The ONNX model holds what is no value\n${text}`;
    }
    return undefined;
  },
};

/** Models become something for every target that its programs can read, or a message says why not. */
export const emits: Property = {
  name: 'emits',
  check({ compilation: { models } }) {
    if (models.length === 0) return undefined;
    return Object.values(faultOf).reduce<string | undefined>(
      (found, fault) => found ?? fault(models),
      undefined,
    );
  },
};

interface MadeForPython {
  readonly value: { readonly text: string } | undefined;
  readonly diagnostics: readonly unknown[];
}

function pythonFault(title: string, { value, diagnostics }: MadeForPython): string | undefined {
  if (value === undefined) {
    return diagnostics.length > 0 ? undefined : `No module for ${title}, and no message`;
  }
  const problem = pythonProblem(value.text, noPython);
  return problem && `The module for ${title} ${problem}\n${value.text}`;
}
