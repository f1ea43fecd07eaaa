import type { Dataset, File, Group } from 'h5wasm';
import { TensorFileError, type StoredTensor, type TensorFile } from './tensor-file.js';

/**
 * Reads the weights of a Keras file: `.h5` of Keras 2, whose groups list the
 * names of their weights, and `.weights.h5` of Keras 3, whose groups number them.
 * Any other HDF5 file gives its data sets by their paths. Throws `TensorFileError`.
 */
export async function openHdf5(bytes: Uint8Array): Promise<TensorFile> {
  const { File: Hdf5File, ready } = await import('h5wasm');
  const library = await ready;
  // Problems are thrown, not printed.
  library.activate_throwing_error_handler();
  // The library reads files of its own, in memory: this one has been read already.
  const name = `/weights-${opened++}.h5`;
  // It may keep the bytes as they are, without a copy, which its types do not say.
  const options: { readonly canOwn: boolean; flags?: string } = { canOwn: true };
  library.FS.writeFile(name, bytes, options);
  let file: File;
  try {
    file = new Hdf5File(name, 'r');
  } catch {
    library.FS.unlink(name);
    throw new TensorFileError('it begins as HDF5, but is damaged or cut short');
  }
  const close = (): void => {
    file.close();
    library.FS.unlink(name);
  };
  try {
    return {
      format: 'HDF5',
      tensors: tensorsOf(file),
      close,
    };
  } catch (error) {
    close();
    throw error instanceof TensorFileError ? error : damaged(error);
  }
}

/** Counts the files opened, for names. */
let opened = 0;

function damaged(error: unknown): TensorFileError {
  const told = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return new TensorFileError(`its content cannot be read: ${told.replace(/\.$/, '')}`);
}

function tensorsOf(file: File): readonly StoredTensor[] {
  const top = memberOf(file, 'model_weights') ?? file;
  if (isGroup(top) && top.attrs['layer_names'] !== undefined) return listedTensors(top);
  return dataSets(file).map(({ path, set }) => toTensor(numberedName(file, path), set));
}

/** Keras 2: `layer_names` lists the groups, `weight_names` of each its weights, in order. */
function listedTensors(top: Group): readonly StoredTensor[] {
  return namesIn(top, 'layer_names').flatMap((layer) => {
    const group = memberOf(top, layer);
    if (!isGroup(group)) return [];
    return namesIn(group, 'weight_names').map((name) => {
      const set = memberOf(group, name);
      if (!isDataset(set)) throw new TensorFileError(`the weight "${name}" is missing`);
      return toTensor(name.replace(/:\d+$/, ''), set);
    });
  });
}

/** The weights of Keras' layers in the order of their numbers, by the name of the class in snake case. */
const numbered: Readonly<Record<string, readonly string[]>> = {
  conv2d: ['kernel', 'bias'],
  conv2d_transpose: ['kernel', 'bias'],
  depthwise_conv2d: ['kernel', 'bias'],
  dense: ['kernel', 'bias'],
  batch_normalization: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
  layer_normalization: ['gamma', 'beta'],
  group_normalization: ['gamma', 'beta'],
  p_re_lu: ['alpha'],
};

/**
 * Keras 3: `layers/conv2d_3/vars/0` is the kernel of the fourth convolution; newer
 * files tell the layer's name beside it. Other paths stay as they are.
 */
function numberedName(file: File, path: string): string {
  const found = /^(.*?)([^/]+)\/vars\/(\d+)$/.exec(path);
  const [, before, group, index] = found ?? [];
  if (before === undefined || group === undefined) return path;
  const roles = numbered[group.replace(/_\d+$/, '')];
  const vars = memberOf(file, `${before}${group}/vars`);
  const isWhole = isGroup(vars) && (roles?.length !== 4 || vars.keys().length === 4);
  const role = isWhole ? roles?.[Number(index)] : undefined;
  if (role === undefined) return path;
  const told = isGroup(vars) ? vars.attrs['name']?.value : undefined;
  return typeof told === 'string' ? `${told}/${role}` : `${before}${group}/${role}`;
}

function dataSets(
  group: Group,
  prefix = '',
): readonly { readonly path: string; readonly set: Dataset }[] {
  return group.keys().flatMap((key) => {
    const path = `${prefix}${key}`;
    const member = memberOf(group, key);
    if (isDataset(member)) return [{ path, set: member }];
    return isGroup(member) ? dataSets(member, `${path}/`) : [];
  });
}

function toTensor(name: string, set: Dataset): StoredTensor {
  return {
    name,
    shape: set.shape ?? [],
    read: () => {
      let value: unknown;
      try {
        value = set.value;
      } catch (error) {
        throw damaged(error);
      }
      if (typeof value === 'number') return Float32Array.of(value);
      if (!isNumbers(value)) throw new TensorFileError(`"${name}" holds no numbers`);
      return Float32Array.from(value);
    },
  };
}

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView) &&
  !(value instanceof BigInt64Array) &&
  !(value instanceof BigUint64Array);

type Member = ReturnType<Group['get']> | Group;

function memberOf(group: Group, path: string): Member | undefined {
  const [first = ''] = path.split('/');
  // Asking for what is not there is an error of the library.
  if (!group.keys().includes(first)) return undefined;
  try {
    return group.get(path) ?? undefined;
  } catch {
    return undefined;
  }
}

function namesIn(group: Group, attribute: string): readonly string[] {
  const value: unknown = group.attrs[attribute]?.value;
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

const isGroup = (member: Member | undefined): member is Group =>
  member !== undefined && member !== null && 'type' in member && member.type === 'Group';

const isDataset = (member: Member | undefined): member is Dataset =>
  member !== undefined && member !== null && 'type' in member && member.type === 'Dataset';
