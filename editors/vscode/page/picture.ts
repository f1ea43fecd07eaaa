/** The page of a picture: shows what the extension sends, and asks for other models. */
import type { FromPage, ToPage } from '../src/messages.js';
import { safePicture } from './safe-picture.js';

declare function acquireVsCodeApi(): {
  readonly postMessage: (message: FromPage) => void;
  readonly getState: () => PageState | undefined;
  readonly setState: (state: PageState) => void;
};

/** What stays while the tab is hidden. */
interface PageState {
  /** Picture pixels to screen pixels; `fit` for the width of the page. */
  readonly zoom: number | 'fit';
}

const editor = acquireVsCodeApi();
const nonce = document.currentScript?.nonce ?? '';
const [picture, reason, choice] = [byId('picture'), byId('reason'), byId('choice')];
const models = byId('models') as HTMLSelectElement;
let { zoom } = editor.getState() ?? { zoom: 'fit' };

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.kind) {
    case 'picture':
      tell(undefined);
      offer(data.models, data.model);
      draw(data.svg);
      return;
    case 'unavailable':
      tell(data.reason);
      return;
  }
});
models.addEventListener('change', () =>
  editor.postMessage({ kind: 'choose', model: models.value }),
);
byId('smaller').addEventListener('click', () => zoomBy(1 / 1.25));
byId('larger').addEventListener('click', () => zoomBy(1.25));
byId('fit').addEventListener('click', () => zoomTo('fit'));
window.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
  if (ctrlKey || metaKey || altKey || document.activeElement === models) return;
  if (key === '+' || key === '=') zoomBy(1.25);
  else if (key === '-') zoomBy(1 / 1.25);
  else if (key === '0') zoomTo('fit');
});
window.addEventListener(
  'wheel',
  (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY / 400));
  },
  { passive: false },
);
editor.postMessage({ kind: 'ready' });

/** Says why there is no picture; the last one stays, dimmed. */
function tell(text: string | undefined): void {
  reason.textContent = text ?? '';
  reason.hidden = text === undefined;
  picture.classList.toggle('stale', text !== undefined);
}

function offer(names: readonly string[], current: string): void {
  choice.hidden = names.length < 2;
  models.replaceChildren(...names.map((name) => new Option(name, name, false, name === current)));
}

function draw(svg: string): void {
  const drawn = safePicture(svg, nonce);
  if (drawn === undefined) {
    tell('The picture could not be read.');
    return;
  }
  picture.replaceChildren(drawn);
  applyZoom();
}

function zoomTo(wanted: PageState['zoom']): void {
  zoom = wanted;
  editor.setState({ zoom });
  applyZoom();
}

function zoomBy(factor: number): void {
  const drawn = picture.querySelector('svg');
  const shown = (drawn?.clientWidth ?? 0) / ownWidth(drawn);
  const from = zoom === 'fit' ? shown : zoom;
  zoomTo(Math.min(8, Math.max(0.1, from * factor)));
}

function applyZoom(): void {
  const drawn = picture.querySelector('svg');
  if (drawn === null) return;
  const width = ownWidth(drawn);
  drawn.style.width = zoom === 'fit' ? `min(100%, ${1.5 * width}px)` : `${zoom * width}px`;
  drawn.style.height = 'auto';
}

function ownWidth(drawn: SVGSVGElement | null): number {
  return drawn?.viewBox.baseVal?.width || 800;
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no "${id}".`);
  return element;
}
