import { ownValue } from '../../diagnostics/own-value.js';
import type { Dataset, File, Group } from 'h5wasm';
import { parseJson } from '../../files/index.js';
import { childOf, isDataset, isGroup, textIn, textsIn } from './hdf5-members.js';
import { readCalls, type LayerCallRecord } from './keras-calls.js';
import { TensorFileError, type LayerPlace } from './tensor-file.js';

/** A data set of a Keras file, by the name of its weight. */
export interface NamedDataset {
  readonly name: string;
  readonly set: Dataset;
  readonly place?: LayerPlace | undefined;
}

/** The weights of a Keras file and, where it holds the model itself, the calls of its layers. */
export interface KerasContent {
  readonly sets: readonly NamedDataset[];
  readonly calls: readonly LayerCallRecord[] | undefined;
}

/**
 * Finds the weights of a Keras file: `.h5`, whose groups list the names of their weights,
 * or `.weights.h5` of Keras 3, whose groups number them. Any other HDF5 file gives its
 * data sets by their paths.
 *
 * @param model the calls of the model's layers, where they stand beside the file.
 */
export function readKeras(file: File, model?: readonly LayerCallRecord[]): KerasContent {
  const top = childOf(file, 'model_weights') ?? file;
  if (!isGroup(top) || textsIn(top, 'layer_names').length === 0) {
    const names = numberedNames(model ?? []);
    return { sets: dataSets(file).map((each) => numbered(file, each, names)), calls: model };
  }
  const config = textIn(file, 'model_config');
  // Of a configuration that is not JSON names alone are left.
  return { sets: listed(top), calls: config === undefined ? model : readCalls(parseJson(config)) };
}

/** `layer_names` lists the groups, `weight_names` of each its weights, in order. */
function listed(top: Group): readonly NamedDataset[] {
  return textsIn(top, 'layer_names').flatMap((layer, at) => {
    const group = childOf(top, layer);
    if (!isGroup(group)) return [];
    return textsIn(group, 'weight_names').map((stored): NamedDataset => {
      const set = childOf(group, stored);
      if (!isDataset(set)) throw new TensorFileError(`the weight "${stored}" is missing`);
      const name = stored.replace(/:\d+$/, '');
      const role = name.replace(/^.*\//, '');
      return { name, set, place: placeOf(layer, at, role) };
    });
  });
}

/** The weights of Keras' layers in the order of their numbers, by the name of the class in snake case. */
const roles: Readonly<Record<string, readonly string[]>> = {
  conv2d: ['kernel', 'bias'],
  conv2d_transpose: ['kernel', 'bias'],
  depthwise_conv2d: ['kernel', 'bias'],
  dense: ['kernel', 'bias'],
  batch_normalization: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
  layer_normalization: ['gamma', 'beta'],
  group_normalization: ['gamma', 'beta'],
  p_re_lu: ['alpha'],
};

/** Where a layer stands that has no name of its own: Keras calls it by its class and a number. */
function placeOf(layer: string, at: number, role: string): LayerPlace | undefined {
  const className = layer.replace(/_\d+$/, '');
  if (ownValue(roles, className) === undefined) return undefined;
  const reported = role === 'depthwise_kernel' ? 'kernel' : role;
  return { className, layer, at, role: reported };
}

/**
 * `layers/conv2d_3/vars/0` is the kernel of the fourth convolution in the order of the
 * model; newer files tell the layer's name beside it. Other paths stay as they are.
 */
function numbered(
  file: File,
  { name: path, set }: NamedDataset,
  names: ReadonlyMap<string, string>,
): NamedDataset {
  const found = /^(.*?)([^/]+)\/vars\/(\d+)$/.exec(path);
  const [, before, group, index] = found ?? [];
  if (before === undefined || group === undefined) return { name: path, set };
  const className = group.replace(/_\d+$/, '');
  const known = ownValue(roles, className);
  const vars = childOf(file, `${before}${group}/vars`);
  const isWhole = isGroup(vars) && (known?.length !== 4 || vars.keys().length === 4);
  const role = isWhole ? known?.[Number(index)] : undefined;
  if (role === undefined) return { name: path, set };
  const reported = (isGroup(vars) ? textIn(vars, 'name') : undefined) ?? names.get(before + group);
  const layer = reported ?? group;
  const at = Number(/_(\d+)$/.exec(group)?.[1] ?? 0);
  const isAutomatic = layer.replace(/_\d+$/, '') === className;
  const place = isAutomatic ? { className, layer, at, role } : undefined;
  return { name: `${reported ?? before + group}/${role}`, set, place };
}

/** What the numbers stand for in a model: layers of a class are counted in its order. */
function numberedNames(model: readonly LayerCallRecord[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  for (const [layer, className] of new Map(model.map((call) => [call.layer, call.className]))) {
    const word = snakeCase(className);
    const count = counts.get(word) ?? 0;
    counts.set(word, count + 1);
    names.set(`layers/${word}${count === 0 ? '' : `_${count}`}`, layer);
  }
  return names;
}

/** As Keras makes a variable's name of a class: `Conv2DTranspose` is `conv2d_transpose`. */
export const snakeCase = (className: string): string =>
  className
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

function dataSets(group: Group, prefix = ''): readonly NamedDataset[] {
  return group.keys().flatMap((key): readonly NamedDataset[] => {
    const name = `${prefix}${key}`;
    const member = childOf(group, key);
    if (isDataset(member)) return [{ name, set: member }];
    return isGroup(member) ? dataSets(member, `${name}/`) : [];
  });
}
