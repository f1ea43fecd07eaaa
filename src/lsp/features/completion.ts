import type { CompletionItem, Position } from 'vscode-languageserver';
import { offsetAt, rangeOf } from '../positions.js';
import { importedNames, importPaths } from './completion/imports.js';
import { members, topLevel } from './completion/members.js';
import { callItems, fieldValues } from './completion/options.js';
import { values } from './completion/values.js';
import { cursorAt, type Cursor, type OpenBracket } from './cursor.js';
import type { FeatureContext } from './feature.js';

/** What can stand at a position: members of a section, layers and tensors, options and their values, imports. */
export function complete(context: FeatureContext, at: Position): readonly CompletionItem[] {
  const { analysis } = context;
  const cursor = cursorAt(analysis, offsetAt(analysis.source, at));
  if (cursor.isText) return [];
  const items = itemsAt(context, cursor, at);
  const range = rangeOf(analysis.source, {
    start: cursor.offset - cursor.prefix.length,
    end: cursor.offset,
  });
  return items.map(({ insertText, ...item }) => ({
    ...item,
    textEdit: { range, newText: insertText ?? item.label },
  }));
}

function itemsAt(context: FeatureContext, cursor: Cursor, at: Position): readonly CompletionItem[] {
  if (cursor.importing === 'path') return importPaths(context);
  if (cursor.importing === 'names') return importedNames(context, cursor);
  const inner = cursor.open.at(-1);
  if (inner === undefined) return cursor.isMember ? topLevel : [];
  if (inner.bracket === '{' && cursor.isMember) return members(context, cursor, inner);
  const call = cursor.open.findLast(({ bracket }) => bracket !== '[');
  const isInCall = call?.bracket === '(' && call.words[0] !== undefined && call.words[0] !== '';
  return [
    ...(isInCall ? callItems(context, cursor, call) : fieldValues(cursor)),
    ...values(context, cursor, at, !isInCall || takesStage(context, call)),
  ];
}

/** Whether the parameter at hand takes a pipeline of layers. */
function takesStage(
  { analysis }: FeatureContext,
  { words: [name = ''], argument }: OpenBracket,
): boolean {
  const block = analysis.compilation.files[0]!.blocks.get(name);
  const parameter = block?.parameters.find((each) => each.name.text === argument);
  return parameter?.type?.kind === 'named' && parameter.type.name.text === 'stage';
}
