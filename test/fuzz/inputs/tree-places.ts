import { SourceFile, type Span } from '../../../src/diagnostics/source.js';
import { parse } from '../../../src/parser/parse.js';

/** A part of a text that the parser knows as a whole. */
export interface TreePlace {
  readonly kind: 'section' | 'member' | 'expression' | 'parameter' | 'argument' | 'item';
  readonly start: number;
  readonly end: number;
}

const kept = new Map<string, readonly TreePlace[]>();

/** Every section, member, expression, parameter and argument of a text. Answers are kept. */
export function treePlaces(text: string): readonly TreePlace[] {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const found: TreePlace[] = [];
  visit(parse(new SourceFile('places.unet', text)).value.file.sections, 'section', found);
  if (kept.size > 500) kept.clear();
  kept.set(text, found);
  return found;
}

/** What stands in the fields of the tree that hold lists. */
const kindsOf: Readonly<Record<string, TreePlace['kind']>> = {
  members: 'member',
  parameters: 'parameter',
  args: 'argument',
  items: 'item',
};

function visit(value: unknown, kind: TreePlace['kind'], found: TreePlace[]): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, kind, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if ('span' in value) {
    const { start, end } = value.span as Span;
    if (start < end) found.push({ kind, start, end });
  }
  for (const [field, inner] of Object.entries(value)) {
    if (!/[sS]pan$|^(open|close)$/.test(field)) visit(inner, kindsOf[field] ?? 'expression', found);
  }
}
