import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import type { Expression } from '../../parser/ast.js';
import { mapExpression } from '../../parser/tree/syntax.js';
import type { UnfoldedDecoder } from './unfold-decoder.js';

/** The last tensor of each decoder that has a name, by that name. */
export type DecoderEnds = ReadonlyMap<string, string>;

export const endsOf = (decoders: readonly UnfoldedDecoder[]): DecoderEnds =>
  new Map(
    decoders.flatMap(({ name, nodes }) => {
      const end = nodes.at(-1)?.name;
      return name === undefined || end === undefined ? [] : [[name, end] as const];
    }),
  );

/** In wires and heads the name of a decoder stands for its end: `masks -> conv(1, 1)`. */
export const withEnds = (expression: Expression, ends: DecoderEnds): Expression =>
  ends.size === 0
    ? expression
    : mapExpression(expression, (inner) =>
        inner.kind === 'name' ? { ...inner, name: ends.get(inner.name) ?? inner.name } : inner,
      );

/** Reports a tensor that is called as a decoder is. */
export function checkIsNoDecoder(
  { text: name, span: at }: { readonly text: string; readonly span: Span },
  ends: DecoderEnds,
  reporter: Reporter,
): void {
  if (!ends.has(name)) return;
  const help = 'A decoder has this name, which stands for its last tensor; choose another.';
  reportDuplicate(reporter, { name, what: 'tensor', at, help });
}
