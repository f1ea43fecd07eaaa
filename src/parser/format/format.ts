import { hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import type { SourceFile } from '../../diagnostics/source.js';
import type { Expression, Section } from '../ast.js';
import { parse } from '../parse.js';
import { printDocument } from './document.js';
import { expressionDocument } from './expression-document.js';
import { builtTree, SourceOrigin } from './origin.js';
import { fileDocument, sectionDocument } from './section-document.js';

/** Code is laid out in at most this many columns; comments are never re-wrapped. */
const maximumWidth = 80;

/**
 * The one canonical layout of a spec. Comments stay between the tokens they were
 * written between, parentheses that change nothing go, numbers and strings stay
 * as written; a body written on one line stays there while it fits. Lines end in
 * LF whatever they ended in before, a byte order mark is dropped, and the text
 * ends with one line break unless it is empty. Formatting twice changes nothing.
 *
 * A text with syntax errors comes back unchanged, with its diagnostics.
 *
 * @example
 * ```ts
 * import { formatText, SourceFile } from 'unetc';
 *
 * const source = new SourceFile('net.unet', 'model M{input image:[H,W,1]\nhead mask:conv(1,1)}');
 * const { value, diagnostics } = formatText(source);
 * console.log(value.trimEnd());
 * console.log(diagnostics.length);
 * ```
 *
 * ```text
 * model M {
 *   input image: [H, W, 1]
 *   head mask: conv(1, 1)
 * }
 * 0
 * ```
 */
export function formatText(source: SourceFile): Result<string> {
  const { value: parsed, diagnostics } = parse(source);
  if (hasErrors(diagnostics)) return { value: source.text, diagnostics };
  const origin = new SourceOrigin(source, parsed);
  const text = printDocument(fileDocument(parsed.file, origin), maximumWidth).trim();
  return { value: text === '' ? '' : `${text}\n`, diagnostics };
}

/**
 * An expression as source text without a final line break; `\n` inside when it
 * is long. The tree may be built: spans are not looked at.
 */
export function printExpression(expression: Expression): string {
  return printDocument(expressionDocument(expression, builtTree), maximumWidth);
}

/**
 * A section as source text without a final line break, documentation included,
 * every body over lines. The tree may be built: spans are not looked at.
 */
export function printSection(section: Section): string {
  return printDocument(sectionDocument(section, builtTree), maximumWidth);
}
