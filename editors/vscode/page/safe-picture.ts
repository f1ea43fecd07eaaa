const svgNamespace = 'http://www.w3.org/2000/svg';
const dropped = new Set(['script', 'foreignobject', 'iframe', 'image', 'animate', 'set']);

/**
 * A picture as an element of this page, without anything that runs or loads; undefined
 * for text that is no SVG. Its style sheets get the nonce that lets them apply, and
 * style attributes, which the page's policy forbids, become properties.
 */
export function safePicture(svg: string, nonce: string): SVGSVGElement | undefined {
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  if (parsed.namespaceURI !== svgNamespace || parsed.localName !== 'svg') return undefined;
  if (parsed.querySelector('parsererror') !== null) return undefined;
  return adopt(parsed, nonce) as SVGSVGElement;
}

/** Copies an element into this page, without its style attribute until it is one of ours. */
function adopt(source: Element, nonce: string): Element {
  const element = document.createElementNS(svgNamespace, source.localName) as SVGElement;
  for (const { name, value } of source.attributes) {
    if (name === 'style') element.style.cssText = value;
    else if (isHarmless(name, value)) element.setAttribute(name, value);
  }
  if (source.localName === 'style') element.setAttribute('nonce', nonce);
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) element.append(child.textContent ?? '');
    else if (child instanceof Element && !dropped.has(child.localName.toLowerCase())) {
      element.append(adopt(child, nonce));
    }
  }
  return element;
}

/** Links may lead into the picture only. */
function isHarmless(name: string, value: string): boolean {
  if (/^on/i.test(name) || name.startsWith('xmlns')) return false;
  return !/^(?:xlink:)?href$/i.test(name) || value.startsWith('#');
}
