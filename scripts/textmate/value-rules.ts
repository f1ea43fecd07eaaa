import { catalog, componentNames } from '../../src/catalog/index.js';
import type { ComponentDeclaration, Family } from '../../src/catalog/component.js';
import { functionNames } from '../../src/frontend/values/functions.js';
import * as t from '../../src/parser/tokens.js';
import { captures, includes, name, oneOf, type Rule } from './rule.js';
import { breaksOff } from './section-rules.js';

/** The families whose components a `train` section names; the first that has a name colours it. */
export const trainFamilies = [
  'loss',
  'weight_map',
  'metric',
  'optimizer',
  'schedule',
  'clipping',
  'augmentation',
  'size_policy',
  'scaling',
  'pairing',
  'split',
  'post_step',
  'separation',
  'target',
] as const satisfies readonly Family[];

/** `name:` with the colour of what it names, and the word behind it if the option takes it. */
export function named(scope: string): Rule {
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
export function expression(kind: string, families: readonly Family[]): Rule {
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
export function brackets(kind: string, inner: string): Readonly<Record<string, Rule>> {
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
export function operands(): readonly Rule[] {
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
