import type { NetworkView } from '../../src/lsp/protocol.js';
import { make } from '../elements.js';
import type { PageActions, Pane } from './pane.js';

/** What goes in, what comes out, and the size of every tensor between. */
export function sizesPane({ select, setSize }: PageActions): Pane {
  const element = make('div', { class: 'sizes' });
  return { id: 'sizes', title: 'Sizes', element, show };

  function show({ legal, problem, stages, outputs }: NetworkView): void {
    const facts = make(
      'dl',
      {},
      ...pair('Heights', legal.height),
      ...pair('Widths', legal.width),
      ...outputs.flatMap(({ name, shape }) => pair(`Output ${name}`, shape.join(' x '))),
    );
    const rows = stages.map(({ name, operations, shape }) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, tensorButton(name)),
        ...shape.map((side) => make('td', { class: 'number' }, String(side))),
        make('td', { class: 'quiet' }, operations),
      ),
    );
    const heads = ['tensor', 'height', 'width', 'channels', 'made by'];
    const head = make('tr', {}, ...heads.map((word) => make('th', { scope: 'col' }, word)));
    element.replaceChildren(
      ...(problem === undefined ? [] : [problemElement(problem)]),
      facts,
      make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)),
    );
  }

  function problemElement({ message, notes, nearest }: NonNullable<NetworkView['problem']>) {
    const buttons = nearest.map(([height, width]) =>
      make(
        'button',
        { type: 'button', class: 'fix', click: () => setSize(height, width) },
        `Use ${height} x ${width}`,
      ),
    );
    const sentences = notes.map((note) => make('p', { class: 'quiet' }, note));
    return make(
      'div',
      { class: 'refused', role: 'alert' },
      make('p', {}, message),
      ...sentences,
      ...buttons,
    );
  }

  function tensorButton(name: string): HTMLElement {
    return make('button', { type: 'button', class: 'link', click: () => select(name) }, name);
  }
}

const pair = (term: string, fact: string): readonly HTMLElement[] => [
  make('dt', {}, term),
  make('dd', {}, fact),
];
