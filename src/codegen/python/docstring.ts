import { makePrintable } from '../../diagnostics/text-width.js';
import { wrapText } from '../writer.js';

const width = 88;

/** A docstring of paragraphs; nothing where there is none. */
export function docstring(indent: number, paragraphs: readonly string[]): readonly string[] {
  const texts = paragraphs.map(escape).filter((text) => text.trim() !== '');
  if (texts.length === 0) return [];
  const lead = ' '.repeat(indent);
  const all = texts.flatMap((text, index) => [
    ...(index === 0 ? [] : ['']),
    ...wrapText(text, width - indent - (index === 0 ? 3 : 0) - (texts.length === 1 ? 3 : 0)),
  ]);
  const lines = all.map((line, index) => (index === 0 ? line.trimStart() : line).trimEnd());
  const [first = '', ...rest] = lines;
  const isShort = rest.length === 0 && indent + first.length + 6 <= width;
  if (isShort && !first.endsWith('"')) return [`${lead}"""${first}"""`];
  return [
    `${lead}"""${first}`,
    ...rest.map((line) => (line === '' ? '' : lead + line)),
    `${lead}"""`,
  ];
}

/** Text that neither ends a docstring, nor steers a terminal, nor looks like other text. */
const escape = (text: string): string =>
  makePrintable(text.replace(/\r\n?/g, '\n')).replaceAll('\\', '\\\\').replaceAll('"""', "'''");

/** A string literal of Python. */
export const stringText = (text: string): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (sign) =>
    sign.codePointAt(0)! > 0x9f && makePrintable(sign) === sign
      ? sign
      : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
