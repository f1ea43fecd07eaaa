import { LSPPlugin } from '@codemirror/lsp-client';
import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { keymap, showTooltip, type Command, type EditorView, type Tooltip } from '@codemirror/view';
import type { CodeAction, Diagnostic, Range } from 'vscode-languageserver-protocol';
import { make, tell } from '../elements.js';

/** Repairs and other changes that the server offers for a range. */
export async function actionsFor(
  view: EditorView,
  range: Range,
  diagnostics: readonly Diagnostic[] = [],
): Promise<readonly CodeAction[]> {
  const plugin = LSPPlugin.get(view);
  if (plugin === null) return [];
  plugin.client.sync();
  const params = { textDocument: { uri: plugin.uri }, range, context: { diagnostics } };
  return (
    (await plugin.client.request<object, readonly CodeAction[] | null>(
      'textDocument/codeAction',
      params,
    )) ?? []
  );
}

/** Carries an action out: in the text that is shown, and in others of the page. */
export function apply(view: EditorView, { edit }: CodeAction): void {
  const plugin = LSPPlugin.get(view);
  if (plugin === null) return;
  for (const [uri, edits] of Object.entries(edit?.changes ?? {})) {
    const file = plugin.client.workspace.getFile(uri);
    if (file === null) continue;
    const changes = edits.map(({ range, newText }) => ({
      from: plugin.fromPosition(range.start, file.doc),
      to: plugin.fromPosition(range.end, file.doc),
      insert: newText,
    }));
    plugin.client.workspace.updateFile(uri, { changes, userEvent: 'input.fix' });
  }
}

const shown = StateEffect.define<Tooltip | null>();

const menu = StateField.define<Tooltip | null>({
  create: () => null,
  update(current, { effects, docChanged }) {
    const told = effects.find((effect) => effect.is(shown));
    if (told !== undefined) return told.value as Tooltip | null;
    return docChanged ? null : current;
  },
  provide: (field) => showTooltip.from(field),
});

/** Offers what can be done where the cursor is: a menu that the arrow keys walk. */
const offer: Command = (view) => {
  void open(view);
  return true;
};

async function open(view: EditorView): Promise<void> {
  const plugin = LSPPlugin.get(view);
  if (plugin === null) return;
  const { from, to } = view.state.selection.main;
  const range = { start: plugin.toPosition(from), end: plugin.toPosition(to) };
  const actions = await actionsFor(view, range);
  if (actions.length === 0) return tell('Nothing can be repaired or rewritten here.');
  const create = (): { readonly dom: HTMLElement; mount(): void } => {
    const dom = listOf(view, actions);
    return { dom, mount: () => dom.querySelector('button')?.focus() };
  };
  view.dispatch({ effects: shown.of({ pos: from, above: false, create }) });
}

function listOf(view: EditorView, actions: readonly CodeAction[]): HTMLElement {
  const close = (): void => {
    view.dispatch({ effects: shown.of(null) });
    view.focus();
  };
  const items = actions.map((action) =>
    make(
      'button',
      { type: 'button', role: 'menuitem', click: () => (close(), apply(view, action)) },
      action.title,
    ),
  );
  const list = make('div', { class: 'actions', role: 'menu', 'aria-label': 'Repairs' }, ...items);
  list.addEventListener('keydown', (event) => {
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) items[(at + step + items.length) % items.length]!.focus();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return list;
}

export const fixes: Extension = [menu, keymap.of([{ key: 'Mod-.', run: offer }])];
