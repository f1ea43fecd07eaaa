import type { LoadableNetwork } from '../../ir/encoder-files.js';
import { conventions, type Convention } from './conventions.js';
import {
  sortFound,
  targetsOf,
  type MatchedWeight,
  type Matching,
  type Target,
} from './matching.js';
import { familiesOf, type NameFamily } from './name-families.js';
import type { StoredTensor } from './tensor-file.js';

/**
 * Finds for every weight its tensor by name. Each family of names is tried, below each
 * prefix under which the file could have it; the one by which most weights are found is
 * taken, the network's own names before others. Dots and slashes are alike. Undefined when
 * no weight is found by any.
 */
export function matchByName(
  network: LoadableNetwork,
  tensors: readonly StoredTensor[],
  encoderOnly: boolean,
): Matching | undefined {
  const index = new NameIndex(tensors);
  const matchings = familiesOf(network).flatMap((family) => {
    const targets = targetsOf(network, encoderOnly || !family.coversAll);
    const prefix = findPrefix(targets, family, index);
    return prefix === undefined ? [] : [match(targets, family, prefix, tensors, index)];
  });
  const [first, ...rest] = matchings;
  return rest.reduce((best, next) => (countOf(next) > countOf(best!) ? next : best), first);
}

const countOf = ({ found, misshaped }: Matching): number => found.length + misshaped.length;

/**
 * Names with slashes alone: PyTorch joins by dots, Keras by slashes, and a network's own
 * names have slashes wherever they are kept, but in our Keras models, whose layers cannot have
 * them, hyphens. A module that was compiled says so in the middle of its names (`_orig_mod`).
 */
const plainName = (name: string): string =>
  name.replaceAll(/[.-]/g, '/').replaceAll('_orig_mod/', '');

/** Tensors by their plain names. */
class NameIndex {
  readonly #tensors = new Map<string, StoredTensor | 'several'>();

  constructor(tensors: readonly StoredTensor[]) {
    for (const tensor of tensors) {
      const name = plainName(tensor.name);
      this.#tensors.set(name, this.#tensors.has(name) ? 'several' : tensor);
    }
  }

  get names(): Iterable<string> {
    return this.#tensors.keys();
  }

  get(name: string): StoredTensor | undefined {
    const found = this.#tensors.get(name);
    return found === 'several' ? undefined : found;
  }
}

/** More prefixes than real files have, and more names than are needed to find them. */
const prefixLimit = 64;
const probeLimit = 64;

/** The prefix under which most names stand, as plain names have it; undefined when none does. */
function findPrefix(
  targets: readonly Target[],
  family: NameFamily,
  index: NameIndex,
): string | undefined {
  const wanted = targets.flatMap((target) => namesFor(target, family).map(plainName));
  const count = (prefix: string): number =>
    wanted.filter((name) => index.get(prefix + name) !== undefined).length;
  const prefixes = new Set(['']);
  for (const probe of wanted.slice(0, probeLimit)) {
    for (const name of index.names) {
      const before = name.slice(0, -probe.length);
      if (name.endsWith(`/${probe}`) && prefixes.size < prefixLimit) prefixes.add(before);
    }
  }
  const ranked = [...prefixes].map((prefix) => ({ prefix, found: count(prefix) }));
  const most = ranked.reduce((best, next) => (next.found > best.found ? next : best));
  return most.found > 0 ? most.prefix : undefined;
}

/** What a weight is called by a family in files of each convention. */
function namesFor({ spec, node }: Target, family: NameFamily): readonly string[] {
  const name = family.nameOf(node);
  if (name === undefined) return [];
  return [...new Set(conventions.map((each) => name + each.suffixOf(spec.role, node)))];
}

/** How the names of a network's weights look, for people: those of the first weights of each family. */
export function exampleNames(network: LoadableNetwork): readonly string[] {
  const examples = familiesOf(network).flatMap((family) => {
    const target = targetsOf(network, !family.coversAll).find(
      ({ node }) => family.nameOf(node) !== undefined,
    );
    return target === undefined ? [] : namesFor(target, family);
  });
  return [...new Set(examples)];
}

function match(
  targets: readonly Target[],
  family: NameFamily,
  prefix: string,
  tensors: readonly StoredTensor[],
  index: NameIndex,
): Matching {
  const matched: MatchedWeight[] = [];
  const lacking: Target[] = [];
  for (const target of targets) {
    const named = findNamed(target, family, prefix, index);
    if (named !== undefined) {
      matched.push({ ...target, ...named });
      continue;
    }
    lacking.push(target);
  }
  const shown = shownPrefix(prefix, matched);
  const missing = lacking.map((target) => {
    const names = namesFor(target, family).map((name) => `"${shown}${name}"`);
    const why =
      names.length === 0 ? 'it has no name in this family' : `looked for as ${names.join(' or ')}`;
    return { ...target, why };
  });
  const { words } = family;
  const found = sortFound(matched, tensors);
  return { words, family, prefix: shown, ...found, missing, ambiguous: [] };
}

/** A prefix as the file writes it. */
function shownPrefix(prefix: string, [first]: readonly MatchedWeight[]): string {
  if (first === undefined || prefix === '') return '';
  const { name } = first.tensor;
  const rest = plainName(name).length - prefix.length;
  return name.slice(0, name.length - rest);
}

function findNamed(
  { spec, node }: Target,
  family: NameFamily,
  prefix: string,
  index: NameIndex,
): { readonly tensor: StoredTensor; readonly convention: Convention } | undefined {
  const name = family.nameOf(node);
  if (name === undefined) return undefined;
  for (const convention of conventions) {
    const tensor = index.get(prefix + plainName(name + convention.suffixOf(spec.role, node)));
    if (tensor !== undefined) return { tensor, convention };
  }
  return undefined;
}
