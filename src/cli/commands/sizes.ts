import type { CompiledModel } from '../../compile.js';
import { affineSize, type AxisAnalysis, type LegalResidue } from '../../ir/sizes/analysis.js';
import { describeScales } from '../../ir/sizes/describe-scales.js';
import { affineText, describeSize } from '../../ir/sizes/describe.js';
import { describeLegal } from '../../ir/sizes/legal-text.js';
import { defineCommand } from '../command.js';
import { compileOne, modelOption, setOption, specArgument } from '../one-model.js';
import { renderColumns } from '../table.js';

/** `unetc sizes SPEC`: every legal input size, and the output as a function of it. */
export const sizesCommand = defineCommand({
  name: 'sizes',
  description:
    'Prints every legal input size of a model, axis by axis, and the size of each output\n' +
    'as a function of the input.',
  arguments: [specArgument],
  options: {
    json: { kind: 'flag', help: 'print one JSON object on stdout' },
    set: setOption,
    model: modelOption,
  },
  examples: [
    { call: 'unetc sizes net.unet', remark: 'what may go in, what comes out' },
    { call: 'unetc sizes net.unet --json --set base=32', remark: 'for a script' },
  ],
  async run({ arguments: [path], options }, context) {
    const answer = await compileOne(path!, options, context);
    if (answer.kind === 'failed') return answer.code;
    const { model } = answer;
    if (options.json) context.stdout.json(toJson(model));
    else context.stdout.write(renderSizes(model));
    return 0;
  },
});

/** The sizes as plain data: an output's size is scale * input + offset, for each residue. */
function toJson(model: CompiledModel): unknown {
  const axis = (analysis: AxisAnalysis): unknown => ({
    input: analysis.input,
    modulus: analysis.modulus,
    residues: accepted(analysis).map((legal) => ({
      residue: legal.residue,
      minimum: legal.minimum,
      maximum: legal.maximum === Infinity ? null : legal.maximum,
      outputs: model.graph.outputs.map((output) => ({
        name: output.name,
        ...affineSize(analysis, legal, output.node),
      })),
    })),
  });
  const { height, width } = model.sizes;
  return { model: model.name, height: axis(height), width: axis(width) };
}

/** The legal residues; a fixed size leaves only itself. */
function accepted(analysis: AxisAnalysis): readonly LegalResidue[] {
  const { input } = analysis;
  if (typeof input === 'string') return analysis.residues;
  return analysis.residues
    .filter((legal) => legal.residue === input % analysis.modulus)
    .map((legal) => ({ ...legal, minimum: input, maximum: input }));
}

/** The legal sizes of both axes as tables. */
export function renderSizes(model: CompiledModel): string {
  const { height, width } = model.sizes;
  return [
    `${model.name}\n`,
    renderAxis('height', height, model),
    renderAxis('width', width, model),
    ...describeScales(model.graph, model.sizes).map((sentence) => `${sentence}\n`),
  ].join('\n');
}

function renderAxis(title: string, analysis: AxisAnalysis, model: CompiledModel): string {
  const { input, modulus } = analysis;
  if (typeof input === 'number') return renderFixedAxis(title, input, analysis, model);
  if (analysis.residues.length > rowLimit) return renderManyResidues(title, input, analysis, model);
  const { outputs } = model.graph;
  const isBounded = analysis.residues.some(({ maximum }) => maximum !== Infinity);
  const header = [
    `  ${input} mod ${modulus}`,
    'minimum',
    ...(isBounded ? ['maximum'] : []),
    ...outputs.map((output) => output.name),
  ];
  const rows = analysis.residues.map((residue) => [
    String(residue.residue),
    String(residue.minimum),
    ...(isBounded ? [residue.maximum === Infinity ? '' : String(residue.maximum)] : []),
    ...outputs.map((output) => affineText(input, affineSize(analysis, residue, output.node))),
  ]);
  const numbers = isBounded ? 3 : 2;
  const alignments = header.map(
    (_, column) => (column < numbers ? 'right' : 'left') as 'right' | 'left',
  );
  return `${title}: ${describeLegal(analysis)}\n${renderColumns([header, ...rows], alignments)}`;
}

/** More rows than are read. */
const rowLimit = 64;

/** An axis with hundreds of legal residues: one formula for each output, where there is one. */
function renderManyResidues(
  title: string,
  input: string,
  analysis: AxisAnalysis,
  { graph }: CompiledModel,
): string {
  const { residues, modulus } = analysis;
  const minima = residues.map(({ minimum }) => minimum);
  const range = [Math.min(...minima), Math.max(...minima)].join(' to ');
  const outputs = graph.outputs.map(({ name, node }) => [
    `  ${name}`,
    describeSize(analysis, node),
  ]);
  const isRough = outputs.some(([, size]) => size!.startsWith('~'));
  return [
    `${title}: ${describeLegal(analysis)}`,
    `  ${residues.length} of ${modulus} residues of ${input} mod ${modulus} are legal, each from its minimum on: ${range}`,
    renderColumns(outputs, ['left', 'left']).trimEnd(),
    `  ${isRough ? '"~" leaves out an offset that differs by residue; "' : '"'}--json" lists every residue\n`,
  ].join('\n');
}

/** An axis whose size the spec fixes: every output has one size. */
function renderFixedAxis(
  title: string,
  size: number,
  analysis: AxisAnalysis,
  { graph }: CompiledModel,
): string {
  const outputs = graph.outputs.map(({ name, node }) => [
    `  ${name}`,
    describeSize(analysis, node),
  ]);
  return `${title}: fixed at ${size}\n${renderColumns(outputs, ['left', 'right'])}`;
}
