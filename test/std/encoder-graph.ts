import type { Graph } from '../../src/ir/graph.js';
import { compile } from '../frontend/compile.js';

/** A model of an encoder of the standard library alone, with a head on each of these taps. */
export function encoderGraph(call: string, taps: readonly string[]): Graph {
  const [name, fields = ''] = call.split(/\s*\{|\}/);
  const file = name === 'vgg16' ? 'vgg' : name;
  return compile(`import ${name} from "std/${file}"
    model Alone {
      input image: [H, W, 3]
      encoder ${name} { ${fields.trim() === '' ? '' : `${fields},`} taps: [${taps.join(', ')}] }
      ${taps.map((tap) => `head head_${tap}: ${tap} -> identity`).join('\n')}
    }`).graph;
}
