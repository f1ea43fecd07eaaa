import type { Span } from '../../diagnostics/source.js';

/** A file of weights and what it is for. */
export interface WeightSource {
  /** Where it lies. */
  readonly path: string;
  /** The folder that it must lie in, where a spec named it and no person. */
  readonly within?: string;
  /** How people called it. */
  readonly shown: string;
  /** Where they did. */
  readonly at: Span;
  /** Whether the encoder alone takes weights from it; otherwise whatever it has names for. */
  readonly encoderOnly: boolean;
  /** Whether weights that it lacks, or has in other shapes, may start anew. */
  readonly isPartial: boolean;
}
