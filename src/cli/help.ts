import type { CommandDescription, OptionDescription } from './command.js';
import { commandTable } from './command-table.js';
import { renderValue } from './parse-arguments.js';

const exitCodes = 'Exit codes: 0 fine, 1 the input has errors, 2 wrong usage, 70 a bug of unetc.';

/** The text of `unetc --help`. */
export function renderProgramHelp(): string {
  const commands = Object.entries(commandTable).map(
    ([name, { summary }]) => [name, summary] as const,
  );
  return [
    'unetc COMMAND [ARGUMENTS] [OPTIONS]',
    '',
    'Compiles .unet files, which describe U-shaped segmentation networks.',
    '',
    'Commands:',
    ...renderTable(commands),
    '',
    'Options:',
    ...renderTable([
      ['-h, --help', 'show this text, or that of a command'],
      ['-v, --version', 'show the version'],
    ]),
    '',
    'Results go to stdout, everything else to stderr.',
    exitCodes,
    '',
  ].join('\n');
}

/** The text of `unetc COMMAND --help`, made from the command's description. */
export function renderCommandHelp(command: CommandDescription): string {
  const options = Object.entries(command.options).map(
    ([name, description]) => [renderOption(name, description), optionHelp(description)] as const,
  );
  const examples = command.examples ?? [];
  return [
    renderUsage(command),
    '',
    command.description,
    ...section(
      'Arguments',
      command.arguments.map(({ name, help }) => [name, help] as const),
    ),
    ...section('Options', [...options, ['-h, --help', 'show this text']]),
    ...section(
      'Examples',
      examples.map(({ call, remark }) => [call, remark] as const),
    ),
    '',
    exitCodes,
    '',
  ].join('\n');
}

/** `unetc predict RUN IMAGE... --out DIR [options]`. */
function renderUsage(command: CommandDescription): string {
  const words = command.arguments.map(({ name, optional, repeated }) => {
    const shown = repeated ? `${name}...` : name;
    return optional ? `[${shown}]` : shown;
  });
  const required = Object.entries(command.options).flatMap(([name, description]) =>
    'required' in description && description.required
      ? [`--${name}${renderValue(description)}`]
      : [],
  );
  return ['unetc', command.name, ...words, ...required, '[options]'].join(' ');
}

type Row = readonly [left: string, right: string];

function section(title: string, rows: readonly Row[]): readonly string[] {
  return rows.length === 0 ? [] : ['', `${title}:`, ...renderTable(rows)];
}

function renderTable(rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
}

function renderOption(name: string, description: OptionDescription): string {
  const short = description.short === undefined ? '    ' : `-${description.short}, `;
  return `${short}--${name}${renderValue(description)}`;
}

function optionHelp(description: OptionDescription): string {
  return description.kind === 'list' ? `${description.help} (may be repeated)` : description.help;
}
