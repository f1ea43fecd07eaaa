import type { Reporter } from '../../diagnostics/report.js';
import type { Environment } from './value.js';
import type { Work } from './work.js';
import type { NodeId } from '../../ir/graph.js';

/** What evaluation needs to know about the world around an expression. */
export interface EvaluationContext {
  readonly environment: Environment;
  readonly reporter: Reporter;
  /** One for a whole compilation. */
  readonly work: Work;
  /** Channels of a tensor, for `in.channels`. */
  channelsOf(node: NodeId): number;
}
