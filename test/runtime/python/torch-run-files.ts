import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pytorchFile } from '../../../src/runtime/exports/weights/pytorch.js';
import type { NamedTensor } from '../../../src/runtime/exports/weights/named-tensor.js';
import { zipFile } from '../../../src/runtime/exports/weights/zip.js';
import { openZip } from '../../../src/runtime/pretrained/zip-archive.js';
import { bestFile, stateFile } from '../../../src/runtime/python/torch-state.js';
import type { BestEpoch } from '../../../src/runtime/runs/checkpoint.js';

/** The files that `train.py` leaves in a run folder, without a Python. */

/** Opcodes of a value, in the place of which they stand. */
class Pickled {
  constructor(readonly bytes: Uint8Array) {}
}

type Pickleable =
  Pickled | string | number | null | readonly Pickleable[] | { readonly [key: string]: Pickleable };

/** What `train.py` keeps of a training. */
export interface StateOfTraining {
  readonly settings: { readonly batch: number; readonly images: number };
  readonly progress: {
    readonly epoch: number;
    readonly batch: number;
    readonly step: number;
    readonly sums: readonly number[];
  };
  readonly best: BestEpoch | null;
}

/** Writes `last/state.pt`: what a training goes on from, with the weights of the network. */
export function writeState(
  out: string,
  state: StateOfTraining,
  network: readonly NamedTensor[],
): void {
  const archive = openZip(Buffer.concat(pytorchFile(network)));
  const own = archive.read('archive/data.pkl')!;
  // Without what begins a pickle and ends it.
  const tensors = new Pickled(own.subarray(2, -1));
  const told = JSON.parse(JSON.stringify(state)) as Record<string, Pickleable>;
  const pickle = Buffer.concat([
    Buffer.from([0x80, 2]),
    pickled({ ...told, network: tensors }),
    Buffer.from('.'),
  ]);
  const members = archive.names.map((name) => ({
    name,
    content: [name === 'archive/data.pkl' ? pickle : archive.read(name)!],
  }));
  write(join(out, stateFile), Buffer.concat(zipFile(members)));
}

/** Writes `best/model.safetensors`: the weights of the best epoch, and which it is. */
export function writeBest(out: string, best: BestEpoch, network: readonly NamedTensor[]): void {
  let end = 0;
  const entries = network.map(({ name, shape, values }) => {
    const place = [end, (end += values.byteLength)];
    return [name, { dtype: 'F32', shape, data_offsets: place }] as const;
  });
  const metadata = { best: JSON.stringify(best) };
  const header = Buffer.from(
    JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const values = network.map(({ values: { buffer, byteOffset, byteLength } }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  write(join(out, bestFile), Buffer.concat([length, header, ...values]));
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

function pickled(value: Pickleable): Buffer {
  if (value instanceof Pickled) return Buffer.from(value.bytes);
  if (value === null) return Buffer.from('N');
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9, 'G');
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') {
    const head = Buffer.alloc(5, 'X');
    head.writeUInt32LE(Buffer.byteLength(value), 1);
    return Buffer.concat([head, Buffer.from(value)]);
  }
  if (Array.isArray(value)) {
    const items = (value as readonly Pickleable[]).map(pickled);
    return Buffer.concat([Buffer.from(']('), ...items, Buffer.from('e')]);
  }
  const entries = Object.entries(value).flatMap((entry) => entry.map(pickled));
  return Buffer.concat([Buffer.from('}('), ...entries, Buffer.from('u')]);
}
