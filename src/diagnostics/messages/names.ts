import { withArticle } from '../counted.js';
import { error } from './message.js';

/** Names, blocks and sections. */
export const nameMessages = {
  'unknown-name': error(
    'UNET2001',
    (p: { name: string; expected: string }) => `Unknown name "${p.name}"; expected ${p.expected}.`,
  ),
  'unknown-section': error(
    'UNET2002',
    (p: { name: string; where: string; known: string }) =>
      `Unknown section "${p.name}" in ${p.where}; expected ${p.known}.`,
  ),
  'unknown-field': error(
    'UNET2003',
    (p: { name: string; where: string; known: string }) =>
      `Unknown field "${p.name}" in ${p.where}; expected ${p.known}.`,
  ),
  'moved-field': error(
    'UNET2036',
    (p: { name: string; from: string; to: string }) =>
      `"${p.name}" does not belong in "${p.from}"; expected it in "${p.to}".`,
  ),
  'choice-without-else': error(
    'UNET2037',
    (p: { example: string }) =>
      `This condition has no "else"; expected "${p.example}", or a step in parentheses, as in "a -> (b if c)".`,
  ),
  'duplicate-name': error(
    'UNET2004',
    (p: { name: string; what: string }) => `The ${p.what} "${p.name}" is declared twice.`,
  ),
  'recursive-block': error(
    'UNET2005',
    (p: { name: string; path: string }) => `Block "${p.name}" calls itself without end: ${p.path}.`,
  ),
  'blocks-too-deep': error(
    'UNET2006',
    (p: { limit: number }) => `Block calls are nested more than ${p.limit} deep.`,
  ),
  'graph-too-large': error(
    'UNET2007',
    (p: { model: string; limit: number }) => `"${p.model}" has more than ${p.limit} operations.`,
  ),
  'missing-section': error(
    'UNET2008',
    (p: { model: string; section: string; example: string }) =>
      `Model "${p.model}" has no "${p.section}" section; expected for example "${p.example}".`,
  ),
  'missing-name': error(
    'UNET2009',
    (p: { section: string; example: string }) =>
      `This "${p.section}" has no name; expected for example "${p.example}".`,
  ),
  'name-is-taken': error(
    'UNET2010',
    (p: { name: string; what: string }) =>
      `"${p.name}" already names ${withArticle(p.what)} of the language.`,
  ),
  'not-a-layer': error(
    'UNET2011',
    (p: { found: string }) => `Expected a layer or a block here, found ${p.found}.`,
  ),
  'shared-channels-differ': error(
    'UNET2210',
    (p: { name: string; expects: string; found: string }) =>
      `"${p.name}" is shared and has weights for ${p.expects}, as its first call gives; this call gives ${p.found}.`,
  ),
  'shared-names-a-tensor': error(
    'UNET2211',
    (p: { name: string; tensor: string }) =>
      `The shared instance "${p.name}" names the tensor "${p.tensor}"; expected data and "in", for every call has its own tensors.`,
  ),
  'shared-takes-nothing': error(
    'UNET2212',
    (p: { name: string }) =>
      `"${p.name}" is a shared instance, whose options were given where it was made; expected it without parentheses.`,
  ),
  'no-input': error(
    'UNET2012',
    (p: { what: string }) =>
      `${p.what} has no input; expected a tensor before it, as in "e1 -> conv(64)".`,
  ),
  'no-max-pool': error(
    'UNET2027',
    (p: { name: string; found: string }) =>
      `"max_unpool" needs a max_pool, found "${p.name}", ${p.found}.`,
  ),
  'takes-one-tensor': error(
    'UNET2013',
    (p: { name: string; count: number }) =>
      `"${p.name}" takes one tensor, found a list of ${p.count}; merge them first with "concat", "add" or "multiply".`,
  ),
  'takes-many-tensors': error(
    'UNET2014',
    (p: { name: string }) =>
      `"${p.name}" merges a list of tensors, found one tensor; expected for example "[a, b] -> ${p.name}".`,
  ),
  'block-without-output': error(
    'UNET2015',
    (p: { name: string }) => `Block "${p.name}" never sets "out"; expected a line "out = ...".`,
  ),
  'unknown-model': error(
    'UNET2016',
    (p: { name: string; known: string }) =>
      `There is no model "${p.name}" in this file; ${p.known}.`,
  ),
  'used-before-definition': error(
    'UNET2017',
    (p: { name: string }) =>
      `"${p.name}" is used before the line that makes it; tensors flow downwards.`,
  ),
  'unknown-member': error(
    'UNET2018',
    (p: { member: string }) => `A tensor has no "${p.member}"; expected "channels".`,
  ),
  'level-out-of-range': error(
    'UNET2019',
    (p: { level: string; section: string; last: number }) =>
      `Level ${p.level} does not exist; "${p.section}" has levels 1 to ${p.last}.`,
  ),
  'unknown-parameter': error(
    'UNET2020',
    (p: { owner: string; name: string; known: string }) =>
      `${p.owner} has no parameter "${p.name}"; ${p.known}.`,
  ),
  misplaced: error(
    'UNET2021',
    (p: { what: string; where: string }) => `${p.what} does not belong in ${p.where}.`,
  ),
  'no-model': error('UNET2022', (_: Record<string, never>) => 'The file declares no model.'),
  'import-missing': error(
    'UNET2030',
    (p: { path: string; known: string }) => `There is no file "${p.path}" to import; ${p.known}.`,
  ),
  'import-outside': error(
    'UNET2031',
    (p: { path: string }) =>
      `The import "${p.path}" leads out of the project; expected a file in the project's folder, or one of "std/".`,
  ),
  'import-cycle': error(
    'UNET2032',
    (p: { path: string; cycle: string }) =>
      `The import "${p.path}" leads back to this file: ${p.cycle}.`,
  ),
  'unknown-import': error(
    'UNET2033',
    (p: { name: string; path: string; known: string }) =>
      `"${p.path}" declares no block or encoder "${p.name}"; ${p.known}.`,
  ),
  'unknown-tap': error(
    'UNET2034',
    (p: { encoder: string; name: string; known: string }) =>
      `Encoder "${p.encoder}" has no tap "${p.name}" here; ${p.known}.`,
  ),
  'encoder-without-taps': error(
    'UNET2035',
    (p: { name: string }) =>
      `Encoder "${p.name}" has no taps; expected lines such as "tap s4 = x -> relu".`,
  ),
  'parameter-of-both': error(
    'UNET2047',
    (p: { name: string; model: string; recipe: string }) =>
      `Parameter "${p.name}" is declared by model "${p.model}" and by "${p.recipe}"; expected one of them, for "--set ${p.name}=..." gives one value.`,
  ),
  'head-without-start': error(
    'UNET2230',
    (p: { head: string; decoders: string }) =>
      `Head "${p.head}" starts from no tensor, and there are several decoders; expected one of ${p.decoders} before its layers.`,
  ),
  'bad-encoder-value': error(
    'UNET2231',
    (p: { name: string }) =>
      `Encoder "${p.name}" takes the name of an encoder, or an input and that name, as in "encoder ${p.name}: rgb -> resnet".`,
  ),
  'encoder-without-input': error(
    'UNET2232',
    (p: { encoder: string; inputs: string }) =>
      `${p.encoder} runs on no input; expected one of ${p.inputs}, as in "encoder color: rgb -> resnet".`,
  ),
  'decoder-without-encoder': error(
    'UNET2233',
    (p: { decoder: string; encoders: string }) =>
      `"${p.decoder}" stands on no encoder; expected "encoder: NAME" with one of ${p.encoders}.`,
  ),
  'inputs-differ': error(
    'UNET2234',
    (p: { input: string; size: string; first: string; firstSize: string }) =>
      `Input "${p.input}" is ${p.size} and input "${p.first}" is ${p.firstSize}; expected one height and one width for all inputs.`,
  ),
  'unread-input': error(
    'UNET2236',
    (p: { input: string }) =>
      `Input "${p.input}" reaches no head; expected that every input is used.`,
  ),
  'several-weights': error(
    'UNET2235',
    (p: { encoder: string; first: string }) =>
      `Encoders "${p.first}" and "${p.encoder}" both name a file of weights; expected one file.`,
  ),
  'taps-out-of-order': error(
    'UNET2046',
    (p: { encoder: string; tap: string; scale: string; before: string; beforeScale: string }) =>
      `The taps of encoder "${p.encoder}" are out of order: "${p.tap}" (${p.scale}) follows "${p.before}" (${p.beforeScale}); expected full resolution first.`,
  ),
} as const;
