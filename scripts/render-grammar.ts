import type { ISerializedGast } from 'chevrotain';
import { UnetParser } from '../src/parser/cst-parser.js';
import * as t from '../src/parser/tokens.js';

/** What chevrotain serialises, as far as it is read here. */
interface Production {
  readonly type: string;
  readonly name?: string;
  readonly definition?: readonly Production[];
  readonly separator?: Production;
}

/** What a rule's shape does not say. */
const remarks: Readonly<Record<string, string>> = {
  file: 'A file. Blanks and comments may stand between any two tokens; line breaks are blanks.',
  import: 'The names of blocks and encoders that another file declares.',
  loop: 'The body once for each item of a list; several names in brackets take each item apart.',
  section: 'Which words exist, and what each may have, the catalogue says.',
  body: 'Commas may be left out.',
  member: 'A name before ":" starts a field, before "=" an assignment.',
  expression: 'Without "else" a step of a pipeline passes its input on unchanged.',
  pipeline:
    'Operators, from the loosest to the tightest. A list in a pipeline is parallel branches.',
  or: 'Left to right.',
  and: 'Left to right.',
  comparison: 'At most one: "a < b < c" needs parentheses.',
  sum: 'Left to right.',
  product: 'Left to right.',
  argument: 'A name before ":" names the argument.',
};

const terminalNames = new Map([
  [t.Identifier.name, 'NAME'],
  [t.NumberToken.name, 'NUMBER'],
  [t.StringToken.name, 'STRING'],
]);

/** The grammar as a document in the EBNF of the XML recommendation, from the parser's own rules. */
export function renderGrammar(): string {
  const rules = fromTheFile(
    new UnetParser({ skipValidations: false }).getSerializedGastProductions(),
  );
  const lines = [
    '/* The grammar of unetc specs. Generated from the rules in src/parser/; do not edit.',
    '   Notation: https://www.w3.org/TR/xml/#sec-notation */',
    '',
  ];
  for (const rule of rules) lines.push(...renderRule(rule), '');
  lines.push(...renderTokens());
  return `${lines.join('\n')}\n`;
}

/** Rules in the order of reading: a file first; expressions, which the parser defines first, last. */
function fromTheFile(rules: readonly ISerializedGast[]): readonly ISerializedGast[] {
  const file = rules.findIndex((rule) => (rule as Production).name === 'fileRule');
  return [...rules.slice(file), ...rules.slice(0, file)];
}

function renderRule(rule: ISerializedGast): readonly string[] {
  const name = ruleName((rule as Production).name);
  const remark = remarks[name];
  const choices = choicesOf(rule as Production);
  const head = `${name} ::= `;
  return [
    ...(remark === undefined ? [] : [`/* ${remark} */`]),
    head + choices.join(`\n${' '.repeat(head.length - 2)}| `),
  ];
}

/** The alternatives of a rule that is nothing but a choice, else its one sequence. */
function choicesOf({ definition = [] }: Production): readonly string[] {
  const [only, ...others] = definition;
  const isChoice = only?.type === 'Alternation' && others.length === 0;
  return isChoice ? (only.definition ?? []).map(renderSequence) : [renderParts(definition)];
}

function renderParts(parts: readonly Production[]): string {
  return parts
    .map(renderPart)
    .filter((part) => part !== '')
    .join(' ');
}

function renderSequence({ definition = [] }: Production): string {
  return renderParts(definition);
}

function renderPart(part: Production): string {
  const { definition = [] } = part;
  switch (part.type) {
    case 'Terminal':
      return terminal(part.name);
    case 'NonTerminal':
      return ruleName(part.name);
    case 'Alternation':
      return `(${definition.map(renderSequence).join(' | ')})`;
    case 'Alternative':
      return renderSequence(part);
    case 'Option':
      return `${grouped(definition)}?`;
    case 'Repetition':
      return `${grouped(definition)}*`;
    case 'RepetitionMandatory':
      return `${grouped(definition)}+`;
    case 'RepetitionWithSeparator':
      return `(${separated(part)})?`;
    case 'RepetitionMandatoryWithSeparator':
      return separated(part);
    default:
      throw new Error(`The grammar holds a "${part.type}", which has no notation yet.`);
  }
}

function separated({ definition = [], separator }: Production): string {
  const item = renderParts(definition);
  return `${item} (${terminal(separator?.name)} ${item})*`;
}

/** A part that a mark applies to, in parentheses unless it is one thing already. */
function grouped(definition: readonly Production[]): string {
  const [only, ...others] = definition;
  const isOne =
    others.length === 0 && ['Terminal', 'NonTerminal', 'Alternation'].includes(only?.type ?? '');
  return isOne ? renderParts(definition) : `(${renderParts(definition)})`;
}

/** `nameOrCallRule` is shown as `name_or_call`. */
function ruleName(name: string | undefined): string {
  return (name ?? '')
    .replace(/Rule$/, '')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function terminal(name: string | undefined): string {
  if (name === 'EOF') return '';
  const known = terminalNames.get(name ?? '');
  if (known !== undefined) return known;
  const type = t.allTokens.find((token) => token.name === name);
  if (type !== undefined && t.wordsInPlace.includes(type)) return type.LABEL ?? '';
  if (typeof type?.PATTERN !== 'string')
    throw new Error(`The token "${name}" has no notation yet.`);
  return `"${type.PATTERN}"`;
}

function renderTokens(): readonly string[] {
  const pattern = (type: (typeof t.allTokens)[number]): string =>
    type.PATTERN instanceof RegExp ? type.PATTERN.source : String(type.PATTERN);
  const words = t.reservedWords.map((word) => `"${word}"`).join(', ');
  const named = t.allTokens.filter(
    (type) => type.PATTERN instanceof RegExp && !t.wordsInPlace.includes(type),
  );
  const inPlace = t.wordsInPlace.map((type) => type.LABEL).join(', ');
  return [
    '/* Tokens, as regular expressions. The longest operator wins. These words are no names:',
    `   ${words}.`,
    `   These are words only where the rules above have them: ${inPlace}.`,
    '',
    ...named.map(
      (type) => `   ${(terminalNames.get(type.name) ?? type.name).padEnd(12)}${pattern(type)}`,
    ),
    '',
    '   A string ends on the line it starts on; a backslash takes the next character as it is.',
    '   A comment with three slashes on a line above a member or a section documents it. */',
  ];
}
