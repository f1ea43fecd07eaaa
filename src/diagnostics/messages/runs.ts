import { counted } from '../counted.js';
import { error, warning } from './message.js';

/** Training runs, their checkpoints, and what is made from them. */
export const runMessages = {
  'run-folder-exists': error(
    'UNET6100',
    (p: { folder: string }) =>
      `The run folder "${p.folder}" has content already; expected a new or an empty folder.`,
  ),
  'run-missing': error(
    'UNET6101',
    (p: { folder: string }) =>
      `"${p.folder}" is not a run; expected a folder that "unetc train" has made.`,
  ),
  'checkpoint-missing': error(
    'UNET6102',
    (p: { folder: string; checkpoint: string }) =>
      `The run "${p.folder}" has no checkpoint "${p.checkpoint}" yet.`,
  ),
  'checkpoint-damaged': error(
    'UNET6103',
    (p: { file: string; reason: string }) =>
      `The checkpoint file "${p.file}" is damaged: ${p.reason}.`,
  ),
  'checkpoint-version': error(
    'UNET6104',
    (p: { file: string; found: string; expected: number }) =>
      `The checkpoint "${p.file}" has the format ${p.found}; this version of unetc reads the format ${p.expected}.`,
  ),
  'checkpoint-spec-outdated': error(
    'UNET6105',
    (p: { file: string; version: string }) =>
      `The spec in the checkpoint "${p.file}", written by unetc ${p.version}, does not compile any more.`,
  ),
  'run-not-written': error(
    'UNET6106',
    (p: { file: string; reason: string }) => `"${p.file}" cannot be written: ${p.reason}.`,
  ),
  'resume-differs': error(
    'UNET6107',
    (p: { folder: string; what: string; stored: string; given: string }) =>
      `The run "${p.folder}" was started with ${p.what} ${p.stored}; found ${p.given}.`,
  ),
  'model-not-chosen': error(
    'UNET6108',
    (p: { path: string; names: string }) =>
      `"${p.path}" holds several models: ${p.names}; expected one.`,
  ),
  'checkpoint-unfit': error(
    'UNET6109',
    (p: { file: string; reason: string }) =>
      `The checkpoint file "${p.file}" does not match its own spec: ${p.reason}.`,
  ),
  'inputs-too-many': error(
    'UNET6110',
    (p: { model: string; inputs: string }) =>
      `The model "${p.model}" has several inputs (${p.inputs}); images from folders fill one.`,
  ),
  'heads-differ': error(
    'UNET6111',
    (p: { first: string; second: string }) =>
      `The heads "${p.first}" and "${p.second}" have different numbers of channels; training from folders needs one kind of mask.`,
  ),
  'image-head-channels': error(
    'UNET6119',
    (p: { head: string; channels: number; classes: number }) =>
      `Head "${p.head}" classifies whole images in ${p.channels} channels; expected 1, or ${p.classes}, one for each class of the masks.`,
  ),
  'loss-not-finite': error(
    'UNET6112',
    (p: { loss: string; epoch: number; step: number; images: string }) =>
      `The loss is ${p.loss} in step ${p.step} of epoch ${p.epoch}, on ${p.images}; training stopped.`,
  ),
  'engine-unavailable': error('UNET6113', (p: { reason: string }) => `${p.reason}.`),
  'engine-unknown': error('UNET6140', (p: { name: string }) => `There is no engine "${p.name}".`),
  'engine-test-failed': warning(
    'UNET6144',
    (p: { engine: string; fault: string }) =>
      `The engine "${p.engine}" is here and fails its self-test: ${p.fault}; it is not used.`,
  ),
  'engine-install-failed': error(
    'UNET6145',
    (p: { engine: string; reason: string }) =>
      `The engine "${p.engine}" is not installed: ${p.reason}.`,
  ),
  'fewer-images-than-batch': warning(
    'UNET6114',
    (p: { images: number; batch: number }) =>
      `The training set has ${p.images} ${p.images === 1 ? 'image' : 'images'}, fewer than a batch of ${p.batch}; each step takes all of them.`,
  ),
  'template-unknown': error(
    'UNET6115',
    (p: { name: string; known: string }) =>
      `There is no template "${p.name}"; expected ${p.known} or a network of the zoo.`,
  ),
  'init-file-exists': error(
    'UNET6116',
    (p: { path: string }) => `"${p.path}" exists already; "init" replaces nothing.`,
  ),
  'prediction-names-clash': error(
    'UNET6117',
    (p: { first: string; second: string; name: string }) =>
      `The images "${p.first}" and "${p.second}" would both be written as "${p.name}".`,
  ),
  'run-is-complete': warning(
    'UNET6118',
    (p: { folder: string; epochs: number }) =>
      `The run "${p.folder}" has done ${counted(p.epochs, 'epoch')}, all that were requested.`,
  ),
  'run-ended-early': warning(
    'UNET6146',
    (p: { folder: string; epochs: number; best: number }) =>
      `The run "${p.folder}" ended after ${counted(p.epochs, 'epoch')}: none was better than epoch ${p.best} for as long as its recipe's "patience".`,
  ),
  'engine-failed': error(
    'UNET6120',
    (p: { engine: string; what: 'ran out of memory' | 'failed'; reason: string }) =>
      `The engine "${p.engine}" ${p.what}: ${p.reason}; what it computed in this call is discarded.`,
  ),
  'prediction-not-finite': error(
    'UNET6121',
    (p: { image: string }) =>
      `The network gives values for "${p.image}" that are no numbers; expected probabilities.`,
  ),
  'memory-exhausted': error(
    'UNET6122',
    (p: { reason: string }) => `This machine has too little memory: ${p.reason}.`,
  ),
  'prediction-exceeds-memory': error(
    'UNET6124',
    (p: { size: string }) =>
      `There is too little memory for an input of ${p.size}, the smallest that the network takes.`,
  ),
  'tile-exceeds-memory': error(
    'UNET6126',
    (p: { size: string }) => `There is too little memory for tiles of ${p.size}.`,
  ),
  'loss-left-out': warning(
    'UNET6125',
    (p: { image: string; others: string }) =>
      `The loss of "${p.image}"${p.others} is left out: one of its terms looks at the image as a whole, for which there is too little memory.`,
  ),
  'training-exceeds-memory': error(
    'UNET6123',
    (p: { batch: number; size: string; needed: string; limit: string }) =>
      `A training step with a batch of ${p.batch} at ${p.size} takes about ${p.needed}; the engine can have ${p.limit}.`,
  ),
} as const;
