import { makePrintable } from '../diagnostics/text-width.js';

/** Collects lines of code; how they are broken and indented is the formatter's business. */
export class Writer {
  readonly #lines: string[] = [];

  line(text: string): this {
    this.#lines.push(text);
    return this;
  }

  /** One empty line, never two. */
  gap(): this {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
    return this;
  }

  /** A doc comment of paragraphs, wrapped; nothing when there are none. */
  doc(paragraphs: readonly string[]): this {
    const lines = paragraphs
      .filter((paragraph) => paragraph !== '')
      .flatMap((paragraph, index) => [
        ...(index === 0 ? [] : ['']),
        ...wrapText(safe(paragraph), 77),
      ]);
    const [only] = lines;
    if (only === undefined) return this;
    if (lines.length === 1 && only.length <= 73) return this.line(`/** ${only} */`);
    this.line('/**');
    for (const line of lines) this.line(line === '' ? ' *' : ` * ${line}`);
    return this.line(' */');
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** A comment's text may not end the comment, steer a terminal that shows it, or look like other text. */
const safe = (text: string): string =>
  makePrintable(text.replace(/\r\n?/g, '\n')).replaceAll('*/', '* /');

/**
 * Text in lines of at most `width`. What fits stays as it is; else prose is
 * filled anew, while empty lines, indented lines and list items keep their own.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  if (lines.every((line) => line.length <= width)) return lines;
  const filled: string[] = [];
  for (const line of lines) {
    const last = filled.at(-1);
    const isProse = /^[^\s*-]/.test(line) && !/^\d+\.\s/.test(line);
    if (isProse && last !== undefined && last !== '') filled.push(`${filled.pop()!} ${line}`);
    else filled.push(line);
  }
  return filled.flatMap((line) => breakLine(line, width));
}

/** Breaks one line at spaces. */
function breakLine(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width);
    if (at <= 0) break;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return [...lines, rest];
}
