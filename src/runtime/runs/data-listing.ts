import type { PairContents } from '../data/contents.js';
import type { DataPair } from '../data/dataset.js';
import type { SplitSummary } from '../data/summary.js';
import { openSealedJson, sealJson } from './sealed-json.js';
import { digest } from './checkpoint-shape.js';
import { anything, hasShape, list, object, oneOf, optional, text, type Shape } from './shape.js';
import { digestOf, readStored } from './stored-file.js';

/** The file that lists the data of a run. */
export const dataFile = 'data.json';

/** An image and its mask by name and content. */
export interface ListedPair extends PairContents {
  readonly name: string;
}

/** The images and masks that a run is trained on and judged by, in their order. */
export interface DataListing {
  readonly train: readonly ListedPair[];
  readonly val: readonly ListedPair[];
  /** What the images and masks of both hold, for people; older files lack it. */
  readonly summaries?: readonly SplitSummary[] | undefined;
}

interface StoredListing extends DataListing {
  readonly kind: 'unetc-data';
  readonly sha256: string;
}

const pairs = list(
  object<ListedPair>({
    ...{ name: text, image: text, mask: text, instances: optional(text) },
    targets: optional(list(text)),
  }),
);
const shape: Shape<StoredListing> = object<StoredListing>({
  kind: oneOf(['unetc-data']),
  train: pairs,
  val: pairs,
  summaries: optional(list(anything as Shape<SplitSummary>)),
  sha256: digest,
});

/** Lists the pairs of both splits. */
export function listData(
  training: readonly DataPair[],
  validation: readonly DataPair[],
  summaries: readonly SplitSummary[],
): DataListing {
  const listed = ({ name, contents }: DataPair): ListedPair => ({ name, ...contents });
  return { train: training.map(listed), val: validation.map(listed), summaries };
}

/**
 * The fingerprint of data: the same for the same names with the same contents, in
 * whatever folder they lie.
 */
export function fingerprintOf({ train, val }: DataListing): string {
  return digestOf(JSON.stringify([train, val]));
}

/** The content of `data.json`. */
export function storeListing(listing: DataListing): Buffer {
  return sealJson({ kind: 'unetc-data', ...listing });
}

/** What `data.json` of a run lists; undefined where it is missing or damaged. */
export async function readListing(run: string): Promise<DataListing | undefined> {
  const stored = await readStored(run, dataFile);
  if (stored.kind !== 'read') return undefined;
  const opened = openSealedJson(stored.bytes);
  if ('problem' in opened) return undefined;
  const checked = hasShape(opened.value, shape);
  return 'problem' in checked ? undefined : checked.value;
}
