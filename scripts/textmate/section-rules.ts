import { schemes } from '../../src/frontend/schemes/read-scheme.js';
import { sectionNames } from '../../src/frontend/schemes/find-sections.js';
import * as t from '../../src/parser/tokens.js';
import { typeNames } from '../../src/frontend/values/parameters.js';
import { topLevel } from '../../src/frontend/declarations/top-level.js';
import { punctuation } from './lexical-rules.js';
import { blank, captures, freeName, includes, name, oneOf, type Rule } from './rule.js';

/** Words inside sections, which only the reading of these sections knows. */
const innerWords = {
  lines: ['let', 'tap', 'shared', 'names', 'scaling'],
  slots: 'level',
  train: 'loss|target',
} as const;

/** What a section that begins with a name of its own declares. */
const declares = {
  model: 'entity.name.type.model',
  train: 'entity.name.type.model',
  block: 'entity.name.function.block',
  encoder: 'entity.name.function.encoder',
  skip: 'entity.name.type.skip',
  decoder: 'entity.name.type.decoder',
  input: 'entity.name.variable.tensor',
  head: 'entity.name.variable.tensor',
  tap: 'entity.name.variable.tensor',
  shared: 'entity.name.function.shared',
  let: 'variable.other.constant',
  names: 'variable.other.enummember',
  scaling: 'variable.other.enummember',
  loss: 'variable.other.readwrite',
} as const;

/** The sections that have parameters, but for recipes, whose words are their own. */
export const withParameters = ['model', 'block', 'encoder'] as const;

/** A line that begins a section of the file. */
const opensTopLevel = `^(?=${blank}(?:import|${topLevel.join('|')})\\s+${name})`;

/** A line that begins any section. */
const opensSection = `^(?=${blank}(?:import|${[...topLevel, ...sectionNames, ...innerWords.lines, innerWords.slots].join('|')})\\s+(?:${freeName}|\\d|\\{))`;

/**
 * Brackets that are still open end where they cannot go on, so that half a line does
 * not colour the rest of the file.
 */
export const breaksOff = ['(?=[{}])', `(?=\\b${name}\\s*=(?!=))`, opensSection].join('|');

/** `import a, b from "path"`; the words are names anywhere else. */
export function importLine(): Rule {
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
export function loop(): Rule {
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
export function trainSection(): Rule {
  return {
    begin: `\\b(train)(?:\\s+(${freeName}))?\\s*(?=[({])`,
    beginCaptures: captures('storage.type.train', declares.train),
    end: `(?<=\\})|${opensTopLevel}`,
    patterns: [
      { begin: '(\\()', beginCaptures: captures(parametersBegin), ...parameters() },
      {
        begin: '(\\{)',
        beginCaptures: captures('punctuation.section.block.begin'),
        end: `(\\})|${opensTopLevel}`,
        endCaptures: captures('punctuation.section.block.end'),
        patterns: [
          {
            match: `\\b(${innerWords.train})\\s+(${freeName})(?=\\s*:)`,
            captures: captures('keyword.other.section', declares.loss),
          },
          ...includes('field', 'training-expression'),
        ],
      },
    ],
  };
}

/** A section with parameters, up to their end. */
export function declaration(word: (typeof withParameters)[number]): Rule {
  return {
    begin: `\\b(${word})\\s+(${freeName})\\s*(\\()`,
    beginCaptures: captures(`storage.type.${word}`, declares[word], parametersBegin),
    ...parameters(),
  };
}

const parametersBegin = 'punctuation.definition.parameters.begin';

/** What stands behind the parenthesis of parameters, up to their end. */
const parameters = (): Pick<Rule, 'end' | 'endCaptures' | 'patterns'> => ({
  end: `(\\))|${breaksOff}`,
  endCaptures: captures('punctuation.definition.parameters.end'),
  patterns: includes('comment', 'parameter', 'operator', 'illegal'),
});

/** A parameter with its type and its default. */
export function parameter(): Rule {
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

/** The words that limit a number. */
const bounds = [t.From, t.Above, t.To, t.Below].map((token) => token.LABEL!.slice(1, -1)).join('|');

/** What stands behind the colon of a parameter. */
export function type(): Rule {
  return {
    begin: ':',
    beginCaptures: { 0: { name: 'punctuation.separator.colon' } },
    end: `(?=[=,){}])|${opensSection}`,
    patterns: [
      ...includes('comment'),
      { match: oneOf(typeNames), name: 'support.type.primitive' },
      { match: `\\b(${bounds})\\b(?=\\s+-?\\d)`, name: 'keyword.operator.type' },
      ...includes('number'),
      { match: name, name: 'variable.other.enummember' },
      { match: '\\||-(?=\\d)', name: 'keyword.operator.type' },
      ...punctuation(),
      ...includes('illegal'),
    ],
  };
}

/** Sections without parameters, told from names by what follows them. */
export function sections(): readonly Rule[] {
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
