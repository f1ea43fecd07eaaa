import { declare } from './component.js';

const text = { type: 'string' } as const;

/** Pairings: which mask belongs to which image. */
export const pairings = declare({
  same_name: {
    family: 'pairing',
    doc: 'An image and its mask have the same name; their extensions may differ.',
    positional: [],
    options: {},
  },
  suffix: {
    family: 'pairing',
    doc: 'Names agree once the suffix of each is taken off: `a.png` and `a_mask.png`. Images and masks may then lie in one folder.',
    positional: ['mask', 'image'],
    options: {
      mask: { doc: 'What names of masks end in, before the extension.', schema: text },
      image: { doc: 'What names of images end in.', schema: text, default: '' },
    },
  },
  list: {
    family: 'pairing',
    doc: 'A text file in the data folder lists the pairs. Its first line names the columns, with commas or tabs between: `image` and `mask`, paths in the data folder; if wanted, `instances`, `part` (train or val) and `group`.',
    positional: ['file'],
    options: { file: { doc: 'The path of the list in the data folder.', schema: text } },
  },
});
