import { resolve } from 'node:path';
import { defineCommand } from '../command.js';
import { predictionEngineOption, predictionThreadsOption } from '../engine-options.js';
import { displayedPath, reportDiagnostics } from '../report.js';
import { completeEvaluation } from '../run-report.js';

/** `unetc report RUN...`: the page that shows what a run did, or how several compare. */
export const reportCommand = defineCommand({
  name: 'report',
  description:
    'Makes the report of a run, one HTML page that needs no network: curves, metrics by class,\n' +
    'confusion, calibration, images with truth and prediction, the network, settings and times.\n' +
    'Of several runs it makes a page that compares them. "unetc train" makes the report of its\n' +
    'run by itself; weights that were not evaluated on the validation images yet are now.',
  arguments: [
    { name: 'RUN', help: 'the folder that "unetc train" has made, or several', repeated: true },
  ],
  options: {
    out: {
      kind: 'text',
      value: 'FILE',
      help: 'the page; RUN/report.html, or comparison.html of several runs, unless given',
    },
    data: {
      kind: 'text',
      value: 'DIR',
      help: 'the folder of the data, where it is no longer that of the training',
    },
    engine: predictionEngineOption,
    threads: predictionThreadsOption,
  },
  examples: [
    { call: 'unetc report runs/cells', remark: 'runs/cells/report.html' },
    { call: 'unetc report runs/a runs/b --out ab.html', remark: 'two runs side by side' },
  ],
  async run({ arguments: given, options }, context) {
    const { out, data, engine, threads } = options;
    const folders = [...new Set(given.map((path) => resolve(context.folder, path)))];
    for (const folder of folders) {
      const wishes = {
        data: data === undefined ? undefined : resolve(context.folder, data),
        engine: { kind: 'start', wishes: { engine, threads } } as const,
      };
      await completeEvaluation(folder, wishes, context);
    }
    const { writeComparison, writeReport } = await import('../../runtime/report/write-report.js');
    const file = out === undefined ? undefined : resolve(context.folder, out);
    const { value, diagnostics } =
      folders.length === 1
        ? await writeReport(folders[0]!, file)
        : await writeComparison(folders, file ?? resolve(context.folder, 'comparison.html'));
    if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
    if (value === undefined) return 1;
    context.stdout.line(displayedPath(value, context.folder));
    return 0;
  },
});
