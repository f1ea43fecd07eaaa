import { byId, make } from './elements.js';
import type { Example } from './example.js';

/** Shows the examples; they are fetched when somebody looks for the first time. */
export function prepareGallery(choose: (example: Example) => void): void {
  const dialog = byId<HTMLDialogElement>('gallery');
  let isFilled = false;
  byId('examples').addEventListener('click', () => {
    dialog.showModal();
    if (!isFilled) void fill();
  });

  async function fill(): Promise<void> {
    const place = byId('gallery-list');
    const response = await fetch(new URL('examples.json', document.baseURI)).catch(() => undefined);
    if (response?.ok !== true) {
      place.replaceChildren(make('li', {}, 'The examples could not be loaded.'));
      return;
    }
    isFilled = true;
    const examples = (await response.json()) as readonly Example[];
    const items = examples.map((example) => {
      const start = (): void => {
        dialog.close();
        choose(example);
      };
      return make(
        'li',
        {},
        make(
          'button',
          { type: 'button', click: start },
          make('img', { src: `examples/${example.name}.svg`, alt: '', loading: 'lazy' }),
          make('strong', {}, example.name),
          make('span', { class: 'quiet' }, example.about),
        ),
      );
    });
    place.replaceChildren(...items);
  }
}
