import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { customLayerFiles } from '../src/ir/layers.js';

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
    "import type { CustomLayer } from '../../ir/layers.js';",
    '',
    '/** The source text of each layer that TensorFlow.js lacks; it ends by registering its class. */',
    `export const layerSources: Readonly<Record<CustomLayer, string>> = {${entries.join(',\n')}};`,
  ].join('\n');
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 100 });
}

/** Where that text lies. */
export const layerSourcesPath = 'src/codegen/typescript/layer-sources.generated.ts';
