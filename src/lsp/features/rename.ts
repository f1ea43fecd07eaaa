import type { Position, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { applyEdits } from '../../diagnostics/apply-edits.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { compileText } from '../../compile.js';
import { isComponent } from '../../catalog/index.js';
import { functionNames } from '../../frontend/values/functions.js';
import { libraryPrefix } from '../../frontend/declarations/import-path.js';
import { rangeOf } from '../positions.js';
import { indexFile } from '../symbols/index-file.js';
import type { SpecSymbol } from '../symbols/symbol.js';
import type { Analysis } from '../workspace.js';
import { occurrenceAt, type FeatureContext } from './feature.js';

/** Why a name cannot be changed, for the person who asked. */
export class RenameRefusal extends Error {}

/** Words of the grammar, and names that every body has. */
const reserved = new Set(
  'if else and or not true false in out import from for let tap shared'.split(' '),
);

/** The name at a position, if it can be changed. Throws `RenameRefusal` if it cannot. */
export function prepareRename(
  { analysis }: FeatureContext,
  at: Position,
): { readonly range: Range; readonly placeholder: string } | undefined {
  const found = occurrenceAt(analysis, at);
  if (found === undefined) return undefined;
  checkSymbol(found.symbol);
  return { range: rangeOf(analysis.source, found.span), placeholder: found.symbol.name };
}

/**
 * The edits that give a symbol another name, in every file of the project. Throws
 * `RenameRefusal` where the name is none, or where with it something would mean
 * another thing: the edits are tried, and every name must lead where it led.
 */
export function renameSymbol(
  { analysis, workspace }: FeatureContext,
  at: Position,
  newName: string,
): WorkspaceEdit | undefined {
  const found = occurrenceAt(analysis, at);
  if (found === undefined) return undefined;
  const { symbol } = found;
  checkSymbol(symbol);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(newName)) {
    throw new RenameRefusal(
      `"${newName}" is not a name; expected letters, digits and "_", a letter first.`,
    );
  }
  if (reserved.has(newName)) throw new RenameRefusal(`"${newName}" is a word of the language.`);
  const isCalled = symbol.kind === 'block' || symbol.kind === 'encoder';
  const isTaken = isComponent('layer', newName) || functionNames.includes(newName);
  if (isCalled && isTaken) {
    throw new RenameRefusal(`"${newName}" already names a layer or a function.`);
  }
  if (newName === symbol.name) return { changes: {} };
  const changes: Record<string, TextEdit[]> = {};
  for (const each of workspace.project(analysis.uri, symbol.name)) {
    const spans = each.index.occurrences
      .filter((occurrence) => occurrence.symbol.id === symbol.id)
      .map(({ span }) => span);
    if (spans.length === 0) continue;
    checkMeaning(each, symbol, spans, newName);
    changes[each.uri] = spans.map((span) => ({
      range: rangeOf(each.source, span),
      newText: newName,
    }));
  }
  return { changes };
}

function checkSymbol({ declaration, isImplicit, name, what }: SpecSymbol): void {
  if (declaration.file.startsWith(libraryPrefix)) {
    throw new RenameRefusal(
      `"${name}" belongs to the standard library; copy its file to change it.`,
    );
  }
  if (isImplicit) {
    throw new RenameRefusal(`"${name}" is the ${what}, which gets its name from its place.`);
  }
  if (reserved.has(name)) throw new RenameRefusal(`"${name}" is a word of the language.`);
}

/** Within one file: as many places name the symbol as before, and every other name leads where it led. */
function checkMeaning(
  { source, compilation, index }: Analysis,
  symbol: SpecSymbol,
  spans: readonly { readonly start: number; readonly end: number; readonly file: string }[],
  newName: string,
): void {
  const text = applyEdits(
    source.text,
    spans.map((span) => ({ span, text: newName })),
  );
  const isOwn = symbol.declaration.file === source.path;
  // What another file declares keeps its old name there while this file is tried alone.
  const clash = index.scopes.some(
    (scope) =>
      scope.own(newName) !== undefined &&
      spans.some(({ start, end }) => scope.span.start <= start && end <= scope.span.end),
  );
  if (clash) throw new RenameRefusal(`"${newName}" is taken where "${symbol.name}" is used.`);
  if (!isOwn) return;
  const files = new Map(compilation.files.map((file) => [file.source.path, file.source.text]));
  const after = compileText(source.path, text, {
    resolve: (path) => {
      const known = files.get(path);
      return known === undefined ? undefined : { path, text: known };
    },
  });
  const before = index.occurrences.map(({ symbol: each }) => each.id === symbol.id);
  const now = indexFile(after).occurrences.map(
    ({ symbol: each }) => each.name === newName && each.kind === symbol.kind,
  );
  const isSame = before.length === now.length && before.every((each, at) => each === now[at]);
  const isBroken = hasErrors(after.diagnostics) && !hasErrors(compilation.diagnostics);
  if (isSame && !isBroken) return;
  throw new RenameRefusal(
    `With the name "${newName}" something else would be meant in "${source.path}".`,
  );
}
