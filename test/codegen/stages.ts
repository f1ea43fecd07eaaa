import { emitKeras } from '../../src/codegen/keras/emit.js';
import { emitPyTorch } from '../../src/codegen/pytorch/emit.js';
import { emitTypeScript } from '../../src/codegen/typescript/emit.js';
import { expandText } from '../../src/expand-text.js';
import { compileText, type CompiledModel } from '../../src/compile.js';
import { renderText } from '../../src/diagnostics/render-text.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import type { Op } from '../../src/ir/operations/ops.js';
import { describeSize } from '../../src/ir/sizes/describe.js';
import { describeLegal } from '../../src/ir/sizes/legal-text.js';
import { weightsOf } from '../../src/codegen/tfjs/weights.js';
import { formatText } from '../../src/parser/format/format.js';
import type { Case } from './cases.js';
import { onnxModelOf, onnxText } from './onnx/model-text.js';

/** What every stage makes of a spec, by the name of the file that holds it. */
export async function renderStages({ file, text }: Case): Promise<ReadonlyMap<string, string>> {
  const { source, parsed, models, diagnostics } = compileText(file, text);
  const stages = new Map<string, string>();
  stages.set('ast.txt', `${treeLines('file', parsed.file).join('\n')}\n`);
  const lookup = (name: string) => (name === file ? source : undefined);
  stages.set('diagnostics.txt', renderText(diagnostics, { lookup, colour: false, width: 100 }));
  const formatted = formatText(source);
  if (!hasErrors(formatted.diagnostics)) stages.set('formatted.unet', formatted.value);
  if (hasErrors(diagnostics)) return stages;
  const [first] = models;
  if (first !== undefined) stages.set('expanded.unet', expandText(source, first));
  stages.set('ir.txt', models.map(graphText).join('\n'));
  const code = await emitTypeScript(models, { file });
  stages.set('out.ts', code);
  const module = emitPyTorch(models, { file });
  if (module.value !== undefined) stages.set('out.py', module.value.text);
  const model = emitKeras(models, { file });
  if (model.value !== undefined) stages.set('out_keras.py', model.value.text);
  stages.set('out.onnx.txt', models.map((each) => onnxText(onnxModelOf(each))).join('\n'));
  return stages;
}

const hidden = new Set(['kind', 'span', 'operatorSpan', 'open', 'close']);

/** A syntax tree with one line for each node and an indent for each level; places are left out. */
function treeLines(label: string, tree: unknown, indent = ''): readonly string[] {
  if (Array.isArray(tree)) {
    return tree.flatMap((item, index) => treeLines(`${label} ${index + 1}`, item, indent));
  }
  if (typeof tree !== 'object' || tree === null) {
    return [`${indent}${label}: ${JSON.stringify(tree)}`];
  }
  const fields = Object.entries(tree).filter(
    ([key, value]) => !hidden.has(key) && value !== undefined && value !== null,
  );
  const isFlat = (value: unknown): boolean => typeof value !== 'object';
  const words = fields
    .filter(([, value]) => isFlat(value))
    .map(([key, value]) => (key === 'text' ? String(value) : `${key}=${JSON.stringify(value)}`));
  const kind = (tree as { readonly kind?: string }).kind;
  const title = [`${label}:`, ...(kind === undefined ? [] : [kind]), ...words].join(' ');
  const inner = fields
    // Imports come first; a file without any looks as if there were none.
    .filter(([key, value]) => !isFlat(value) && !(key === 'imports' && isEmpty(value)))
    .flatMap(([key, value]) => treeLines(key, value, `${indent}  `));
  return [indent + title, ...inner];
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** A graph as a table: a line for each node with its inputs, its size and its parameters. */
function graphText({ graph, sizes }: CompiledModel): string {
  const rows = graph.nodes.map((node) => {
    const parameters = weightsOf(graph, node).reduce(
      (sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1),
      0,
    );
    const size = [sizes.height, sizes.width].map((axis) => describeSize(axis, node.id));
    return [
      node.name,
      opText(node.op),
      node.inputs.map((input) => graph.nodes[input]!.name).join(', '),
      `${size.join(' x ')} x ${node.channels}`,
      parameters === 0 ? '' : String(parameters),
    ];
  });
  const titles = ['node', 'operation', 'inputs', 'size', 'parameters'];
  const table = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const total = rows.reduce((sum, row) => sum + Number(row[4]), 0);
  const legal = `${describeLegal(sizes.height)}; ${describeLegal(sizes.width)}`;
  const outputs = graph.outputs.map(({ name, values }) => `${name} (${values})`).join(', ');
  const facts = [`legal: ${legal}`, `outputs: ${outputs}`, `parameters: ${total}`];
  return [`model ${graph.model}`, ...facts, '', ...lines, ''].join('\n');
}

/** What attributes mostly are; the table says only what differs. */
const usual: Readonly<Record<string, string>> = {
  ...{ stride: '1', dilation: '1', groups: '1', padding: '0' },
  ...{ bias: 'true', initializer: 'he_normal' },
};

function opText({ kind, ...attributes }: Op): string {
  const words = Object.entries(attributes)
    .map(([key, value]) => [key, valueText(value)] as const)
    .filter(([key, text]) => usual[key] !== text)
    .map(([key, text]) => `${key}=${text}`);
  return [kind, ...words].join(' ');
}

/** Pairs and edges as one number where all are equal: `3`, `3x1`, `0,1,0,1` from the top by the bottom and the left. */
function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Object.values(value).map(String);
  const isAlike = parts.every((part) => part === parts[0]);
  return isAlike ? parts[0]! : parts.join(Array.isArray(value) ? 'x' : ',');
}
