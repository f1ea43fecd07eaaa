import { shellWord } from '../files/index.js';
import { createDiagnostic } from '../diagnostics/report.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { HostError } from '../host.js';
import { describeFailure } from '../runtime/engines/describe-failure.js';
import { version } from '../version.js';
import { commandTable } from './command-table.js';
import type { CommandContext, ExitCode } from './context.js';
import { renderCommandHelp, renderProgramHelp } from './help.js';
import { emptyArgumentHelp, parseArguments } from './parse-arguments.js';
import { nowhere, reportDiagnostics, reportUsage, wholeFile } from './report.js';

/**
 * Runs the program on its words and returns the exit code. Whatever escapes from
 * a command is our bug: it alone is shown with the version and the stack. But
 * memory may be full everywhere, and an engine that failed ends any command.
 */
export async function runCli(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    return await runCommand(words, context);
  } catch (error) {
    if (error instanceof HostError) return reportHostError(error, context);
    const failure = describeFailure(error);
    if (failure !== undefined) return reportDiagnostics([failure], context);
    context.stderr.write(describeBug(error));
    return 70;
  }
}

async function runCommand(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [name, ...rest] = words;
  switch (name) {
    case undefined: {
      context.stderr.write(`${renderProgramHelp()}\n`);
      const missing = createDiagnostic('missing-command', {}, { at: nowhere });
      return reportUsage([missing], context);
    }
    case '--version':
    case '-v':
      context.stdout.write(`${version}\n`);
      return 0;
    case '--help':
    case '-h':
      context.stdout.write(renderProgramHelp());
      return 0;
    case 'help':
      return runCommand(rest.length === 0 ? ['--help'] : [rest[0]!, '--help'], context);
    default:
      return runNamed(name, rest, context);
  }
}

async function runNamed(
  name: string,
  words: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const entry = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined;
  if (entry === undefined) return reportUnknownCommand(name, context);
  const command = await entry.load();
  const parsed = parseArguments(command, words);
  switch (parsed.kind) {
    case 'help':
      context.stdout.write(renderCommandHelp(command));
      return 0;
    case 'wrong':
      return reportUsage(parsed.diagnostics, context, command.name);
    case 'call':
      return command.run(parsed.invocation, context);
  }
}

function reportUnknownCommand(name: string, context: CommandContext): ExitCode {
  if (name === '') {
    const parameters = { command: 'unetc', expected: 'a command' };
    const help = [emptyArgumentHelp];
    return reportUsage(
      [createDiagnostic('empty-argument', parameters, { at: nowhere, help })],
      context,
    );
  }
  const looksLikeFile = name.endsWith('.unet') || context.host.kindOf(name) !== 'missing';
  const meant = looksLikeFile
    ? `Did you mean "unetc check ${shellWord(name)}"?`
    : didYouMean(name, Object.keys(commandTable));
  const help = [meant ?? `Commands: ${Object.keys(commandTable).join(', ')}.`];
  const at = nowhere;
  return reportUsage([createDiagnostic('unknown-command', { name }, { at, help })], context);
}

/** A file that became unreachable between being found and being used. */
function reportHostError(error: HostError, context: CommandContext): ExitCode {
  const parameters = { path: error.path, reason: error.message };
  const at = wholeFile(error.path);
  return reportDiagnostics([createDiagnostic('file-unreadable', parameters, { at })], context);
}

function describeBug(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'This is a bug of unetc, not of your input. A report should hold the lines below and the input.',
    `unetc ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
    stack,
    '',
  ].join('\n');
}
