import { error, warning } from './message.js';

const tensors = (count: number): string => `${count} ${count === 1 ? 'tensor' : 'tensors'}`;
const weights = (count: number): string => `${count} ${count === 1 ? 'weight' : 'weights'}`;

/** Files of pretrained weights, and the scaling that goes with them. */
export const weightMessages = {
  'weights-unreadable': error(
    'UNET6200',
    (p: { file: string; reason: string }) =>
      `The weights "${p.file}" cannot be read: ${p.reason}; expected safetensors, a file of PyTorch, Keras or ONNX, or a TensorFlow.js layers model.`,
  ),
  'weights-unrelated': error(
    'UNET6201',
    (p: { file: string; tensors: number; model: string }) =>
      `"${p.file}" holds ${tensors(p.tensors)}, none with a name that "${p.model}" knows.`,
  ),
  'weights-missing': error(
    'UNET6202',
    (p: { file: string; count: number; names: string }) =>
      `"${p.file}", read by ${p.names}, lacks ${weights(p.count)} of the network.`,
  ),
  'weights-misshaped': error(
    'UNET6203',
    (p: { file: string; count: number }) =>
      `${weights(p.count)} in "${p.file}" ${p.count === 1 ? 'has' : 'have'} other shapes than the network.`,
  ),
  'weights-left-over': warning(
    'UNET6204',
    (p: { file: string; count: number }) =>
      `${tensors(p.count)} of "${p.file}" ${p.count === 1 ? 'has' : 'have'} no place in the network.`,
  ),
  'weights-start-anew': warning(
    'UNET6205',
    (p: { file: string; count: number }) =>
      `${weights(p.count)} of the network ${p.count === 1 ? 'is' : 'are'} not taken from "${p.file}" and newly initialised.`,
  ),
  'weights-ambiguous': error(
    'UNET6208',
    (p: { file: string; count: number }) =>
      `"${p.file}" does not say where ${weights(p.count)} ${p.count === 1 ? 'belongs' : 'belong'}: layers of the same kind and shape stand side by side.`,
  ),
  'weights-whole-numbers': error(
    'UNET6209',
    (p: { file: string; count: number }) =>
      `${weights(p.count)} in "${p.file}" ${p.count === 1 ? 'is' : 'are'} whole numbers without a scale; expected floats.`,
  ),
  'stored-weights-not-finite': error(
    'UNET6210',
    (p: { file: string; count: number }) =>
      `${weights(p.count)} in "${p.file}" ${p.count === 1 ? 'has' : 'have'} infinite values, or some that are no numbers.`,
  ),
  'weights-scaled-otherwise': warning(
    'UNET6215',
    (p: { file: string; scaling: string; expected: string }) =>
      `The weights of "${p.file}" expect the scaling ${p.expected}; the recipe has "${p.scaling}".`,
  ),
  'weights-of-other-classes': warning(
    'UNET6216',
    (p: { file: string; stored: string; given: string }) =>
      `The weights of "${p.file}" were trained on the classes ${p.stored}; the recipe has ${p.given}.`,
  ),
  'weights-activated-otherwise': warning(
    'UNET6217',
    (p: { file: string; output: string; stored: string; given: string }) =>
      `The output "${p.output}" of "${p.file}" was trained with a ${p.stored}; the loss of the recipe implies a ${p.given}.`,
  ),
  'weights-need-spec': error(
    'UNET6220',
    (p: { path: string }) =>
      `"${p.path}" is not a run of "unetc train", and a file of weights does not say which network it is of; expected "--spec".`,
  ),
  'weights-too-large': error(
    'UNET6221',
    (p: { path: string }) =>
      `"${p.path}" would have more than 4 GiB, the most that is written as an archive of PyTorch.`,
  ),
  'weights-as-model': error(
    'UNET6222',
    (p: { path: string }) =>
      `"${p.path}" would be read as a whole model of Keras; expected ".weights.h5" or ".h5" at its end.`,
  ),
  'weights-scaling-unknown': error(
    'UNET6226',
    (p: { file: string; model: string }) =>
      `The spec has no recipe for "${p.model}", and "${p.file}" does not say how its images were scaled; expected a train section.`,
  ),
  'image-below-range': error(
    'UNET6206',
    (p: { file: string; depth: number; largest: number; high: number }) =>
      `The image "${p.file}" has ${p.depth} bits, at most ${p.largest}; the range of the scaling ends at ${p.high}.`,
  ),
  'images-beyond-range': warning(
    'UNET6207',
    (p: { folder: string; count: number; file: string; value: number; high: number }) =>
      `${p.count} ${p.count === 1 ? 'image' : 'images'} of "${p.folder}" ${p.count === 1 ? 'has' : 'have'} values above ${p.high}, where the range of the scaling ends: "${p.file}" has ${p.value}.`,
  ),
} as const;
