import type { Random } from '../random.js';
import { treePlaces } from './tree-places.js';

/** A text made from another one. `others` are texts that parts may be taken from. */
export type Mutation = (text: string, random: Random, others: readonly string[]) => string;

/** Words, numbers, strings, comments and signs of a text, blanks between them. */
export const piecesOf = (text: string): readonly string[] =>
  text.match(/\/\/[^\r\n]*|"[^"\r\n]*"|\w+|->|[=!<>]=|\s+|./gsu) ?? [];

const characters = [
  ...['{', '}', '(', ')', '[', ']', ',', ':', '=', '"', '/', '\\', '|', '.', '-', '>', '@', '#'],
  ...['\n', '\r', '\r\n', '\t', '\0', '\u2028', '\ufeff', '\ud83e', '🧫', '細', 'e', '0', '_', ' '],
];

/** What people type by mistake, and what is at the edge of what is allowed. */
const words = [
  ...['0', '1', '2', '3', '-1', '2.5', '1e999', '1e-5', '65537', '1000000000', '9007199254740993'],
  ...['in', 'out', 'if', 'else', 'not', 'and', 'or', 'for', 'let', 'true', 'false', 'import'],
  ...['==', '!=', '<', '>', '+', '*', '/', '%', '->', '()', '[]', '{}', '..', '{ }'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'name'],
  ...['image', 'width', 'level', 'skip', 'up', 'in.channels', 'range(3)', 'base', 'depth'],
  ...['relu', 'add', 'concat', 'conv(2, 3)', 'crop_to(image)', 'max_pool(2)', 'nearest(2)'],
  ...['[image, image]', 'level 2 { }', 'padding: valid', 'stride: 2', 'align: crop', 'supervise'],
  ...['global_avg_pool', 'softmax', 'sigmoid', 'dice', 'bce', 'cross_entropy', 'identity'],
];

function spliced(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

/** One change of characters: insert, delete, replace, cut short, repeat a part. */
const bytes: Mutation = (text, random, others) => {
  const at = random.below(text.length + 1);
  switch (random.below(6)) {
    case 0:
      return spliced(text, at, at, random.pick(characters));
    case 1:
      return spliced(text, at, at + 1 + random.below(8), '');
    case 2:
      return spliced(text, at, at + 1, random.pick(characters));
    case 3:
      return text.slice(0, at);
    case 4: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return spliced(text, at, at, other.slice(from, from + random.below(60)));
    }
    default:
      return spliced(text, at, at, text.slice(at, at + random.below(60)));
  }
};

/** One change of words: delete, repeat, replace, insert, swap; from this text, another, or the list. */
const tokens: Mutation = (text, random, others) => {
  const pieces = [...piecesOf(text)];
  const places = pieces.flatMap((piece, index) => (piece.trim() === '' ? [] : [index]));
  if (places.length === 0) return random.pick(words);
  const at = random.pick(places);
  const word = (): string => {
    const from = random.below(3);
    if (from === 0) return random.pick(words);
    return random.pick(from === 1 ? pieces : piecesOf(random.pick(others)));
  };
  switch (random.below(6)) {
    case 0:
      pieces.splice(at, 1);
      break;
    case 1:
      pieces.splice(at, 0, pieces[at]!, ' ');
      break;
    case 2:
      pieces.splice(at, 0, word(), ' ');
      break;
    case 3: {
      const other = random.pick(places);
      [pieces[at], pieces[other]] = [pieces[other]!, pieces[at]!];
      break;
    }
    default:
      pieces[at] = word();
  }
  return pieces.join('');
};

/** One letter of a name wrong: what a slip of the finger leaves. */
const slip: Mutation = (text, random) => {
  const names = [...text.matchAll(/[a-z_]{3,}/gi)];
  if (names.length === 0) return text;
  const { index, 0: name } = random.pick(names);
  const at = index + random.below(name.length - 1);
  const swapped = text[at + 1]! + text[at]!;
  return random.below(2) === 0 ? spliced(text, at, at + 1, '') : spliced(text, at, at + 2, swapped);
};

/** One change of the tree: a part deleted, repeated, or put in place of another of its kind. */
const tree: Mutation = (text, random, others) => {
  const places = treePlaces(text);
  if (places.length === 0) return text;
  const { kind, start, end } = random.pick(places);
  const alike = (from: string): string | undefined => {
    const candidates = treePlaces(from).filter((place) => place.kind === kind);
    if (candidates.length === 0) return undefined;
    const chosen = random.pick(candidates);
    return from.slice(chosen.start, chosen.end);
  };
  const here = text.slice(start, end);
  const separator = kind === 'item' ? ', ' : kind === 'member' ? '\n' : ' ';
  switch (random.below(7)) {
    case 0:
      return spliced(text, start, end, '');
    case 1:
      return spliced(text, start, end, `${here}${separator}${here}`);
    case 2:
      return spliced(text, start, end, alike(text) ?? '');
    case 3:
      return kind === 'expression'
        ? spliced(text, start, end, wrapped(here, random))
        : spliced(text, start, end, alike(text) ?? here);
    case 4:
      return spliced(text, start, end, `${here}${separator}${alike(text) ?? here}`);
    default:
      return spliced(text, start, end, alike(random.pick(others)) ?? here);
  }
};

/** An expression inside another one. */
function wrapped(expression: string, random: Random): string {
  return random.pick([
    `(${expression})`,
    `[${expression}]`,
    `[${expression}, ${expression}]`,
    `-${expression}`,
    `not ${expression}`,
    `(${expression} if true else 1)`,
    `(${expression} if level == 2)`,
    `${expression} -> relu`,
    `[${expression}, in] -> concat`,
    `conv(${expression}, 3)`,
    `${expression}.channels`,
    `max(${expression}, 2)`,
    `(${expression} + 1)`,
    `${expression} == ${expression}`,
    `range(${expression})`,
  ]);
}

/** The kinds of change, those that leave whole specs more often. */
const mutations: readonly Mutation[] = [bytes, tokens, tokens, slip, slip, tree, tree, tree, tree];

/** A text with one to four changes: few more often than many. */
export const mutant: Mutation = (text, random, others) => {
  let result = text;
  for (let left = 1 + random.below(2) * random.below(4); left > 0; left--) {
    result = random.pick(mutations)(result, random, others);
  }
  return result;
};
