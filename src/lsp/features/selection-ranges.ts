import type { Position, SelectionRange } from 'vscode-languageserver';
import type { Span } from '../../diagnostics/source.js';
import { offsetAt, rangeOf, touches } from '../positions.js';
import type { FeatureContext } from './feature.js';

/** For each position the parts of the tree around it, the innermost first. */
export function selectionRanges(
  { analysis }: FeatureContext,
  positions: readonly Position[],
): readonly SelectionRange[] {
  const { source, compilation } = analysis;
  const { file, comments, tokens } = compilation.parsed;
  return positions.map((at) => {
    const offset = offsetAt(source, at);
    const spans = new Map<string, Pick<Span, 'start' | 'end'>>();
    const add = (span: Pick<Span, 'start' | 'end'>): void => {
      if (touches(span, offset)) spans.set(`${span.start}-${span.end}`, span);
    };
    add({ start: 0, end: source.text.length });
    for (const { span } of comments) add(span);
    collect(file, add);
    for (const token of tokens) add(token);
    const outermostFirst = [...spans.values()].sort((a, b) => b.end - b.start - (a.end - a.start));
    let range: SelectionRange | undefined;
    for (const span of outermostFirst) {
      const isInside = range === undefined || contains(range, rangeOf(source, span));
      if (!isInside) continue;
      range = { range: rangeOf(source, span), ...(range === undefined ? {} : { parent: range }) };
    }
    return range ?? { range: { start: at, end: at } };
  });
}

/** The spans of all nodes of a tree, whatever they are. */
function collect(node: unknown, add: (span: Span) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, add);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'span' && isSpan(value)) add(value);
    else if (!isSpan(value)) collect(value, add);
  }
}

const isSpan = (value: unknown): value is Span =>
  typeof value === 'object' &&
  value !== null &&
  'start' in value &&
  'end' in value &&
  'file' in value &&
  !('kind' in value);

function contains({ range }: SelectionRange, inner: SelectionRange['range']): boolean {
  const before = (a: Position, b: Position): boolean =>
    a.line < b.line || (a.line === b.line && a.character <= b.character);
  return before(range.start, inner.start) && before(inner.end, range.end);
}
