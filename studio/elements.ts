/** The element of the page with this `id`. Throws where the page has none: page and script go together. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no "${id}".`);
  return element as E;
}

type Properties = Readonly<Record<string, string | boolean | (() => void)>>;

/**
 * A new element. Properties that are functions listen to the event of their name; `true` sets an
 * attribute without a value, `false` none. Children that are texts are shown as they are: nothing is read as HTML.
 */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Calls back when the page turns dark or light. */
export const darkness = matchMedia('(prefers-color-scheme: dark)');

/** Says something to the person, and to a screen reader, for a while. */
export function tell(sentence: string): void {
  const place = byId('told');
  place.textContent = sentence;
  window.clearTimeout(Number(place.dataset['timer'] ?? 0));
  place.dataset['timer'] = String(window.setTimeout(() => (place.textContent = ''), 6000));
}

/** Gives a text to be kept as a file. */
export function download(name: string, content: BlobPart, type = 'text/plain'): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  make('a', { href: address, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
