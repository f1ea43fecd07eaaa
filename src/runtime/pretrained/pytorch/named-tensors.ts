import { TensorFileError, type StoredTensor } from '../tensor-file.js';
import {
  entriesOf,
  isKind,
  itemsOf,
  type PickleObject,
  type PickleValue,
} from './pickle-values.js';
import { tensorOf, type StorageBytes } from './storages.js';

/** What trainings call the part of a checkpoint that is the network, the usual ones first. */
const usualParts = [
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'net',
  'network',
  'network_weights',
  'module',
  'weights',
  'params',
];

/** Deeper than checkpoints and modules are. */
const depthLimit = 64;

/**
 * The tensors of a pickle by their names: those of a `state_dict`; of one within a
 * checkpoint that holds more; or of a whole module, by the paths that its `state_dict` would
 * have. Throws `TensorFileError` where there are none.
 */
export function namedTensors(value: PickleValue, bytesOf: StorageBytes): readonly StoredTensor[] {
  const found = searchTensors(value, bytesOf, 0);
  if (found.length > 0) return found;
  throw new TensorFileError('it is a file of PyTorch without a state_dict');
}

function searchTensors(
  value: PickleValue,
  bytesOf: StorageBytes,
  depth: number,
): readonly StoredTensor[] {
  if (depth > 3) return [];
  const entries = entriesOf(value);
  if (entries === undefined) return isKind(value, 'object') ? ofModule('', value, bytesOf, 0) : [];
  const own = ofEntries('', entries, bytesOf);
  if (own.length > 0) return own;
  const parts = new Map(
    [...entries].flatMap(([key, part]): readonly (readonly [string, readonly StoredTensor[]])[] => {
      const found = typeof key === 'string' ? searchTensors(part, bytesOf, depth + 1) : [];
      return found.length === 0 ? [] : [[String(key), found]];
    }),
  );
  const usual = usualParts.find((name) => parts.has(name));
  if (usual !== undefined) return parts.get(usual)!;
  if (parts.size <= 1) return [...parts.values()].flat();
  const list = [...parts.keys()].map((name) => `"${name}"`).join(', ');
  throw new TensorFileError(`it is a file of PyTorch with several state_dicts: ${list}`, [
    'Save the one that is meant by itself: torch.save(checkpoint["..."], "weights.pth").',
  ]);
}

function ofEntries(
  prefix: string,
  entries: ReadonlyMap<PickleValue, PickleValue>,
  bytesOf: StorageBytes,
): readonly StoredTensor[] {
  return [...entries].flatMap(
    ([key, value]) => (typeof key === 'string' && tensorOf(prefix + key, value, bytesOf)) || [],
  );
}

/** The tensors of a module: its parameters, its buffers, and those of the modules inside. */
function ofModule(
  prefix: string,
  module: PickleObject,
  bytesOf: StorageBytes,
  depth: number,
): readonly StoredTensor[] {
  const state = entriesOf(module.state);
  if (state === undefined || depth > depthLimit) return [];
  const below = (key: string): ReadonlyMap<PickleValue, PickleValue> =>
    entriesOf(state.get(key)) ?? new Map<PickleValue, PickleValue>();
  // Older protocols call the class of sets, newer ones have a word for them.
  const told = state.get('_non_persistent_buffers_set');
  const passing = new Set(itemsOf(isKind(told, 'object') ? told.args[0] : told));
  const buffers = new Map([...below('_buffers')].filter(([key]) => !passing.has(key)));
  const inside = [...below('_modules')].flatMap(([key, value]) =>
    typeof key === 'string' && isKind(value, 'object')
      ? ofModule(`${prefix}${key}.`, value, bytesOf, depth + 1)
      : [],
  );
  return [
    ...ofEntries(prefix, below('_parameters'), bytesOf),
    ...ofEntries(prefix, buffers, bytesOf),
    ...inside,
  ];
}
