import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import ts from 'typescript';
import { customLayerFiles } from '../src/codegen/tfjs/layers.js';

/**
 * Gathers the text of every custom layer for the emitter, which has no files at
 * hand: without its import of TensorFlow.js, which the emitted module has, and
 * without `export`, since the module's users need only the model.
 */
export async function renderLayerSources(): Promise<string> {
  const entries = Object.entries(customLayerFiles).map(([className, file]) => {
    const text = readFileSync(`src/runtime/layers/${file}`, 'utf8')
      .replace("import * as tf from '@tensorflow/tfjs';\n", '')
      .replace(/^export /gm, '')
      .trim();
    return `${className}: ${JSON.stringify(text)}`;
  });
  const text = [
    '// Made by `npm run generate` from src/runtime/layers; edits are lost.',
    "import type { CustomLayer } from '../tfjs/layers.js';",
    '',
    '/** The source text of each layer that TensorFlow.js lacks; it ends by registering its class. */',
    `export const layerSources: Readonly<Record<CustomLayer, string>> = {${entries.join(',\n')}};`,
  ].join('\n');
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 100 });
}

/**
 * Gathers every custom layer as JavaScript, for the module beside a saved model; as
 * above without import and export.
 */
export async function renderLayerModules(): Promise<string> {
  const entries = Object.entries(customLayerFiles).map(async ([className, file]) => {
    const source = readFileSync(`src/runtime/layers/${file}`, 'utf8')
      .replace("import * as tf from '@tensorflow/tfjs';\n", '')
      .replace(/^export /gm, '')
      // The compiler drops empty lines; comments bring them through.
      .replace(/^$/gm, '//:');
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    const script = ts.transpileModule(source, { compilerOptions }).outputText;
    const bare = script.replace(/^\s*\/\/:$/gm, '').replace(/^export \{\};$/gm, '');
    const laidOut = await format(bare, { parser: 'babel', singleQuote: true, printWidth: 100 });
    return `${className}: ${JSON.stringify(laidOut.trim())}`;
  });
  const text = [
    '// Made by `npm run generate` from src/runtime/layers; edits are lost.',
    "import type { CustomLayer } from '../../codegen/tfjs/layers.js';",
    '',
    '/** Each layer that TensorFlow.js lacks as JavaScript; it ends by registering its class. */',
    `export const layerModules: Readonly<Record<CustomLayer, string>> = {${(await Promise.all(entries)).join(',\n')}};`,
  ].join('\n');
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 100 });
}

/** Where that text lies. */
export const layerModulesPath = 'src/runtime/exports/layer-modules.generated.ts';

/** Where the text for emitters lies. */
export const layerSourcesPath = 'src/codegen/typescript/layer-sources.generated.ts';
