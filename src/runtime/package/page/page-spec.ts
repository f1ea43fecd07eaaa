import type { RunSpec } from '../../training/run-spec.js';

/** The file from which the page of a package compiles the network. */
export const pageSpecFile = 'page/spec.json';

/** What it holds. */
export interface PageSpec {
  readonly spec: RunSpec;
  /** The threshold that the training has found, where the recipe wants it found. */
  readonly threshold?: number | undefined;
}

/** The folder with the layers model, whose weights the page reads. */
export const modelFolder = 'tfjs';
