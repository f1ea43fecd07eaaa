import { basename, dirname, join } from 'node:path';
import { looksLikeSafetensors, openSafetensors } from './safetensors.js';
import { TensorFileError, type StoredTensor, type TensorFile } from './tensor-file.js';

/** `model-00001-of-00003.safetensors`: the parts of large models, as Hugging Face's libraries name them. */
const partName = /^(.*-)(\d{5})(-of-)(\d{5})(\.safetensors)$/;

/** More parts than any model has. */
const partLimit = 1_000;

/** All parts of the model that a file is one of, by their paths; none for a file of its own. */
export function siblingShards(file: string): readonly string[] {
  const [, before, , of, count, after] = partName.exec(basename(file)) ?? [];
  const parts = Math.min(Number(count ?? 0), partLimit);
  return Array.from({ length: parts }, (_, at) => {
    const number = String(at + 1).padStart(5, '0');
    return join(dirname(file), `${before}${number}${of}${count}${after}`);
  });
}

/**
 * Opens the parts of one model as a whole. Throws `TensorFileError` where one is missing
 * or no safetensors, or two have a tensor of one name.
 *
 * @param names the tensors that an index promises, where there is one.
 */
export async function joinShards(
  parts: readonly string[],
  read: (part: string) => Promise<Buffer>,
  names: readonly string[] = [],
): Promise<TensorFile> {
  const tensors = new Map<string, StoredTensor>();
  for (const part of parts) {
    for (const tensor of await openPart(part, parts.length, read)) {
      if (tensors.has(tensor.name)) {
        throw new TensorFileError(`"${tensor.name}" is in two of its ${parts.length} parts`);
      }
      tensors.set(tensor.name, tensor);
    }
  }
  const lacking = names.find((name) => !tensors.has(name));
  if (lacking !== undefined) {
    throw new TensorFileError(`its parts have no "${lacking}", which its index lists`);
  }
  const format = `safetensors in ${parts.length} parts`;
  return { format, tensors: [...tensors.values()], close: () => undefined };
}

async function openPart(
  part: string,
  count: number,
  read: (part: string) => Promise<Buffer>,
): Promise<readonly StoredTensor[]> {
  const name = basename(part);
  try {
    const bytes = await read(part);
    if (looksLikeSafetensors(bytes)) return openSafetensors(bytes).tensors;
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    throw new TensorFileError(
      `"${name}", one of its ${count} parts, cannot be read: ${error.reason}`,
    );
  }
  const help = ['Save the model anew with "safe_serialization=True".'];
  throw new TensorFileError(`"${name}", one of its ${count} parts, is no safetensors`, help);
}
