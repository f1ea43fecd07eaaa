import { engineTable, type ComputingName } from '../../runtime/engines/engine-table.js';
import { listEngines } from '../../runtime/engines/list-engines.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../context.js';
import { probeApart, probeHere, isEngineName, type EngineReport } from '../engines/probe.js';
import { renderReports } from '../engines/render-reports.js';
import { nowhere, reportUsage } from '../report.js';

/** `unetc engines`: what can compute here, whether it computes rightly, and how to get the rest. */
export const enginesCommand = defineCommand({
  name: 'engines',
  description:
    'Lists the engines that train and predict: what of each is here, what is missing and how to\n' +
    'get it. Each that is complete makes a known training step, in a process of its own, and is\n' +
    'compared with stored numbers.',
  arguments: [
    {
      name: 'ENGINE',
      help: 'an engine to look at; all unless given',
      optional: true,
      repeated: true,
    },
  ],
  options: { json: { kind: 'flag', help: 'print the list as one JSON array on stdout' } },
  examples: [
    { call: 'unetc engines', remark: 'all engines' },
    { call: 'unetc engines --json', remark: 'for a script' },
  ],
  async run({ arguments: given, options }, context) {
    const wrong = checkNames(given);
    if (wrong.length > 0) return reportUsage(wrong, context, 'engines');
    const all = Object.keys(engineTable) as ComputingName[];
    const names = given.length === 0 ? all : (given as ComputingName[]);
    const reports = await probeAll(names, context);
    if (options.json) context.stdout.json(reports);
    else context.stdout.write(renderReports(reports));
    return 0;
  },
});

/** One engine in this process; several one after the other, each in its own, so that none slows another down. */
async function probeAll(
  names: readonly ComputingName[],
  { program, stderr }: CommandContext,
): Promise<readonly EngineReport[]> {
  if (names.length === 1) return [await probeHere(names[0]!)];
  const reports: EngineReport[] = [];
  for (const name of names) {
    stderr.status(`${name}  testing`);
    const isApart = isEngineName(name) && program !== undefined;
    reports.push(isApart ? await probeApart(name, program) : (await listEngines([name]))[0]!);
  }
  stderr.status('');
  return reports;
}

function checkNames(given: readonly string[]): readonly Diagnostic[] {
  const reporter = new Reporter();
  const known = Object.keys(engineTable);
  for (const name of given) {
    if (known.includes(name)) continue;
    const help = [didYouMean(name, known) ?? `Engines: ${known.join(', ')}.`];
    reporter.report('engine-unknown', { name }, { at: nowhere, help });
  }
  return reporter.diagnostics;
}
