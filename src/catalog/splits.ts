import { declare, type OptionDeclaration } from './component.js';

const text = { type: 'string' } as const;
const seed = {
  doc: 'Another number draws another split; it does not follow the seed of training.',
  schema: { type: 'integer', minimum: 0, maximum: 4_294_967_295 },
  default: 0,
} as const satisfies OptionDeclaration;
const group = {
  doc: 'What a name holds up to this text is its group: with `"_"` the slices `p07_1` and `p07_2` are of the group `p07`. Groups are never divided. Unless given, each pair is a group of its own, or of the column `group` of a list.',
  schema: text,
  optional: true,
} as const satisfies OptionDeclaration;

/** Splits: which pairs are trained on, and which validate. */
export const splits = declare({
  folders: {
    family: 'split',
    doc: 'The data folder is divided already: `{part}` in the paths of `images` and `masks` stands for the words of both parts.',
    positional: ['train', 'val'],
    options: {
      train: { doc: 'The word for what is trained on.', schema: text, default: 'train' },
      val: { doc: 'The word for what validates.', schema: text, default: 'val' },
    },
  },
  fraction: {
    family: 'split',
    doc: 'A drawn part of the pairs validates, and always the same one: what is drawn follows from the names and the seed alone.',
    positional: ['val'],
    options: {
      val: {
        doc: 'The part that validates; whole groups come as near to it as they can.',
        schema: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
        default: 0.2,
      },
      group,
      seed,
    },
  },
  folds: {
    family: 'split',
    doc: 'Cross-validation: the pairs are drawn into folds of about one size; one of them validates, the others are trained on.',
    positional: ['count', 'fold'],
    options: {
      count: {
        doc: 'How many folds there are.',
        schema: { type: 'integer', minimum: 2, maximum: 1000 },
        default: 5,
      },
      fold: {
        doc: 'The fold that validates, from 0 on.',
        schema: { type: 'integer', minimum: 0, maximum: 999 },
        default: 0,
      },
      group,
      seed,
    },
  },
  lists: {
    family: 'split',
    doc: 'A text file in the data folder for each part, with a name on each line, without the extension or with it. Pairs that no list names are left out.',
    positional: ['train', 'val'],
    options: {
      train: { doc: 'The list of what is trained on.', schema: text, default: 'train.txt' },
      val: { doc: 'The list of what validates.', schema: text, default: 'val.txt' },
    },
  },
  column: {
    family: 'split',
    doc: 'The column `part` of the list of pairs says it: `train` or `val`; pairs with neither are left out.',
    positional: [],
    options: {},
  },
});
