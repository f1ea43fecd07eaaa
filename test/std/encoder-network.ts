import type { CompiledModel } from '../../src/compile.js';
import { compile } from '../frontend/compile.js';

/** A model of an encoder of the standard library alone, with a head on each of these taps. */
export function encoderNetwork(call: string, taps: readonly string[]): CompiledModel {
  const [name, fields = ''] = call.split(/\s*\{|\}/);
  const file = name === 'vgg16' ? 'vgg' : name;
  return compile(`import ${name} from "std/${file}"
    model Alone {
      input image: [H, W, 3]
      encoder ${name} { ${fields.trim() === '' ? '' : `${fields},`} taps: [${taps.join(', ')}] }
      ${taps.map((tap) => `head head_${tap}: ${tap} -> identity`).join('\n')}
    }`);
}
