import { TensorFileError, type TensorFile } from '../tensor-file.js';
import type { ZipArchive } from '../zip-archive.js';
import { namedTensors } from './named-tensors.js';
import { entriesOf, itemsOf, type PickleReference, type PickleValue } from './pickle-values.js';
import { readPickle } from './read-pickle.js';
import { storageOf } from './storages.js';

const pickleFile = /^(?:(.*)\/)?data\.pkl$/;

/** Whether an archive is one of PyTorch. */
export const looksLikeTorch = ({ names }: ZipArchive): boolean =>
  names.some((name) => pickleFile.test(name));

/** Whether an archive of PyTorch holds a program beside its weights, as `torch.jit.save` writes it. */
export const isProgram = ({ names }: ZipArchive): boolean =>
  names.some((name) => /(^|\/)constants\.pkl$/.test(name));

/**
 * Reads what `torch.save` writes since PyTorch 1.6: an archive with a pickle, `data.pkl`,
 * and the numbers of each storage in a file of their own, `data/0`. The pickle is read, not
 * run. Throws `TensorFileError`.
 */
export function openTorchArchive(archive: ZipArchive): TensorFile {
  const file = archive.names.find((name) => pickleFile.test(name))!;
  const folder = file.slice(0, -'data.pkl'.length);
  if (archive.read(`${folder}byteorder`)?.toString('latin1').trim() === 'big') {
    throw new TensorFileError('its numbers have the highest byte first');
  }
  const { value } = readPickle(archive.read(file)!);
  return torchFile(namedTensors(value, (key) => archive.read(`${folder}data/${key}`)));
}

const torchFile = (tensors: TensorFile['tensors']): TensorFile => ({
  format: 'PyTorch',
  tensors,
  close: () => undefined,
});

/** The number that files of PyTorch before 1.6 begin with, as a pickle. */
const legacyStart = Buffer.from('80028a0a6cfc9c46f920', 'hex');

/** Whether a file is one that PyTorch before 1.6 has written. */
export const looksLikeLegacyTorch = (bytes: Buffer): boolean =>
  bytes.subarray(0, legacyStart.length).equals(legacyStart);

/**
 * Reads what `torch.save` wrote before PyTorch 1.6: five pickles (a number, the version, the
 * machine, the object, the keys of its storages), then each storage, its length before it.
 * Throws `TensorFileError`.
 */
export function openLegacyTorch(bytes: Buffer): TensorFile {
  const version = readPickle(bytes, readPickle(bytes).end);
  const machine = readPickle(bytes, version.end);
  if (entriesOf(machine.value)?.get('little_endian') === false) {
    throw new TensorFileError('its numbers have the highest byte first');
  }
  const content = readPickle(bytes, machine.end);
  const keys = readPickle(bytes, content.end);
  const storages = readStorages(bytes, itemsOf(keys.value), keys.end, content.references);
  return torchFile(namedTensors(content.value, (key) => storages.get(key)));
}

/** Storages that lie one behind the other, by their keys. What refers to one says its type. */
function readStorages(
  bytes: Buffer,
  keys: readonly PickleValue[],
  start: number,
  references: readonly PickleReference[],
): ReadonlyMap<string, Buffer> {
  const types = new Map(references.map(({ to }) => [storageOf(to).key, storageOf(to).type]));
  const storages = new Map<string, Buffer>();
  let at = start;
  for (const key of keys) {
    const type = types.get(key);
    if (typeof key !== 'string' || type === undefined || at + 8 > bytes.length) {
      throw new TensorFileError('it is cut short, or a storage of it is of no known type');
    }
    const length = Number(bytes.readBigUInt64LE(at)) * type.bytes;
    storages.set(key, bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return storages;
}
