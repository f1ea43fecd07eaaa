import { parseArgs } from 'node:util';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Reporter } from '../diagnostics/report.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { CommandDescription, Invocation, OptionDescription } from './command.js';
import { nowhere } from './report.js';

/** Why an argument may be empty. */
export const emptyArgumentHelp =
  'An empty argument often is a variable of the shell that is not set.';

/** What a command's words come to: a call, a wish for help, or what is wrong with them. */
export type ParsedArguments =
  | { readonly kind: 'call'; readonly invocation: Invocation }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly diagnostics: readonly Diagnostic[] };

type OptionValue = boolean | string | number | readonly string[] | undefined;

/**
 * Checks the words behind a command's name against its description. All mistakes
 * are reported, not the first one only; unknown options come with the name that
 * was probably meant.
 */
export function parseArguments(
  command: CommandDescription,
  words: readonly string[],
): ParsedArguments {
  const reporter = new Reporter();
  const program = `unetc ${command.name}`;
  const found: string[] = [];
  const given = new Set<string>();
  const values = emptyValues(command);
  const { tokens } = parseArgs({
    args: [...words],
    options: parserOptions(command),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  for (const token of tokens) {
    if (token.kind === 'positional') found.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help') return { kind: 'help' };
    given.add(token.name);
    const description = Object.hasOwn(command.options, token.name)
      ? command.options[token.name]
      : undefined;
    if (description === undefined) reportUnknown(token.rawName);
    else takeValue(token.name, token.rawName, description, token.value, token.inlineValue === true);
  }
  checkCount();
  checkRequired();
  return reporter.diagnostics.length > 0
    ? { kind: 'wrong', diagnostics: reporter.diagnostics }
    : { kind: 'call', invocation: { arguments: found, options: values as Invocation['options'] } };

  function reportUnknown(option: string): void {
    const known = Object.keys(command.options).concat('help');
    const meant = didYouMean(
      option,
      known.map((name) => `--${name}`),
    );
    const list = `Options of "${program}": ${known.map((name) => `--${name}`).join(', ')}.`;
    const help = meant === undefined ? [...settingHelp(option), list] : [meant];
    reporter.report('unknown-command-option', { option, command: program }, { at: nowhere, help });
  }

  /** What a recipe says has no option of its own: its author gives it a parameter. */
  function settingHelp(option: string): readonly string[] {
    const name = /^--([A-Za-z][\w-]*)$/.exec(option)?.[1]?.replaceAll('-', '_');
    if (name === undefined || !Object.hasOwn(command.options, 'set')) return [];
    const declared = `train UNet(${name}: float = 0.001) { ... }`;
    return [
      `Parameters are set by "--set ${name}=VALUE", where the spec declares them: "${declared}".`,
    ];
  }

  function takeValue(
    name: string,
    option: string,
    description: OptionDescription,
    value: string | undefined,
    isInline: boolean,
  ): void {
    if (description.kind === 'flag') {
      if (value === undefined) values[name] = true;
      else reporter.report('command-option-with-value', { option, value }, { at: nowhere });
      return;
    }
    const expected = describeValue(description);
    const looksLikeOption = !isInline && value !== undefined && /^-./.test(value);
    if (value === undefined || (looksLikeOption && !/^-\d+$/.test(value))) {
      reporter.report('command-option-without-value', { option, expected }, { at: nowhere });
      return;
    }
    const read = readValue(description, value);
    if (read === undefined) {
      const meant =
        description.kind === 'choice' ? didYouMean(value, description.choices) : undefined;
      const help = meant === undefined ? [] : [meant];
      reporter.report(
        'command-option-bad-value',
        { option, value, expected },
        { at: nowhere, help },
      );
    } else if (description.kind === 'list') {
      values[name] = [...(values[name] as readonly string[]), value];
    } else {
      values[name] = read;
    }
  }

  function checkCount(): void {
    const rules = command.arguments;
    const expected =
      rules.length === 0 ? 'none' : rules.map(({ name, help }) => `${name} (${help})`).join(', ');
    if (found.includes('')) {
      const help = [emptyArgumentHelp];
      const parameters = { command: program, expected };
      reporter.report('empty-argument', parameters, { at: nowhere, help });
    }
    const minimum = rules.filter((rule) => rule.optional !== true).length;
    const isOpen = rules.some((rule) => rule.repeated === true);
    if (found.length < minimum) {
      reporter.report('missing-argument', { command: program, expected }, { at: nowhere });
    }
    if (!isOpen && found.length > rules.length) {
      const argument = found[rules.length]!;
      reporter.report('extra-argument', { command: program, argument, expected }, { at: nowhere });
    }
  }

  function checkRequired(): void {
    for (const [name, description] of Object.entries(command.options)) {
      const isRequired = 'required' in description && description.required === true;
      if (isRequired && !given.has(name)) {
        const option = `--${name}${renderValue(description)}`;
        reporter.report('missing-command-option', { command: program, option }, { at: nowhere });
      }
    }
  }
}

/** What stands behind an option's name, a space before it. */
export function renderValue(description: OptionDescription): string {
  switch (description.kind) {
    case 'flag':
      return '';
    case 'choice':
      return ` ${description.choices.join('|')}`;
    case 'text':
    case 'integer':
    case 'list':
      return ` ${description.value}`;
  }
}

/** What a value of an option looks like, as a phrase behind "expected". */
function describeValue(description: Exclude<OptionDescription, { kind: 'flag' }>): string {
  switch (description.kind) {
    case 'text':
    case 'list':
      return description.value;
    case 'integer': {
      const words = (description.words ?? []).map((word) => ` or "${word}"`).join('');
      return `a whole number from ${description.minimum} on${words}`;
    }
    case 'choice':
      return description.choices.map((choice) => `"${choice}"`).join(' or ');
  }
}

/** The value as typed, or undefined when it is not one. */
function readValue(
  description: Exclude<OptionDescription, { kind: 'flag' }>,
  value: string,
): string | number | undefined {
  switch (description.kind) {
    case 'text':
    case 'list':
      return value === '' ? undefined : value;
    case 'integer': {
      if (description.words?.includes(value) === true) return value;
      const number = /^-?\d+$/.test(value) ? Number(value) : NaN;
      return Number.isSafeInteger(number) && number >= description.minimum ? number : undefined;
    }
    case 'choice':
      return description.choices.includes(value) ? value : undefined;
  }
}

function emptyValues(command: CommandDescription): Record<string, OptionValue> {
  const empty = (description: OptionDescription): OptionValue =>
    description.kind === 'flag' ? false : description.kind === 'list' ? [] : undefined;
  return Object.fromEntries(
    Object.entries(command.options).map(([name, description]) => [name, empty(description)]),
  );
}

function parserOptions(
  command: CommandDescription,
): Record<string, { type: 'boolean' | 'string'; short?: string; multiple: true }> {
  const options = Object.entries(command.options).map(([name, { kind, short }]) => [
    name,
    { type: kind === 'flag' ? 'boolean' : 'string', multiple: true, ...(short && { short }) },
  ]);
  return Object.fromEntries([
    ...options,
    ['help', { type: 'boolean', short: 'h', multiple: true }],
  ]);
}
