import { hasErrors } from '../../diagnostics/diagnostic.js';
import { summarise, type ModelSummary } from '../../ir/reports/summary.js';
import type { ModelMemory } from '../../runtime/memory/model-memory.js';
import { defineCommand } from '../command.js';
import { reportDiagnostics, reportUsage } from '../report.js';
import { checkSize, readSize, sizeOption } from '../size-option.js';
import { formOf, formOptions } from '../model-form.js';
import { compileOne, modelOption, setOption, specArgument } from '../one-model.js';
import { renderColumns } from '../table.js';

/** `unetc summary SPEC`: every stage with its size and cost, and the totals. */
export const summaryCommand = defineCommand({
  name: 'summary',
  description:
    'Prints every stage of a model with its size, parameters and multiply-adds, and the totals.\n' +
    'Without --size, sizes are symbols, and costs are those of the example size named.',
  arguments: [specArgument],
  options: {
    size: sizeOption,
    json: { kind: 'flag', help: 'print one JSON object on stdout' },
    ...formOptions,
    set: setOption,
    model: modelOption,
  },
  examples: [
    { call: 'unetc summary net.unet --size 572x572', remark: 'sizes as numbers' },
    { call: 'unetc summary net.unet --json', remark: 'for a script' },
  ],
  async run({ arguments: [path], options }, context) {
    const given = readSize(options.size);
    if ('diagnostics' in given) return reportUsage(given.diagnostics, context, 'summary');
    const { size } = given;
    const answer = await compileOne(path!, options, context);
    if (answer.kind === 'failed') return answer.code;
    const { source } = answer;
    const form = formOf(answer.model, options);
    if ('diagnostics' in form) return reportUsage(form.diagnostics, context, 'summary');
    const { model } = form;
    const problems = checkSize(model, size);
    if (hasErrors(problems)) return reportDiagnostics(problems, context, { sources: [source] });
    const summary = summarise(model.graph, model.sizes, size, model.unfolded.lattice);
    const { modelMemory } = await import('../../runtime/memory/model-memory.js');
    const memory = modelMemory(model, summary.size);
    if (options.json) context.stdout.json({ ...toJson(summary), memory });
    else context.stdout.write(renderSummary(summary, memory));
    return 0;
  },
});

/** Infinite receptive fields (after global pooling) have no JSON number. */
function toJson(summary: ModelSummary): object {
  const finite = (pair: readonly [number, number]): readonly (number | null)[] =>
    pair.map((side) => (Number.isFinite(side) ? side : null));
  return {
    ...summary,
    receptiveField: finite(summary.receptiveField),
    outputs: summary.outputs.map((output) => ({
      ...output,
      receptiveField: finite(output.receptiveField),
    })),
    stages: summary.stages.map((stage) => ({
      ...stage,
      receptiveField: finite(stage.receptiveField),
    })),
  };
}

/** The summary as the command prints it. */
export function renderSummary(summary: ModelSummary, memory?: ModelMemory): string {
  const [height, width] = summary.size;
  const rows = summary.stages.map((stage) => [
    stage.name,
    stage.operations,
    stage.shape.join(' x '),
    stage.parameters === 0 ? '' : count(stage.parameters),
    stage.macs === 0 ? '' : count(stage.macs),
    stage.receptiveField
      .map((side) => (Number.isFinite(side) ? Math.round(side) : 'all'))
      .join(' x '),
  ]);
  const header = ['stage', 'operations', 'output', 'parameters', 'multiply-adds', 'sees'];
  const { parameters } = summary;
  return [
    `${summary.model}, at ${height} x ${width}`,
    '',
    renderColumns([header, ...rows], ['left', 'left', 'left', 'right', 'right', 'right']),
    `parameters       ${count(parameters.total)}, ${count(parameters.trainable)} of them trained`,
    ...summary.forms.map(
      ({ column, output, parameters: form }) =>
        `pruned to ${column}      ${count(form.total)}, ${count(form.trainable)} of them trained ("${output}")`,
    ),
    `multiply-adds    ${count(summary.macs)}`,
    `activations      ${megabytes(summary.activationBytes)} for one image in training`,
    ...(memory === undefined ? [] : renderMemory(memory)),
    `receptive field  ${summary.receptiveField.map((side) => (Number.isFinite(side) ? Math.round(side) : 'all')).join(' x ')}`,
    ...summary.scales,
    '',
  ].join('\n');
}

/** What predicting and training take at the size that costs are counted at. */
function renderMemory({ weights, prediction, training }: ModelMemory): readonly string[] {
  return [
    `weights          ${megabytes(weights)}`,
    `memory           about ${megabytes(prediction)} to predict an image, ${megabytes(training)} to train with a batch of one`,
  ];
}

const count = (value: number): string => value.toLocaleString('en-US');
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
