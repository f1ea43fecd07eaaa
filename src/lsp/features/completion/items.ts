import { CompletionItemKind, InsertTextFormat, type CompletionItem } from 'vscode-languageserver';
import type { OptionDeclaration, OptionSchema } from '../../../catalog/component.js';
import { describeOption } from '../components.js';

/** A word that begins a line or stands for itself; with what it brings along. */
export const keyword = (label: string, detail: string, snippet?: string): CompletionItem => ({
  label,
  detail,
  kind: CompletionItemKind.Keyword,
  ...(snippet === undefined
    ? {}
    : { insertText: snippet, insertTextFormat: InsertTextFormat.Snippet }),
});

/** A field and the colon behind it. */
export const field = (label: string, detail: string): CompletionItem => ({
  label,
  detail,
  kind: CompletionItemKind.Field,
  insertText: `${label}: `,
});

/** The options of a component as fields. */
export const fieldsOf = (
  options: Readonly<Record<string, OptionDeclaration>>,
): readonly CompletionItem[] =>
  Object.entries(options).map(([name, option]) => ({
    ...field(name, describeOption(option)),
    documentation: option.doc,
  }));

/** A word that an option or a field may be. */
export const word = (label: string): CompletionItem => ({
  label,
  kind: CompletionItemKind.EnumMember,
});

/** The words that a schema allows. */
export function wordsOf(schema: OptionSchema): readonly string[] {
  const own = schema.type === 'boolean' ? ['true', 'false'] : (schema.enum ?? []);
  return [...own, ...(schema.anyOf ?? []).flatMap(wordsOf)];
}
