import type { LoadSummary } from '../pretrained/load-weights.js';
import type { RunSettings, RunSpec } from '../training/run-spec.js';
import type { RunConditions } from './checkpoint.js';
import { digest, runConditionsShape, runSettingsShape } from './checkpoint-shape.js';
import { openSealedJson, sealJson } from './sealed-json.js';
import { anything, hasShape, object, oneOf, optional, table, text, type Shape } from './shape.js';
import { digestOf, readStored } from './stored-file.js';

/** The file that describes a run. */
export const runFile = 'run.json';

/** The content of `run.json`: how the run was started, for people and for tools. */
export interface RunDescription {
  readonly kind: 'unetc-run';
  /** Which run it is: every checkpoint of the run has the same value. */
  readonly run: string;
  /** The path of the spec. */
  readonly spec: string;
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
  /** The file of weights that it started from. */
  readonly weights?: LoadSummary | undefined;
}

interface StoredDescription extends RunDescription {
  readonly sha256: string;
}

const shape: Shape<StoredDescription> = object<StoredDescription>({
  kind: oneOf(['unetc-run']),
  run: digest,
  spec: text,
  model: text,
  set: table(text),
  settings: runSettingsShape,
  data: text,
  engine: text,
  node: text,
  conditions: runConditionsShape,
  weights: optional(anything as Shape<LoadSummary>),
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
