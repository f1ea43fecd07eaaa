import { safePicture } from '../../editors/vscode/page/safe-picture.js';
import type { NetworkView } from '../../src/lsp/protocol.js';
import { download, make } from '../elements.js';
import type { PageActions, Pane } from './pane.js';

/** Picture pixels to screen pixels. */
const [smallest, largest, step] = [0.2, 8, 1.25];

/** Of the picture's boxes; the rest of its style comes with it, and stays inside. */
const boxStyle = `
  [data-tensor] { cursor: pointer; outline: none }
  [data-tensor]:focus-visible rect { stroke: var(--accent); stroke-width: 3 }
  [data-tensor].marked rect { stroke: var(--mark); stroke-width: 3 }
  svg { display: block; margin: auto }`;

/** The network as a picture whose boxes lead to their lines. */
export function picturePane({ select }: PageActions): Pane {
  let zoom: number | 'fit' = 'fit';
  let svg = '';
  let name = '';
  const place = make('div', {
    class: 'stage',
    tabindex: '0',
    role: 'group',
    'aria-label': 'Picture',
  });
  const stage = place.attachShadow({ mode: 'open' });
  const style = make('style', {}, boxStyle);
  const zoomBy = (factor: number): void => {
    const drawn = picture();
    if (drawn === null) return;
    const shown = drawn.getBoundingClientRect().width / ownWidth(drawn);
    zoom = Math.min(largest, Math.max(smallest, shown * factor));
    applyZoom();
  };
  const button = (title: string, label: string, click: () => void): HTMLButtonElement =>
    make('button', { type: 'button', title, 'aria-label': title, click }, label);
  const element = make(
    'div',
    { class: 'picture' },
    place,
    make(
      'div',
      { class: 'tools', role: 'toolbar', 'aria-label': 'Picture' },
      button('Smaller', '-', () => zoomBy(1 / step)),
      button('Larger', '+', () => zoomBy(step)),
      button('Fit', 'Fit', () => {
        zoom = 'fit';
        applyZoom();
      }),
      button('Save the picture as SVG', 'SVG', () => download(`${name}.svg`, svg, 'image/svg+xml')),
    ),
  );
  place.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY / 400));
    },
    { passive: false },
  );
  const choose = (event: Event): void => {
    const box = (event.target as Element).closest('[data-tensor]');
    if (box !== null) select(box.getAttribute('data-tensor')!);
  };
  stage.addEventListener('click', choose);
  stage.addEventListener('keydown', (event) => walk(event as KeyboardEvent));
  dragToScroll(place);

  return { id: 'picture', title: 'Picture', element, show, mark };

  function walk(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ' ') {
      choose(event);
      event.preventDefault();
    } else if (event.key === '+' || event.key === '=') zoomBy(step);
    else if (event.key === '-') zoomBy(1 / step);
  }

  function picture(): SVGSVGElement | null {
    return stage.querySelector('svg');
  }

  function show(network: NetworkView): void {
    if (network.svg === svg) return;
    ({ svg, model: name } = network);
    const drawn = safePicture(svg, '');
    if (drawn === undefined) return;
    for (const box of drawn.querySelectorAll('[data-tensor]')) {
      box.setAttribute('tabindex', '0');
      box.setAttribute('role', 'button');
      box.setAttribute('aria-label', box.querySelector('title')?.textContent ?? '');
    }
    stage.replaceChildren(style, drawn);
    applyZoom();
  }

  function applyZoom(): void {
    const drawn = picture();
    if (drawn === null) return;
    const width = ownWidth(drawn);
    drawn.style.width = zoom === 'fit' ? `min(100%, ${1.5 * width}px)` : `${zoom * width}px`;
    drawn.style.height = 'auto';
    drawn.style.maxHeight = zoom === 'fit' ? '100%' : '';
  }

  function mark(tensors: ReadonlySet<string>): void {
    for (const box of stage.querySelectorAll('[data-tensor]')) {
      box.classList.toggle('marked', tensors.has(box.getAttribute('data-tensor')!));
    }
  }
}

const ownWidth = (drawn: SVGSVGElement): number => drawn.viewBox.baseVal.width || 800;

/** Moves what is larger than its place with the pointer, as maps are moved. */
function dragToScroll(place: HTMLElement): void {
  place.addEventListener('pointerdown', (down) => {
    if (down.button !== 0 || down.pointerType === 'touch') return;
    const [left, top] = [place.scrollLeft + down.clientX, place.scrollTop + down.clientY];
    const move = ({ clientX, clientY }: PointerEvent): void =>
      place.scrollTo(left - clientX, top - clientY);
    const end = (): void => {
      place.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
    };
    place.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  });
}
