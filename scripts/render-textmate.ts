import { format } from 'prettier';
import { catalog, componentNames } from '../src/catalog/index.js';
import type { ComponentDeclaration, Family } from '../src/catalog/component.js';
import { functionNames } from '../src/ir/functions.js';
import { schemes, sectionNames } from '../src/ir/model-sections.js';
import { typeNames } from '../src/ir/parameters.js';
import { topLevel } from '../src/ir/top-level.js';
import * as t from '../src/parser/tokens.js';

/** A rule of a TextMate grammar, as far as this one needs them. */
interface Rule {
  readonly include?: string;
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}
type Captures = Readonly<Record<string, { readonly name: string }>>;

/** Words inside sections, which only the reading of these sections knows. */
const innerWords = { lines: ['let', 'tap', 'names'], slots: 'level', train: 'loss' } as const;

/** What a section that begins with a name of its own declares. */
const declares = {
  model: 'entity.name.type.model',
  train: 'entity.name.type.model',
  block: 'entity.name.function.block',
  encoder: 'entity.name.function.encoder',
  skip: 'entity.name.type.skip',
  input: 'entity.name.variable.tensor',
  head: 'entity.name.variable.tensor',
  tap: 'entity.name.variable.tensor',
  let: 'variable.other.constant',
  names: 'variable.other.enummember',
  loss: 'variable.other.readwrite',
} as const;

const withParameters = ['model', 'block', 'encoder'] as const;

/** The families whose components a `train` section names; the first that has a name colours it. */
const trainFamilies = [
  'loss',
  'weight_map',
  'metric',
  'optimizer',
  'schedule',
  'augmentation',
  'size_policy',
] as const satisfies readonly Family[];

const name = source(t.Identifier);
const freeName = `(?!(?:${t.reservedWords.join('|')})\\b)${name}`;
const blank = '[\\s\\x{FEFF}]*';
/** A line that begins a section of the file. */
const opensTopLevel = `^(?=${blank}(?:import|${topLevel.join('|')})\\s+${name})`;
/** A line that begins any section. */
const opensSection = `^(?=${blank}(?:import|${[...topLevel, ...sectionNames, ...innerWords.lines, innerWords.slots].join('|')})\\s+(?:${freeName}|\\d|\\{))`;
/**
 * Brackets that are still open end where they cannot go on, so that half a line does
 * not colour the rest of the file.
 */
const breaksOff = ['(?=[{}])', `(?=\\b${name}\\s*=(?!=))`, opensSection].join('|');

/**
 * The colours of the language as a TextMate grammar, from the tokens of the parser and
 * the words of the catalogue. It knows shapes, as the parser does; which name is a
 * tensor and which a parameter is for the server's semantic tokens to say.
 */
export async function renderTextMate(): Promise<string> {
  const grammar = {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    information_for_contributors: [
      'Made by `npm run generate` from the parser and the catalogue; edits are lost.',
    ],
    name: 'unet',
    scopeName: 'source.unet',
    fileTypes: ['unet'],
    patterns: includes('import', 'train', 'declaration', 'section', 'loop', 'members'),
    repository: scoped({
      import: importLine(),
      train: trainSection(),
      declaration: { patterns: withParameters.map(declaration) },
      section: { patterns: sections() },
      loop: loop(),
      members: { patterns: [...includes('field', 'assignment', 'braces', 'expression')] },
      field: named('variable.other.property'),
      assignment: {
        match: `\\b(${name})\\s*(=)(?!=)`,
        captures: captures('entity.name.variable.tensor', 'keyword.operator.assignment'),
      },
      argument: named('variable.parameter.argument'),
      parameter: parameter(),
      type: type(),
      braces: {
        patterns: [
          { match: '\\{', name: 'punctuation.section.block.begin' },
          { match: '\\}', name: 'punctuation.section.block.end' },
        ],
      },
      expression: expression('layer', ['layer']),
      'training-expression': expression('training', trainFamilies),
      ...brackets('layer', 'expression'),
      ...brackets('training', 'training-expression'),
      operand: { patterns: operands() },
      comment: { patterns: comments() },
      string: string(),
      number: { match: source(t.NumberToken), name: 'constant.numeric' },
      word: { patterns: words() },
      operator: { patterns: operators() },
      illegal: { match: '[^\\s\\x{FEFF}]', name: 'invalid.illegal.unexpected' },
    }),
  };
  return format(JSON.stringify(grammar), { parser: 'json', printWidth: 100 });
}

/** `import a, b from "path"`; the words are names anywhere else. */
function importLine(): Rule {
  return {
    begin: `(?:^|(?<=\\}))${blank}(import)\\b(?=\\s+${name}\\s*(?:,|"|$|from\\b))`,
    beginCaptures: captures('keyword.control.import'),
    end: `(?<=")|(?=[:(])|${breaksOff}`,
    patterns: [
      ...includes('comment', 'string'),
      { match: `\\bfrom\\b(?=\\s*(?:"|$))`, name: 'keyword.control.from' },
      { match: name, name: 'variable.other.readwrite.alias' },
      { match: ',', name: 'punctuation.separator.comma' },
    ],
  };
}

/** `for i in`, `for [a, b] in`; the words are names anywhere else. */
function loop(): Rule {
  return {
    begin: `(?:^|(?<=[{}]))${blank}(for)\\b(?=\\s*(?:\\[[^\\]]*(?:\\]|$)|${name}\\s*(?:in\\b|$)))`,
    beginCaptures: captures('keyword.control.loop'),
    end: `\\b(in)\\b|(?=[:(])|${breaksOff}`,
    endCaptures: captures('keyword.control.loop'),
    patterns: [
      ...includes('comment'),
      { match: name, name: 'variable.other.readwrite.loop' },
      ...punctuation(),
    ],
  };
}

/** Only here are losses and the like known words, so that tensors may be called as they are. */
function trainSection(): Rule {
  return {
    begin: `\\b(train)(?:\\s+(${name}))?\\s*(\\{)`,
    beginCaptures: captures(
      'storage.type.train',
      declares.train,
      'punctuation.section.block.begin',
    ),
    end: `(\\})|${opensTopLevel}`,
    endCaptures: captures('punctuation.section.block.end'),
    patterns: [
      {
        match: `\\b(${innerWords.train})\\s+(${freeName})(?=\\s*:)`,
        captures: captures('keyword.other.section', declares.loss),
      },
      ...includes('field', 'training-expression'),
    ],
  };
}

/** A section with parameters, up to their end. */
function declaration(word: (typeof withParameters)[number]): Rule {
  return {
    begin: `\\b(${word})\\s+(${freeName})\\s*(\\()`,
    beginCaptures: captures(
      `storage.type.${word}`,
      declares[word],
      'punctuation.definition.parameters.begin',
    ),
    end: `(\\))|${breaksOff}`,
    endCaptures: captures('punctuation.definition.parameters.end'),
    patterns: includes('comment', 'parameter', 'operator', 'illegal'),
  };
}

function parameter(): Rule {
  return {
    begin: `\\b(${name})\\b`,
    beginCaptures: captures('variable.parameter'),
    end: `(?=[,){}])|${opensSection}`,
    patterns: [
      ...includes('type'),
      { match: '=(?!=)', name: 'keyword.operator.assignment' },
      ...includes('expression'),
    ],
  };
}

/** What stands behind the colon of a parameter. */
function type(): Rule {
  return {
    begin: ':',
    beginCaptures: { 0: { name: 'punctuation.separator.colon' } },
    end: `(?=[=,){}])|${opensSection}`,
    patterns: [
      ...includes('comment'),
      { match: oneOf(typeNames), name: 'support.type.primitive' },
      { match: name, name: 'variable.other.enummember' },
      { match: '\\|', name: 'keyword.operator.type' },
      ...punctuation(),
      ...includes('illegal'),
    ],
  };
}

/** Sections without parameters, told from names by what follows them. */
function sections(): readonly Rule[] {
  const { encoder, skip } = schemes;
  const inModel = sectionNames.filter((word) => !topLevel.includes(word));
  const known = [...new Set([...encoder, ...skip])];
  const all = [...topLevel, ...inModel, innerWords.slots];
  const owners = [...new Set([...topLevel, ...inModel, ...innerWords.lines])].filter(
    (word): word is keyof typeof declares => word in declares,
  );
  return [
    {
      match: `\\b(encoder|skip)\\s+(${known.join('|')})\\b(?!\\s*\\()`,
      captures: captures('keyword.other.section', 'support.type.scheme'),
    },
    ...owners.map((word) => ({
      match: `\\b(${word})\\s+(${freeName})`,
      captures: captures(sectionScope(word), declares[word]),
    })),
    {
      match: `\\b${innerWords.slots}(?=\\s+\\d)`,
      name: sectionScope(innerWords.slots),
    },
    ...all.map((word) => ({ match: `\\b${word}(?=\\s*\\{)`, name: sectionScope(word) })),
    // Alone on its line: the rest is still to be typed.
    ...[...topLevel, 'decoder', 'wires'].map((word) => ({
      match: `^${blank}(${word})(?=\\s*$)`,
      captures: captures(sectionScope(word)),
    })),
  ];
}

function sectionScope(word: string): string {
  return topLevel.includes(word) || word === 'let'
    ? `storage.type.${word}`
    : 'keyword.other.section';
}

/** `name:` with the colour of what it names, and the word behind it if the option takes it. */
function named(scope: string): Rule {
  const colon = 'punctuation.separator.colon';
  const withWords = [...optionWords()].map(([option, words]) => ({
    match: `\\b(${option})\\s*(:)\\s*(${words.join('|')})\\b(?!\\s*[(.])`,
    captures: captures(scope, colon, 'variable.other.enummember'),
  }));
  return {
    patterns: [...withWords, { match: `\\b(${name})\\s*(:)`, captures: captures(scope, colon) }],
  };
}

/** Everything a value is made of, with the components of some families. */
function expression(kind: string, families: readonly Family[]): Rule {
  const seen = new Set<string>();
  const components = families.flatMap((family): readonly Rule[] => {
    const own = componentNames(family).filter((word) => !seen.has(word));
    for (const word of own) seen.add(word);
    return own.length === 0
      ? []
      : [{ match: oneOf(own), name: `support.function.${family.replace('_', '-')}` }];
  });
  return {
    patterns: [
      ...includes('comment', 'string', 'number', 'word', `${kind}-group`, `${kind}-list`),
      ...components,
      ...includes('operand', 'operator', 'illegal'),
    ],
  };
}

/** Arguments and groups look alike; a name before a colon stands in arguments alone. */
function brackets(kind: string, inner: string): Readonly<Record<string, Rule>> {
  return {
    [`${kind}-group`]: {
      begin: '\\(',
      beginCaptures: { 0: { name: 'punctuation.section.group.begin' } },
      end: `(\\))|${breaksOff}`,
      endCaptures: captures('punctuation.section.group.end'),
      patterns: includes('argument', inner),
    },
    [`${kind}-list`]: {
      begin: '\\[',
      beginCaptures: { 0: { name: 'punctuation.section.list.begin' } },
      end: `(\\])|(?=\\b${name}\\s*:)|${breaksOff}`,
      endCaptures: captures('punctuation.section.list.end'),
      patterns: includes(inner),
    },
  };
}

/** Names that are no components. */
function operands(): readonly Rule[] {
  return [
    { match: `${oneOf(functionNames)}(?=\\s*\\()`, name: 'support.function.builtin' },
    { match: `\\b${name}(?=\\s*\\()`, name: 'entity.name.function.call' },
    { match: `\\b${t.In.LABEL!.slice(1, -1)}\\b`, name: 'variable.language.in' },
    {
      match: `(\\.)\\s*(${name})`,
      captures: captures('punctuation.accessor', 'variable.other.property'),
    },
    { match: '\\bnone\\b', name: 'variable.other.enummember' },
    // Behind an arrow stands what works on the tensor, never a tensor.
    { match: `(?<=->|->\\s)${name}`, name: 'entity.name.function.call' },
    { match: `\\b${name}`, name: 'variable.other.readwrite' },
  ];
}

/** The words that each option takes. */
function optionWords(): ReadonlyMap<string, readonly string[]> {
  const components = Object.values(catalog).flatMap(
    (table) => Object.values(table) as readonly ComponentDeclaration[],
  );
  const words = new Map<string, readonly string[]>();
  for (const [option, { schema }] of components.flatMap(({ options }) => Object.entries(options))) {
    const schemas = schema === 'tensor' ? [] : [schema, ...(schema.anyOf ?? [])];
    const own = [...(words.get(option) ?? []), ...schemas.flatMap((part) => part.enum ?? [])];
    if (own.length > 0) words.set(option, [...new Set(own)].sort());
  }
  return words;
}

function comments(): readonly Rule[] {
  return [
    {
      match: '(///).*$',
      name: 'comment.line.documentation',
      captures: captures('punctuation.definition.comment'),
    },
    {
      match: '(//).*$',
      name: 'comment.line.double-slash',
      captures: captures('punctuation.definition.comment'),
    },
  ];
}

/** A string ends on the line it starts on. */
function string(): Rule {
  return {
    begin: '"',
    beginCaptures: { 0: { name: 'punctuation.definition.string.begin' } },
    end: '(")|$',
    endCaptures: captures('punctuation.definition.string.end'),
    name: 'string.quoted.double',
    patterns: [{ match: '\\\\.', name: 'constant.character.escape' }],
  };
}

function words(): readonly Rule[] {
  const scopes: Readonly<Record<string, string>> = {
    if: 'keyword.control.conditional',
    else: 'keyword.control.conditional',
    and: 'keyword.operator.wordlike',
    or: 'keyword.operator.wordlike',
    not: 'keyword.operator.wordlike',
    true: 'constant.language.boolean',
    false: 'constant.language.boolean',
  };
  const colours = t.reservedWords.map((word) => {
    const scope = scopes[word];
    if (scope === undefined) throw new Error(`The word "${word}" has no colour yet.`);
    return scope;
  });
  return [...new Set(colours)].map((scope) => ({
    match: oneOf(t.reservedWords.filter((_, index) => colours[index] === scope)),
    name: scope,
  }));
}

/** Longer operators come before their prefixes. */
function operators(): readonly Rule[] {
  const comparisons = [
    t.EqualEqual,
    t.NotEqual,
    t.LessEqual,
    t.GreaterEqual,
    t.Less,
    t.Greater,
  ].map(source);
  const arithmetic = [t.Plus, t.Minus, t.Star, t.Slash, t.Percent].map(source);
  return [
    { match: source(t.Arrow), name: 'keyword.operator.pipeline' },
    { match: comparisons.join('|'), name: 'keyword.operator.comparison' },
    { match: source(t.Equals), name: 'keyword.operator.assignment' },
    { match: arithmetic.join('|'), name: 'keyword.operator.arithmetic' },
    { match: source(t.Bar), name: 'keyword.operator.type' },
    ...punctuation(),
  ];
}

function punctuation(): readonly Rule[] {
  return [
    { match: source(t.Colon), name: 'punctuation.separator.colon' },
    { match: source(t.Comma), name: 'punctuation.separator.comma' },
    { match: source(t.LeftBracket), name: 'punctuation.section.list.begin' },
    { match: source(t.RightBracket), name: 'punctuation.section.list.end' },
    { match: source(t.Dot), name: 'punctuation.accessor' },
    { match: source(t.RightParenthesis), name: 'punctuation.section.group.end' },
  ];
}

function includes(...names: readonly string[]): readonly Rule[] {
  return names.map((rule) => ({ include: `#${rule}` }));
}

/** Scopes for the groups of a pattern, in their order. */
function captures(...names: readonly string[]): Captures {
  return Object.fromEntries(names.map((scope, index) => [String(index + 1), { name: scope }]));
}

function oneOf(alternatives: readonly string[]): string {
  return `\\b(?:${alternatives.join('|')})\\b`;
}

/** A token's pattern as a regular expression. */
function source({ PATTERN: pattern }: (typeof t.allTokens)[number]): string {
  if (pattern instanceof RegExp) return pattern.source;
  return String(pattern).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The rules with the language at the end of every scope, as is the custom. */
function scoped<T>(value: T): T {
  if (Array.isArray(value)) return value.map(scoped) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === 'name' && typeof inner === 'string' ? `${inner}.unet` : scoped(inner as unknown),
  ]);
  return Object.fromEntries(entries) as T;
}
