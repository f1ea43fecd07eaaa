import { CompletionItemKind, type CompletionItem, type Position } from 'vscode-languageserver';
import { componentNames, findComponent } from '../../../catalog/index.js';
import { nestedSlotName, slotNames } from '../../../catalog/sections.js';
import { functionNames } from '../../../frontend/values/functions.js';
import type { SpecSymbol, SymbolKind } from '../../symbols/symbol.js';
import { describeComponent, describeDeclaration } from '../components.js';
import { familiesAt, type Cursor } from '../cursor.js';
import { scopeAt, type FeatureContext } from '../feature.js';
import { keyword } from './items.js';

const kinds: Readonly<Record<SymbolKind, CompletionItemKind>> = {
  model: CompletionItemKind.Class,
  block: CompletionItemKind.Function,
  encoder: CompletionItemKind.Module,
  part: CompletionItemKind.Module,
  parameter: CompletionItemKind.Variable,
  value: CompletionItemKind.Constant,
  input: CompletionItemKind.Variable,
  tensor: CompletionItemKind.Variable,
  tap: CompletionItemKind.Variable,
  shared: CompletionItemKind.Function,
  head: CompletionItemKind.Variable,
};

/** The names that some slot of a scheme knows. */
const slotWords = [
  ...new Set(Object.values(slotNames).flatMap((fields) => Object.values(fields).flat())),
  nestedSlotName,
];

/**
 * Names in scope and functions; where a flow of tensors can stand, blocks and components, too.
 * A recipe knows neither tensors nor blocks: there are its parameters, components and functions.
 */
export function values(
  context: FeatureContext,
  cursor: Cursor,
  at: Position,
  isFlow: boolean,
): readonly CompletionItem[] {
  const { analysis } = context;
  const { blocks } = analysis.compilation.files[0]!;
  const families = familiesAt(cursor);
  const hasLayers = families.includes('layer');
  const seen = scopeAt(analysis, at)?.all ?? [];
  const inScope = hasLayers ? seen : seen.filter(({ kind }) => kind === 'parameter');
  const own = inScope.map((symbol: SpecSymbol): CompletionItem => ({
    label: symbol.name,
    detail: symbol.what,
    kind: kinds[symbol.kind],
    ...(symbol.doc === undefined ? {} : { documentation: symbol.doc }),
  }));
  const callable = (isFlow && hasLayers ? blocks.names : []).map((name): CompletionItem => {
    const block = blocks.get(name)!;
    const detail = describeDeclaration(block);
    return { label: name, detail, kind: CompletionItemKind.Function, ...documented(block.doc) };
  });
  const components = (isFlow ? families : []).flatMap((family) =>
    componentNames(family).map((name): CompletionItem => {
      const component = findComponent(family, name)!;
      const value = describeComponent(name, component);
      return {
        label: name,
        detail: family.replace('_', ' '),
        kind: CompletionItemKind.Function,
        documentation: { kind: 'markdown', value },
      };
    }),
  );
  const functions = functionNames.map((name): CompletionItem => ({
    label: name,
    detail: 'function',
    kind: CompletionItemKind.Operator,
  }));
  const isScheme = cursor.open.some(({ words: [first] }) =>
    ['encoder', 'skip', 'decoder'].includes(first ?? ''),
  );
  const slots = isScheme ? slotWords.map((label) => keyword(label, 'of the level')) : [];
  const labels = new Set<string>();
  return [...own, ...callable, ...slots, ...components, ...functions].filter(({ label }) => {
    const isNew = !labels.has(label);
    labels.add(label);
    return isNew;
  });
}

const documented = (doc: string | undefined): { readonly documentation?: string } =>
  doc === undefined ? {} : { documentation: doc };
