import { error, warning, type NoParameters } from './message.js';

/** The command line, and the files and folders it names. */
export const commandLineMessages = {
  'file-missing': error(
    'UNET7001',
    (p: { path: string }) => `"${p.path}" does not exist; expected a file or a folder.`,
  ),
  'folder-without-specs': error(
    'UNET7002',
    (p: { folder: string }) =>
      `The folder "${p.folder}" holds no specs; expected files whose names end in ".unet".`,
  ),
  'file-unreadable': error(
    'UNET7003',
    (p: { path: string; reason: string }) => `"${p.path}" cannot be read: ${p.reason}.`,
  ),
  'file-empty': error(
    'UNET7004',
    (p: { path: string }) => `"${p.path}" is empty; expected a model, for example "model M { }".`,
  ),
  'file-unwritable': error(
    'UNET7005',
    (p: { path: string; reason: string }) => `"${p.path}" cannot be written: ${p.reason}.`,
  ),
  'not-formatted': error(
    'UNET7006',
    (p: { path: string }) => `"${p.path}" is not in the canonical layout.`,
  ),
  'unknown-command': error('UNET7010', (p: { name: string }) => `There is no command "${p.name}".`),
  'unknown-command-option': error(
    'UNET7011',
    (p: { option: string; command: string }) => `"${p.command}" has no option "${p.option}".`,
  ),
  'command-option-without-value': error(
    'UNET7012',
    (p: { option: string; expected: string }) =>
      `The option "${p.option}" needs a value; expected ${p.expected}.`,
  ),
  'command-option-bad-value': error(
    'UNET7013',
    (p: { option: string; value: string; expected: string }) =>
      `The option "${p.option}" cannot be "${p.value}"; expected ${p.expected}.`,
  ),
  'command-option-with-value': error(
    'UNET7014',
    (p: { option: string; value: string }) =>
      `The option "${p.option}" takes no value; found "${p.value}".`,
  ),
  'missing-argument': error(
    'UNET7015',
    (p: { command: string; expected: string }) =>
      `"${p.command}" needs more arguments; expected ${p.expected}.`,
  ),
  'extra-argument': error(
    'UNET7016',
    (p: { command: string; argument: string; expected: string }) =>
      `"${p.command}" does not take the argument "${p.argument}"; expected ${p.expected}.`,
  ),
  'options-exclude': error(
    'UNET7017',
    (p: { first: string; second: string }) => `"${p.first}" and "${p.second}" exclude each other.`,
  ),
  'option-needs-other': error(
    'UNET7022',
    (p: { option: string; other: string }) =>
      `"${p.option}" needs "${p.other}", which is not given.`,
  ),
  'network-without-weights': error(
    'UNET7037',
    (p: { given: string }) =>
      `"${p.given}" is a file and not the run of a training; expected a run, or a spec with "--weights".`,
  ),
  'option-of-other-network': error(
    'UNET7038',
    (p: { option: string; given: string; expected: string }) =>
      `"${p.option}" says nothing of "${p.given}"; it goes with ${p.expected}.`,
  ),
  'missing-command-option': error(
    'UNET7018',
    (p: { command: string; option: string }) => `"${p.command}" needs the option "${p.option}".`,
  ),
  'missing-command': error(
    'UNET7019',
    (_: NoParameters) => 'No command is given; expected for example "unetc check spec.unet".',
  ),
  'unknown-code': error(
    'UNET7020',
    (p: { code: string }) => `There is no message "${p.code}"; expected a code such as "UNET7001".`,
  ),
  'empty-argument': error(
    'UNET7025',
    (p: { command: string; expected: string }) =>
      `"${p.command}" was given an empty argument; expected ${p.expected}.`,
  ),
  'working-folder-missing': error(
    'UNET7026',
    (_: NoParameters) =>
      'The working folder does not exist any more; expected one that does: change to another folder.',
  ),
  'output-broken': error(
    'UNET7027',
    (p: { output: string; reason: string }) => `The ${p.output} cannot be written: ${p.reason}.`,
  ),
  'editor-not-reached': error(
    'UNET7028',
    (p: { place: string; reason: string }) =>
      `The editor cannot be reached on ${p.place}: ${p.reason}.`,
  ),
  'predictions-into-data': error(
    'UNET7031',
    (p: { folder: string; data: string }) =>
      `"${p.folder}" is part of the data set "${p.data}"; expected another folder for predictions.`,
  ),
  'predictions-among-images': warning(
    'UNET7032',
    (p: { folder: string; images: string }) =>
      `"${p.folder}" holds ${p.images}; pictures of predictions are read as images there too.`,
  ),
  'studio-not-served': error(
    'UNET7039',
    (p: { port: number; reason: string }) =>
      `The studio cannot be served on port ${p.port}: ${p.reason}.`,
  ),
  'studio-not-built': error(
    'UNET7040',
    (_: NoParameters) =>
      'The page of the studio is not beside this program; expected the folder "studio" that the build makes.',
  ),
  'no-pruned-form': error(
    'UNET7021',
    (p: { model: string; form: string; known: string }) =>
      `Model "${p.model}" has no form pruned to column ${p.form}; ${p.known}.`,
  ),
} as const;
