import type { EmitResult, EmitTarget } from '../../src/lsp/protocol.js';
import { download, make, tell } from '../elements.js';
import type { Pane } from './pane.js';

/** Emits the network that is shown now. */
export type Emit = (target: EmitTarget) => Promise<EmitResult>;

const targets: Readonly<Record<EmitTarget, { readonly title: string; readonly ending: string }>> = {
  ts: { title: 'TypeScript', ending: '.ts' },
  pytorch: { title: 'PyTorch', ending: '.py' },
  keras: { title: 'Keras', ending: '_keras.py' },
};

/** The network as source that a person takes home. */
export function codePane(emit: Emit): Pane {
  let target: EmitTarget = 'ts';
  let isOpen = false;
  let isStale = true;
  let emitted = { text: '', name: 'network' };
  const text = make('code');
  const choice = make('select', { 'aria-label': 'Language of the code' });
  choice.append(
    ...Object.entries(targets).map(([value, { title }]) => make('option', { value }, title)),
  );
  choice.addEventListener('change', () => {
    target = choice.value as EmitTarget;
    isStale = true;
    void refresh();
  });
  const copy = (): void => {
    void navigator.clipboard
      .writeText(emitted.text)
      .then(() => tell('The code is copied.'))
      .catch(() => tell('This browser lets no page copy; select the text.'));
  };
  const save = (): void => download(emitted.name + targets[target].ending, emitted.text);
  const element = make(
    'div',
    { class: 'code' },
    make(
      'div',
      { class: 'tools' },
      choice,
      make('button', { type: 'button', click: copy }, 'Copy'),
      make('button', { type: 'button', click: save }, 'Download'),
    ),
    make('pre', { tabindex: '0' }, text),
  );
  return {
    id: 'code',
    title: 'Code',
    element,
    show() {
      isStale = true;
      // A person who does not look at the code pays nothing for it.
      isOpen = !element.closest('[role=tabpanel]')?.hasAttribute('hidden');
      if (isOpen) void refresh();
    },
    open: () => void refresh(),
  };

  async function refresh(): Promise<void> {
    if (!isStale) return;
    isStale = false;
    const wanted = target;
    const result = await emit(wanted);
    if (wanted !== target) return;
    if (result.kind === 'unavailable') {
      text.textContent = result.reason;
      return;
    }
    emitted = { text: result.text, name: result.model };
    text.textContent = result.text;
  }
}
