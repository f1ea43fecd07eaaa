import type { CompletionItem } from 'vscode-languageserver';
import type { OptionDeclaration } from '../../../catalog/component.js';
import { sectionFields } from '../../../catalog/sections.js';
import { ownValue } from '../../../diagnostics/own-value.js';
import { findAmong } from '../components.js';
import { familiesAt, type Cursor, type OpenBracket } from '../cursor.js';
import type { FeatureContext } from '../feature.js';
import { field, fieldsOf, word, wordsOf } from './items.js';

/** Options of the component or parameters of the block that is called, and values of the option at hand. */
export function callItems(
  { analysis }: FeatureContext,
  cursor: Cursor,
  { words: [name = ''], argument, commas }: OpenBracket,
): readonly CompletionItem[] {
  const block = analysis.compilation.files[0]!.blocks.get(name);
  if (block !== undefined) {
    const parameter = block.parameters.find((each) => each.name.text === argument);
    if (parameter?.type?.kind === 'choice')
      return parameter.type.options.map(({ text }) => word(text));
    if (argument !== undefined) return [];
    return block.parameters.map((each) => field(each.name.text, `a parameter of "${name}"`));
  }
  const component = findAmong(familiesAt(cursor), name);
  if (component === undefined) return [];
  const option = argument ?? component.positional[commas];
  const schema = option === undefined ? undefined : ownValue(component.options, option)?.schema;
  const allowed = schema === undefined || schema === 'tensor' ? [] : wordsOf(schema).map(word);
  return argument === undefined ? [...allowed, ...fieldsOf(component.options)] : allowed;
}

/** The words that a field allows. */
export function fieldValues({ field: name, open }: Cursor): readonly CompletionItem[] {
  const [section = ''] = open.findLast(({ bracket }) => bracket === '{')?.words ?? [];
  if (name === undefined) return [];
  const choices: Readonly<Record<string, readonly string[]>> = {
    'head supervise': ['all', 'none'],
    'head predict': ['main', 'average'],
    'head weights': ['equal'],
    'skip earlier': ['all', 'first', 'last'],
    'skip align': ['none', 'crop', 'pad', 'resize'],
  };
  const table: Readonly<
    Record<string, { readonly options: Readonly<Record<string, OptionDeclaration>> }>
  > = sectionFields;
  const schema = ownValue(ownValue(table, section)?.options ?? {}, name)?.schema;
  const own = schema === undefined || schema === 'tensor' ? [] : wordsOf(schema);
  return [...own, ...(choices[`${section} ${name}`] ?? [])].map(word);
}
