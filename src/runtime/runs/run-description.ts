import type { LoadSummary } from '../pretrained/load-weights.js';
import type { RunSettings, RunSpec } from '../training/run-spec.js';
import type { RunConditions } from './checkpoint.js';
import { digest, runConditionsShape, runSettingsShape } from './checkpoint-shape.js';
import { openSealedJson, sealJson } from './sealed-json.js';
import {
  anything,
  hasShape,
  object,
  oneOf,
  optional,
  table,
  text,
  truth,
  type Shape,
} from './shape.js';
import { digestOf, readStored } from './stored-file.js';

/** The file that describes a run. */
export const runFile = 'run.json';

/** The content of `run.json`: how the run was started, for people and for tools. */
export interface RunDescription {
  readonly kind: 'unetc-run';
  /** Which run it is: every checkpoint of the run has the same value. */
  readonly run: string;
  /** The path of the spec, as the call named it; of standard input, what that is called. */
  readonly spec: string;
  /** The text of the spec; absent in older runs. */
  readonly text?: string | undefined;
  /** The texts of the files that it imports, by path relative to its folder, where there are any. */
  readonly imports?: Readonly<Record<string, string>> | undefined;
  readonly model: string;
  /** Values of parameters, in the language's notation. */
  readonly set: Readonly<Record<string, string>>;
  readonly settings: RunSettings;
  /** The folder of the data. */
  readonly data: string;
  /** The engine in words, with its threads. */
  readonly engine: string;
  /** The version of Node. */
  readonly node: string;
  /** What decides the bits besides the spec. */
  readonly conditions: RunConditions;
  /** What was taken of the file of weights that it started from. */
  readonly weights?: LoadSummary | undefined;
  /** Where that file lies, and how it was asked for. */
  readonly start?: StartWeights | undefined;
}

/** The file of weights that a run started from. */
export interface StartWeights {
  readonly path: string;
  /** Whether the encoder alone takes weights from it. */
  readonly encoderOnly: boolean;
  /** Whether weights that it lacks start anew. */
  readonly isPartial: boolean;
}

interface StoredDescription extends RunDescription {
  readonly sha256: string;
}

const shape: Shape<StoredDescription> = object<StoredDescription>({
  kind: oneOf(['unetc-run']),
  run: digest,
  spec: text,
  text: optional(text),
  imports: optional(table(text)),
  model: text,
  set: table(text),
  settings: runSettingsShape,
  data: text,
  engine: text,
  node: text,
  conditions: runConditionsShape,
  weights: optional(anything as Shape<LoadSummary>),
  start: optional(object<StartWeights>({ path: text, encoderOnly: truth, isPartial: truth })),
  sha256: digest,
});

/**
 * What tells a run from others: equal for runs that come out the same to the bit.
 *
 * @param start the values that weights started from where a file gave them.
 */
export function identifyRun(
  spec: RunSpec,
  conditions: RunConditions,
  start: ReadonlyMap<string, Float32Array> = new Map(),
): string {
  const given = [...start].map(([name, { buffer, byteOffset, byteLength }]) => [
    name,
    digestOf(new Uint8Array(buffer, byteOffset, byteLength)),
  ]);
  return digestOf(JSON.stringify([spec, conditions, given]));
}

/** The content of `run.json`. */
export function storeDescription(description: RunDescription): Buffer {
  return sealJson({ ...description }, 2);
}

/** What reading `run.json` gives. */
export type ReadDescription =
  | { readonly kind: 'read'; readonly description: RunDescription }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly problem: string };

/** Reads `run.json` of a run. */
export async function readDescription(run: string): Promise<ReadDescription> {
  const stored = await readStored(run, runFile);
  if (stored.kind === 'missing') return stored;
  if (stored.kind === 'unreadable') return { kind: 'damaged', problem: stored.problem };
  const opened = openSealedJson(stored.bytes);
  if ('problem' in opened) return { kind: 'damaged', problem: opened.problem };
  const checked = hasShape(opened.value, shape);
  return 'problem' in checked
    ? { kind: 'damaged', problem: checked.problem }
    : { kind: 'read', description: checked.value };
}
