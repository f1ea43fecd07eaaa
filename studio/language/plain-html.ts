const allowed = new Set(
  'p br em strong code pre ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tr th td hr blockquote span'.split(
    ' ',
  ),
);

/**
 * HTML with structure alone: no attributes, no links, no pictures. What a hover shows may be the
 * comment of a stranger whose link was opened.
 */
export function plainHtml(html: string): string {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const plain = document.createElement('div');
  plain.append(...copies(parsed.body));
  return plain.innerHTML;
}

function copies(parent: Node): readonly Node[] {
  return [...parent.childNodes].flatMap((node): readonly Node[] => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')];
    if (!(node instanceof Element)) return [];
    const name = node.localName;
    if (!allowed.has(name)) return name === 'script' || name === 'style' ? [] : copies(node);
    const copy = document.createElement(name);
    copy.append(...copies(node));
    return [copy];
  });
}
