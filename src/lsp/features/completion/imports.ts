import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver';
import { ownValue } from '../../../diagnostics/own-value.js';
import {
  joinPath,
  libraryPrefix,
  locateImport,
} from '../../../frontend/declarations/import-path.js';
import { relativePath } from '../../../paths.js';
import { standardLibrary } from '../../../std/sources.generated.js';
import type { Cursor } from '../cursor.js';
import type { FeatureContext } from '../feature.js';

/** Files that can be imported: of the standard library, and of the project. */
export function importPaths({ analysis, workspace }: FeatureContext): readonly CompletionItem[] {
  const here = joinPath(analysis.source.path, '..');
  const library = Object.keys(standardLibrary).map((path) => path.replace(/\.unet$/, ''));
  const own = workspace
    .project(analysis.uri, '')
    .filter(({ uri }) => uri !== analysis.uri)
    .map(({ source }) => relativePath(here, source.path).replace(/\.unet$/, ''))
    .map((path) => (path.startsWith('.') ? path : `./${path}`));
  return [...library, ...own].map((label) => ({ label, kind: CompletionItemKind.File }));
}

/** What the file behind `from` declares, if that is written already. */
export function importedNames(
  { analysis, workspace }: FeatureContext,
  { offset }: Cursor,
): readonly CompletionItem[] {
  const { source } = analysis;
  const line = source.lineText(source.position(offset).line);
  const written = /\bfrom\s*"([^"]*)"/.exec(line)?.[1];
  const path = written === undefined ? undefined : locateImport(source.path, written);
  const names = (file: string): readonly string[] => {
    const text = file.startsWith(libraryPrefix) ? ownValue(standardLibrary, file) : undefined;
    const other = workspace.analyse(workspace.uriOf(file) ?? '')?.compilation;
    if (text !== undefined)
      return [...text.matchAll(/^(?:block|encoder) (\w+)/gm)].map(([, name]) => name!);
    return (other?.files[0]?.blocks.declarations ?? []).map(({ name }) => name.text);
  };
  const all = path === undefined ? Object.keys(standardLibrary).flatMap(names) : names(path);
  return all.map((label) => ({ label, kind: CompletionItemKind.Reference }));
}
