import { counted } from '../counted.js';
import { error } from './message.js';

/** Options, arguments and values. */
export const valueMessages = {
  'unknown-option': error(
    'UNET3001',
    (p: { owner: string; name: string; known: string }) =>
      `"${p.owner}" has no option "${p.name}"; ${p.known}.`,
  ),
  'missing-option': error(
    'UNET3002',
    (p: { owner: string; name: string; expects: string }) =>
      `"${p.owner}" needs "${p.name}": ${p.expects}.`,
  ),
  'bad-option-value': error(
    'UNET3003',
    (p: { owner: string; name: string; expects: string; found: string }) =>
      `"${p.name}" of "${p.owner}" takes ${p.expects}, found ${p.found}.`,
  ),
  'too-many-arguments': error(
    'UNET3004',
    (p: { owner: string; limit: number; names: string }) =>
      `"${p.owner}" takes at most ${p.limit} unnamed ${p.limit === 1 ? 'argument' : 'arguments'}${p.names}.`,
  ),
  'duplicate-argument': error(
    'UNET3005',
    (p: { owner: string; name: string }) => `"${p.name}" of "${p.owner}" is given twice.`,
  ),
  'positional-after-named': error(
    'UNET3006',
    (p: { owner: string }) =>
      `An unnamed argument of "${p.owner}" follows a named one; unnamed arguments come first.`,
  ),
  'bad-operand': error(
    'UNET3007',
    (p: { operator: string; expects: string; left: string; right: string }) =>
      `"${p.operator}" takes ${p.expects}, found ${p.left} and ${p.right}.`,
  ),
  'list-lengths-differ': error(
    'UNET3008',
    (p: { operator: string; left: number; right: number }) =>
      `"${p.operator}" takes lists of the same length, found ${p.left} and ${p.right} items.`,
  ),
  'not-a-number': error('UNET3009', (p: { text: string }) => `${p.text} is not a finite number.`),
  'expected-condition': error(
    'UNET3010',
    (p: { found: string }) => `Expected true or false as the condition, found ${p.found}.`,
  ),
  'unknown-function': error(
    'UNET3011',
    (p: { name: string; known: string }) => `There is no function "${p.name}"; ${p.known}.`,
  ),
  'bad-function-argument': error(
    'UNET3012',
    (p: { name: string; expects: string; found: string }) =>
      `"${p.name}" takes ${p.expects}, found ${p.found}.`,
  ),
  'bad-parameter-type': error(
    'UNET3013',
    (p: { name: string; known: string }) => `Unknown type "${p.name}"; expected ${p.known}.`,
  ),
  'bad-argument-type': error(
    'UNET3014',
    (p: { owner: string; name: string; expects: string; found: string }) =>
      `Parameter "${p.name}" of "${p.owner}" takes ${p.expects}, found ${p.found}.`,
  ),
  'missing-default': error(
    'UNET3015',
    (p: { name: string; owner: string; type: string; example: string }) =>
      `Parameter "${p.name}" of "${p.owner}" has no value; expected a default, as in "${p.name}: ${p.type} = ${p.example}", or "--set ${p.name}=${p.example}".`,
  ),
  'impossible-comparison': error(
    'UNET3016',
    (p: { word: string; other: string; known: string }) =>
      `"${p.word}" is not one of the values that ${p.other} takes; expected ${p.known}.`,
  ),
  'bad-input-shape': error(
    'UNET3017',
    (p: { found: string }) =>
      `An input is [height, width, channels], for example [H, W, 3] or [512, 512, 1]; found ${p.found}.`,
  ),
  'missing-field': error(
    'UNET3018',
    (p: { section: string; field: string; example: string }) =>
      `"${p.section}" needs "${p.field}"; expected for example "${p.example}".`,
  ),
  'bad-widths': error(
    'UNET3019',
    (p: { section: string; expects: string; found: string }) =>
      `"widths" of "${p.section}" takes ${p.expects}, found ${p.found}.`,
  ),
  'loss-does-not-fit': error(
    'UNET3020',
    (p: { loss: string; head: string; reason: string }) =>
      `Loss "${p.loss}" does not fit head "${p.head}": ${p.reason}.`,
  ),
  'not-a-loss': error(
    'UNET3021',
    (p: { found: string }) => `Expected a loss such as "0.5 * bce + dice", found ${p.found}.`,
  ),
  'list-too-long': error(
    'UNET3022',
    (p: { limit: number }) => `The list has more than ${p.limit} items in all.`,
  ),
  'too-many-steps': error(
    'UNET3023',
    (p: { limit: number }) => `The values of this file take more than ${p.limit} steps.`,
  ),
  'bad-loop-items': error(
    'UNET3030',
    (p: { expects: string; found: string }) => `"for" runs over ${p.expects}, found ${p.found}.`,
  ),
  'bad-taps': error(
    'UNET3031',
    (p: { expects: string; found: string }) => `"taps" takes ${p.expects}, found ${p.found}.`,
  ),
  'bad-stored-name': error(
    'UNET3032',
    (p: { found: string }) =>
      `A name of weights is a string such as "layer{stage}.{i}.", or a list of them; found ${p.found}.`,
  ),
  'stored-names-differ': error(
    'UNET3033',
    (p: { line: string; names: number; operations: number }) =>
      `The line "${p.line}" has ${p.operations} ${p.operations === 1 ? 'operation' : 'operations'} to name; found ${p.names} ${p.names === 1 ? 'name' : 'names'}.`,
  ),
  'bad-bounds': error(
    'UNET3035',
    (p: { type: string; reason: string }) => `"${p.type}" is not a type: ${p.reason}.`,
  ),
  'stated-error': error(
    'UNET3036',
    (p: { owner: string; text: string }) =>
      `${p.owner} does not allow this: ${p.text.replace(/\.$/, '')}.`,
  ),
  'bad-stated-error': error(
    'UNET3037',
    (p: { found: string }) =>
      `"error" takes a string, most often with a condition: "error: "..." if depth > 4"; found ${p.found}.`,
  ),
  'network-too-deep': error(
    'UNET3038',
    (p: { model: string; depth: number; limit: number }) =>
      `The longest path of model "${p.model}" has ${p.depth} operations; a layers model of TensorFlow.js takes at most ${p.limit}.`,
  ),
  'weights-outside': error(
    'UNET3034',
    (p: { path: string }) =>
      `The file of weights "${p.path}" lies outside; expected a path relative to the spec, inside the project's folder.`,
  ),
  'scaling-channels': error(
    'UNET3055',
    (p: { scaling: string; expects: string; input: string; channels: number }) =>
      `The input "${p.input}" has ${p.channels} ${p.channels === 1 ? 'channel' : 'channels'}; scaling "${p.scaling}" expects ${p.expects}.`,
  ),
  'augmentation-channels': error(
    'UNET3064',
    (p: { augmentation: string; input: string; channels: number }) =>
      `The input "${p.input}" has ${p.channels} ${p.channels === 1 ? 'channel' : 'channels'}; augmentation "${p.augmentation}" expects 3, red, green and blue.`,
  ),
  'scaling-range-empty': error(
    'UNET3056',
    (p: { scaling: string; low: number; high: number }) =>
      `The range of "${p.scaling}" goes from ${p.low} to ${p.high}; expected an end above its start.`,
  ),
  'scaling-without-names': error(
    'UNET3057',
    (p: { family: string; encoder: string; known: string }) =>
      `The encoder "${p.encoder}" has no names of "${p.family}", whose scaling is given; ${p.known}.`,
  ),
  'class-names-count': error(
    'UNET3060',
    (p: { names: number; head: string; classes: number }) =>
      `"classes" holds ${counted(p.names, 'name')}; head "${p.head}" predicts ${p.classes} classes.`,
  ),
  'class-name-bad': error(
    'UNET3061',
    (p: { found: string }) => `A class name ${p.found}; expected a different name for each class.`,
  ),
  'ignore-does-not-fit': error(
    'UNET3062',
    (p: { found: string; expected: string }) => `"ignore" ${p.found}; expected ${p.expected}.`,
  ),
  'ignored-colour-has-class': error(
    'UNET3063',
    (p: { colour: string; index: number }) =>
      `The colour ${p.colour} is in "ignore" and in "colors", as class ${p.index}; expected it in one of them.`,
  ),
} as const;
