import { StateEffect, StateField } from '@codemirror/state';
import { keymap, type Command } from '@codemirror/view';

/** Whether a text knows the keys of the search; another text of the same editor may not. */
const prepared = StateField.define<true>({ create: () => true, update: () => true });

/** Opens the search; its library is loaded when somebody searches first. */
const search: Command = (view) => {
  void import('@codemirror/search').then(({ openSearchPanel, searchKeymap }) => {
    if (view.state.field(prepared, false) === undefined) {
      const more = [prepared, keymap.of(searchKeymap)];
      view.dispatch({ effects: StateEffect.appendConfig.of(more) });
    }
    openSearchPanel(view);
  });
  return true;
};

export const searching = keymap.of([{ key: 'Mod-f', run: search }]);
