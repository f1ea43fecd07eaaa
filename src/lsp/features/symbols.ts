import { ownValue } from '../../diagnostics/own-value.js';
import { SymbolKind, type DocumentSymbol, type WorkspaceSymbol } from 'vscode-languageserver';
import type { SourceFile } from '../../diagnostics/source.js';
import type { Member, Section } from '../../parser/ast.js';
import { rangeOf } from '../positions.js';
import type { FeatureContext } from './feature.js';

/** What sections are to an editor's outline, by their words. */
const sectionKinds: Readonly<Record<string, SymbolKind>> = {
  model: SymbolKind.Class,
  block: SymbolKind.Function,
  encoder: SymbolKind.Module,
  train: SymbolKind.Event,
  input: SymbolKind.Interface,
  skip: SymbolKind.Namespace,
  decoder: SymbolKind.Module,
  wires: SymbolKind.Namespace,
  head: SymbolKind.Interface,
  tap: SymbolKind.Property,
  shared: SymbolKind.Object,
  let: SymbolKind.Constant,
};

/** The outline of a document: sections with what they name. */
export function documentSymbols({ analysis }: FeatureContext): readonly DocumentSymbol[] {
  const { source, compilation } = analysis;
  return compilation.parsed.file.sections.map((section) => sectionSymbol(section, source));
}

function sectionSymbol(section: Section, source: SourceFile): DocumentSymbol {
  const { keyword, name, selectors, parameters, body, span } = section;
  const numbers = selectors.map(({ text }) => text).join(', ');
  const shown = [keyword.text, name?.text ?? numbers].filter((word) => word !== '').join(' ');
  const own = (parameters ?? []).map((parameter) =>
    symbol(parameter.name.text, SymbolKind.Variable, parameter.span, parameter.name.span, source),
  );
  return {
    ...symbol(
      shown,
      ownValue(sectionKinds, keyword.text) ?? SymbolKind.Object,
      span,
      (name ?? keyword).span,
      source,
    ),
    children: [...own, ...(body?.members ?? []).flatMap((member) => memberSymbols(member, source))],
  };
}

function memberSymbols(member: Member, source: SourceFile): readonly DocumentSymbol[] {
  switch (member.kind) {
    case 'section':
      return [sectionSymbol(member, source)];
    case 'assignment':
      return [symbol(member.name.text, SymbolKind.Variable, member.span, member.name.span, source)];
    case 'field':
      return [symbol(member.name.text, SymbolKind.Field, member.span, member.name.span, source)];
    case 'loop':
      return member.body.members.flatMap((inner) => memberSymbols(inner, source));
  }
}

type Part = Parameters<typeof rangeOf>[1];

function symbol(
  name: string,
  kind: SymbolKind,
  span: Part,
  selection: Part,
  source: SourceFile,
): DocumentSymbol {
  const range = rangeOf(source, span);
  // The protocol wants a name, and the part that is selected inside the whole.
  const isInside = span.start <= selection.start && selection.end <= span.end;
  const selectionRange = isInside ? rangeOf(source, selection) : range;
  return { name: name === '' ? '?' : name, kind, range, selectionRange };
}

/** Models, blocks and encoders of all projects with open documents, whose names hold the letters of `query` in order. */
export function workspaceSymbols(
  { workspace }: Pick<FeatureContext, 'workspace'>,
  query: string,
): readonly WorkspaceSymbol[] {
  const seen = new Set<string>();
  const found: WorkspaceSymbol[] = [];
  for (const uri of workspace.open) {
    for (const analysis of workspace.project(uri, '')) {
      if (seen.has(analysis.uri)) continue;
      seen.add(analysis.uri);
      for (const { keyword, name } of analysis.compilation.parsed.file.sections) {
        const kind = ownValue(sectionKinds, keyword.text);
        if (name === undefined || kind === undefined || keyword.text === 'train') continue;
        if (!holdsInOrder(name.text, query)) continue;
        const location = { uri: analysis.uri, range: rangeOf(analysis.source, name.span) };
        found.push({ name: name.text, kind, location });
      }
    }
  }
  return found;
}

function holdsInOrder(name: string, query: string): boolean {
  let at = 0;
  const letters = name.toLowerCase();
  for (const letter of query.toLowerCase()) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
