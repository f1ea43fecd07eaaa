import type { CompletionItem } from 'vscode-languageserver';
import { sectionFields } from '../../../catalog/sections.js';
import { ownValue } from '../../../diagnostics/own-value.js';
import type { Cursor, OpenBracket } from '../cursor.js';
import type { FeatureContext } from '../feature.js';
import { field, fieldsOf, keyword } from './items.js';

/** What a file holds. */
export const topLevel: readonly CompletionItem[] = [
  keyword(
    'model',
    'a network',
    'model ${1:UNet}(classes: int = 1) {\n  input image: [H, W, ${2:3}]\n  $0\n}',
  ),
  keyword('block', 'layers by a name', 'block ${1:name}(${2:c: int}) = ${0:conv(c, 3) -> relu}'),
  keyword('encoder', 'an encoder with taps', 'encoder ${1:name}() {\n  tap s1 = in -> $0\n}'),
  keyword('train', 'how a model is trained', 'train ${1:UNet} {\n  loss: ${2:bce}\n  $0\n}'),
  keyword('import', 'blocks and encoders of another file', 'import $2 from "${1:std/resnet}"'),
];

/** What a model holds. */
const modelSections: readonly CompletionItem[] = [
  keyword('input', 'the image', 'input ${1:image}: [H, W, ${2:3}]'),
  keyword(
    'encoder',
    'the way down',
    'encoder plain {\n  widths: ${1:64 * [1, 2, 4, 8, 16]}\n  stage: ${2:double_conv(width)}\n  down: max_pool(2)\n}',
  ),
  keyword('skip', 'what the decoder merges', 'skip ${1|plain,nested,full_scale,none|}$0'),
  keyword(
    'decoder',
    'the way up',
    'decoder {\n  up: ${1:conv_transpose(width, 2, stride: 2)}\n  stage: ${2:double_conv(width)}\n}',
  ),
  keyword('wires', 'tensors written out', 'wires {\n  $0\n}'),
  keyword('head', 'an output', 'head ${1:mask}: ${0:conv(classes, 1)}'),
  keyword('names', 'names in files of weights', 'names ${1:milesial} { $0 }'),
];

/** Fields of the sections of a model, with a sentence each. */
const schemeFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'encoder plain': {
    widths: 'channels of each level, the top first',
    stage: 'what each level does',
    down: 'what leads to the next level',
  },
  'skip plain': { merge: 'how skip and up become one', align: 'how their sizes are made equal' },
  'skip nested': {
    earlier: 'which earlier nodes of the level are merged',
    merge: 'how skips and up become one',
    align: 'how their sizes are made equal',
  },
  'skip full_scale': {
    branch: 'what every merged tensor passes',
    down: 'what brings larger tensors down',
    merge: 'how branches become one',
    align: 'how their sizes are made equal',
  },
  decoder: {
    encoder: 'the encoder whose levels it joins',
    widths: 'channels of each level',
    bottom: 'what is done on the lowest level',
    up: 'what leads up',
    stage: 'what each level does',
  },
  head: {
    supervise: 'which tensors have an output of their own',
    weights: 'the part of each output in the loss',
    predict: 'the main output, or the mean of all',
    when: 'whether the head exists',
  },
};

/** Fields of `train` that take components. */
const trainComponents: Readonly<Record<string, string>> = {
  loss: 'what is minimised',
  metrics: 'what is measured; the first decides which epoch is best',
  optimizer: 'how weights move',
  schedule: 'how the learning rate goes',
  clip: 'what is done to gradients that are too large',
  augment: 'what is done to images and masks',
  sizes: 'what happens to images of other sizes',
  scaling: 'what the values of images become',
  pairs: 'which mask belongs to which image',
  split: 'which pairs are trained on',
  post: 'what is done to masks before they are written',
  objects: 'how objects that touch are told apart',
};

const shared = keyword(
  'shared',
  'layers that are called several times with the same weights',
  'shared ${1:step} = ${0:conv(64, 3) -> relu}',
);

/** What can begin a line of the section around a cursor. */
export function members(
  context: FeatureContext,
  cursor: Cursor,
  { words }: OpenBracket,
): readonly CompletionItem[] {
  const [word = ''] = words;
  // Of `encoder color: rgb -> resnet` the last word says which encoder it is.
  const name = (word === 'encoder' ? words.slice(1).at(-1) : words[1]) ?? '';
  if (word === 'model') return modelSections;
  if (word === 'train') {
    return [
      ...Object.entries(trainComponents).map(([label, detail]) => field(label, detail)),
      ...fieldsOf(sectionFields.train.options),
    ];
  }
  if (word === 'block' || (word === 'encoder' && cursor.open.length === 1) || word === 'for') {
    return [
      ...(word === 'block' ? [] : [keyword('tap', 'a tensor that leaves', 'tap ${1:s1} = $0')]),
      keyword('let', 'a name for data', 'let ${1:width} = $0'),
      shared,
      keyword('for', 'lines once for each item', 'for ${1:i} in range(${2:2}) {\n  $0\n}'),
      keyword('names', 'names in files of weights', 'names ${1:torchvision} { $0 }'),
      ...(word === 'encoder'
        ? [
            keyword(
              'scaling',
              'how images are scaled for published weights',
              'scaling ${1:torchvision}: ${0:imagenet}',
            ),
          ]
        : []),
      ...(word === 'block' ? [keyword('out', 'what the block gives', 'out = in -> $0')] : []),
    ];
  }
  if (word === 'wires') return [shared];
  if (word === 'level') return members(context, cursor, cursor.open.at(-2)!);
  const declared =
    word === 'encoder' ? context.analysis.compilation.files[0]!.blocks.encoder(name) : undefined;
  if (declared !== undefined) {
    return [
      ...declared.parameters.map((parameter) =>
        field(parameter.name.text, 'a parameter of the encoder'),
      ),
      field('taps', `its levels, of ${declared.taps.join(', ')}`),
      ...fieldsOf(sectionFields.encoder.options),
    ];
  }
  const known = ownValue(schemeFields, `${word} ${name}`) ?? ownValue(schemeFields, word) ?? {};
  const hasLevels = word === 'encoder' || word === 'skip' || word === 'decoder';
  return [
    ...Object.entries(known).map(([label, detail]) => field(label, detail)),
    ...(hasLevels ? [keyword('level', 'fields of single levels', 'level ${1:2} { $0 }')] : []),
    ...modelSections.filter(({ label }) => word === 'decoder' && label === 'skip'),
  ];
}
