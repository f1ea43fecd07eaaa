import type { Span } from '../../diagnostics/source.js';
import type { Expression } from '../../parser/ast.js';

/**
 * One line of wires: a named tensor and the pipeline that makes it. Schemes
 * become wires, and only wires become graphs.
 */
export interface Wire {
  readonly name: string;
  readonly nameSpan: Span;
  readonly expression: Expression;
  /** What the tensor is, for messages: `encoder level 2`. */
  readonly what: string;
}
