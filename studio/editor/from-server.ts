import { LSPPlugin } from '@codemirror/lsp-client';
import { RangeSet, StateEffect, StateField, type Extension, type Range } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import type { InlayHint, SemanticTokens } from 'vscode-languageserver-protocol';
import { make } from '../elements.js';

/**
 * What the server says of a text beside problems: what names stand for, as colours, and sizes
 * at the ends of lines. `@codemirror/lsp-client` speaks neither.
 */
const told = StateEffect.define<DecorationSet>();

const decorations = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(current, transaction) {
    const fresh = transaction.effects.find((effect) => effect.is(told));
    return fresh === undefined ? current.map(transaction.changes) : (fresh.value as DecorationSet);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const serverDecorations: Extension = decorations;

/** Asks the server for colours and sizes, and shows them unless the text has changed meanwhile. */
export async function decorate(view: EditorView): Promise<void> {
  const plugin = LSPPlugin.get(view);
  const { client } = plugin ?? {};
  if (plugin === null || client?.connected !== true) return;
  client.sync();
  const { doc } = view.state;
  const textDocument = { uri: plugin.uri };
  const range = { start: plugin.toPosition(0), end: plugin.toPosition(doc.length) };
  const [tokens, hints] = await Promise.all([
    client.request<object, SemanticTokens | null>('textDocument/semanticTokens/full', {
      textDocument,
    }),
    client.request<object, readonly InlayHint[] | null>('textDocument/inlayHint', {
      ...{ textDocument, range },
    }),
  ]);
  if (view.state.doc !== doc || LSPPlugin.get(view) !== plugin) return;
  const { tokenTypes } = client.serverCapabilities?.semanticTokensProvider?.legend ?? {
    tokenTypes: [],
  };
  const marks = [
    ...colours(tokens?.data ?? [], tokenTypes, plugin),
    ...(hints ?? []).map((hint) => sizeMark(hint, plugin)),
  ];
  view.dispatch({ effects: told.of(RangeSet.of(marks, true)) });
}

/** Tokens as the protocol packs them: five numbers each, places counted from the one before. */
function colours(
  data: readonly number[],
  types: readonly string[],
  plugin: LSPPlugin,
): readonly Range<Decoration>[] {
  const marks: Range<Decoration>[] = [];
  let [line, character] = [0, 0];
  for (let at = 0; at + 4 < data.length; at += 5) {
    const [lines, characters, length, type] = data.slice(at, at + 4) as [
      number,
      number,
      number,
      number,
    ];
    line += lines;
    character = lines === 0 ? character + characters : characters;
    const from = plugin.fromPosition({ line, character });
    if (length > 0) marks.push(nameMark(types[type] ?? '').range(from, from + length));
  }
  return marks;
}

const nameMarks = new Map<string, Decoration>();

function nameMark(type: string): Decoration {
  const known = nameMarks.get(type) ?? Decoration.mark({ class: `name-${type}` });
  nameMarks.set(type, known);
  return known;
}

function sizeMark({ position, label }: InlayHint, plugin: LSPPlugin): Range<Decoration> {
  const text = typeof label === 'string' ? label : label.map(({ value }) => value).join('');
  return Decoration.widget({ widget: new SizeWidget(text), side: 1 }).range(
    plugin.fromPosition(position),
  );
}

class SizeWidget extends WidgetType {
  constructor(readonly text: string) {
    super();
  }

  override eq(other: SizeWidget): boolean {
    return other.text === this.text;
  }

  override toDOM(): HTMLElement {
    return make('span', { class: 'size-hint' }, this.text);
  }
}
