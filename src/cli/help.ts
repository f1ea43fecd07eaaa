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

/** No line is longer, and no left column but where nothing shorter is in it. */
const widest = { line: 100, left: 60 };

/** Two columns; what is too long for the left one has its text below, and long texts have several lines. */
function renderTable(rows: readonly Row[]): readonly string[] {
  const lengths = rows.map(([left]) => left.length);
  const usual = lengths.filter((length) => length <= 2 * median(lengths));
  const width = Math.min(widest.left, Math.max(...usual));
  const indent = ' '.repeat(width + 4);
  return rows.flatMap(([left, right]) => {
    const texts = wrap(right, widest.line - indent.length);
    const isBeside = left.length <= width;
    const first = isBeside ? `${left.padEnd(width)}  ${texts[0]}` : left;
    const others = isBeside ? texts.slice(1) : texts;
    return [`  ${first}`.trimEnd(), ...others.map((text) => `${indent}${text}`)];
  });
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Lines of a text, none longer than `width` unless a word is. */
function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

function renderOption(name: string, description: OptionDescription): string {
  const short = description.short === undefined ? '    ' : `-${description.short}, `;
  return `${short}--${name}${renderValue(description)}`;
}

function optionHelp(description: OptionDescription): string {
  return description.kind === 'list' ? `${description.help} (may be repeated)` : description.help;
}
