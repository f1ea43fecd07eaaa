import type { Span } from '../../diagnostics/source.js';
import type { Expression } from '../../parser/ast.js';
import type { NamedTensor } from '../../ir/provenance.js';

/**
 * One line of wires: a named tensor and the pipeline that makes it. Schemes
 * become wires, and only wires become graphs.
 */
export interface Wire extends NamedTensor {
  readonly nameSpan: Span;
  readonly expression: Expression;
}

/** The tensor that a wire makes, without the wire. */
export const tensorOf = ({ name, madeBy }: Wire): NamedTensor => ({ name, madeBy });
