/** Text that is HTML already: made by `html` alone, so that whatever else comes into a page is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: texts and numbers are escaped, nothing is left out. */
export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

/** HTML with values filled in, each escaped unless it is HTML itself; fit for contents and quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, at) => part + textOf(values[at])).join(''));
}

/** A text that another part of the program has made as HTML, SVG or a script. */
export const trusted = (text: string): Html => new Html(text);

/** The same as text: `<` is `&lt;`. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}

function textOf(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return escapeHtml(String(value));
}
