import { declare, oneOf, type OptionDeclaration } from './component.js';

const text = { type: 'string' } as const;
const others = {
  doc: 'What becomes of objects of categories that `classes` does not name: `refused`, an error; `ignored`, their pixels have no class; `background`, they are left out.',
  schema: oneOf('refused', 'ignored', 'background'),
  default: 'refused',
} as const satisfies OptionDeclaration;

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
  coco: {
    family: 'pairing',
    doc: 'A document of COCO lists the images and outlines their objects, by polygons or runs: `instances.json`. Pixels whose centre lies inside of an outline are of the object; categories are classes by their names. Crowds (`iscrowd`) have no class.',
    positional: ['file'],
    options: {
      file: {
        doc: 'The path of the document in the data folder; `{part}` in it stands for train and val.',
        schema: text,
      },
      others,
    },
  },
  labelme: {
    family: 'pairing',
    doc: 'Each image has a document of labelme, of its name and with the ending `.json`, in its own folder or in that of `masks`: polygons, rectangles and circles. Labels are classes by their names. Images without a document have no objects.',
    positional: [],
    options: { others },
  },
});
