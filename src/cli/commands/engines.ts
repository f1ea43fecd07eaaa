import { engineTable, type ComputingName } from '../../runtime/engines/engine-table.js';
import { listEngines } from '../../runtime/engines/list-engines.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { defineCommand } from '../command.js';
import type { CommandContext, ExitCode } from '../context.js';
import { probeApart, probeHere, isTested, type EngineReport } from '../engines/probe.js';
import { renderReports } from '../engines/render-reports.js';
import { renderTimes } from '../engines/render-times.js';
import { installable, type InstallableEngine } from '../engines/install/installable.js';
import { nowhere, reportDiagnostics, reportUsage } from '../report.js';

/** `unetc engines`: what can compute here, whether it computes rightly, and how to get the rest. */
export const enginesCommand = defineCommand({
  name: 'engines',
  description:
    'Lists the engines that train and predict: what of each is here, what is missing and how to\n' +
    'get it. Each that is complete makes a known training step, in a process of its own, and is\n' +
    'compared with stored numbers. "install ENGINE" brings what is missing of one, into the folder\n' +
    'of its own package alone.',
  arguments: [
    {
      name: 'ENGINE',
      help: 'an engine to look at, all unless given; or "install" and one',
      optional: true,
      repeated: true,
    },
  ],
  options: {
    json: { kind: 'flag', help: 'print the list as one JSON array on stdout' },
    bench: { kind: 'flag', help: 'take the times of a small and a large network on each' },
    libtensorflow: {
      kind: 'text',
      value: 'FOLDER',
      help: 'with install: the TensorFlow to link to, such as site-packages/tensorflow',
    },
  },
  examples: [
    { call: 'unetc engines', remark: 'all engines' },
    { call: 'unetc engines --bench', remark: 'which is fastest here' },
    { call: 'unetc engines --json', remark: 'for a script' },
    { call: 'unetc engines install tfjs-node', remark: 'by npm, and its native part' },
  ],
  async run({ arguments: given, options }, context) {
    const installs = given[0] === 'install';
    const wrong = [...(installs ? checkInstall(given) : checkNames(given))];
    if (!installs && options.libtensorflow !== undefined) {
      const parameters = { option: '--libtensorflow', other: 'install' };
      wrong.push(createDiagnostic('option-needs-other', parameters, { at: nowhere }));
    }
    if (wrong.length > 0) return reportUsage(wrong, context, 'engines');
    if (installs) return install(given[1] as InstallableEngine, options.libtensorflow, context);
    const all = Object.keys(engineTable) as ComputingName[];
    const names = given.length === 0 ? all : (given as ComputingName[]);
    const reports = await probeAll(names, options.bench, context);
    if (options.json) context.stdout.json(reports);
    else context.stdout.write(options.bench ? renderTimes(reports) : renderReports(reports));
    return 0;
  },
});

/** Installs an engine, and tests it where all of it is there then. */
async function install(
  name: InstallableEngine,
  libtensorflow: string | undefined,
  context: CommandContext,
): Promise<ExitCode> {
  const { installEngine } = await import('../engines/install/install-engine.js');
  const problems = await installEngine(name, libtensorflow, context);
  if (problems.length > 0) return reportDiagnostics(problems, context);
  const { program } = context;
  const report = await (program === undefined ? probeHere(name) : probeApart(name, program));
  context.stdout.write(renderReports([report]));
  return report.trial !== undefined && report.trial.fault === undefined ? 0 : 1;
}

/** One engine in this process; several one after the other, each in its own, so that none slows another down. */
async function probeAll(
  names: readonly ComputingName[],
  isTimed: boolean,
  { program, stderr }: CommandContext,
): Promise<readonly EngineReport[]> {
  if (names.length === 1) return [await probeHere(names[0]!, isTimed)];
  const reports: EngineReport[] = [];
  for (const name of names) {
    stderr.status(`${name}  testing`);
    reports.push(await probeOneOf(name, isTimed, program));
  }
  stderr.status('');
  return reports;
}

async function probeOneOf(
  name: ComputingName,
  isTimed: boolean,
  program: string | undefined,
): Promise<EngineReport> {
  if (program === undefined) return (await listEngines([name]))[0]!;
  // PyTorch is in a process of its own already.
  if (!isTested(name)) return probeHere(name, isTimed);
  // One step of "cpu" takes longer than all others together: its times are for those who name it.
  return probeApart(name, program, isTimed && name !== 'cpu');
}

function checkInstall([, name, ...more]: readonly string[]): readonly Diagnostic[] {
  const known = Object.keys(installable);
  if (name !== undefined && known.includes(name) && more.length === 0) return [];
  const reporter = new Reporter();
  const help = [`Engines to install: ${known.join(', ')}.`];
  const wanted = more.length === 0 ? (name ?? '') : [name, ...more].join(' ');
  reporter.report('engine-unknown', { name: wanted }, { at: nowhere, help });
  return reporter.diagnostics;
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
