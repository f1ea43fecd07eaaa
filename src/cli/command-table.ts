import type { Command } from './command.js';

/** A command before it is loaded. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command by name, in the order in which `--help` lists them. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  check: {
    summary: 'report what is wrong with specs',
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  fmt: {
    summary: 'bring specs into the canonical layout',
    load: async () => (await import('./commands/fmt.js')).fmtCommand,
  },
  build: {
    summary: 'make TypeScript modules, or TensorFlow.js models, of specs',
    load: async () => (await import('./commands/build.js')).buildCommand,
  },
  expand: {
    summary: 'write the schemes of a spec out as wires',
    load: async () => (await import('./commands/expand.js')).expandCommand,
  },
  sizes: {
    summary: 'print every legal input size and the output as a function of it',
    load: async () => (await import('./commands/sizes.js')).sizesCommand,
  },
  topology: {
    summary: 'print what each node of the decoder merges',
    load: async () => (await import('./commands/topology.js')).topologyCommand,
  },
  draw: {
    summary: 'draw the network as papers do',
    load: async () => (await import('./commands/draw.js')).drawCommand,
  },
  summary: {
    summary: 'print every stage with its size and cost',
    load: async () => (await import('./commands/summary.js')).summaryCommand,
  },
  init: {
    summary: 'write a spec to start from, with data to train on if wanted',
    load: async () => (await import('./commands/init.js')).initCommand,
  },
  data: {
    summary: 'say what a folder of images and masks holds, and what is wrong with it',
    load: async () => (await import('./commands/data.js')).dataCommand,
  },
  train: {
    summary: 'train a network on images and masks',
    load: async () => (await import('./commands/train.js')).trainCommand,
  },
  'find-lr': {
    summary: 'suggest a learning rate by some steps with growing ones',
    load: async () => (await import('./commands/find-lr.js')).findLrCommand,
  },
  sweep: {
    summary: 'train a spec with several values of its parameters, or on all folds',
    load: async () => (await import('./commands/sweep.js')).sweepCommand,
  },
  eval: {
    summary: 'measure a trained network on images with masks',
    load: async () => (await import('./commands/eval.js')).evalCommand,
  },
  package: {
    summary: 'make a folder of a trained network that others can use',
    load: async () => (await import('./commands/package.js')).packageCommand,
  },
  report: {
    summary: 'make the report of a run, or of several side by side',
    load: async () => (await import('./commands/report.js')).reportCommand,
  },
  predict: {
    summary: 'paint masks of images',
    load: async () => (await import('./commands/predict.js')).predictCommand,
  },
  weights: {
    summary: 'write trained weights in the format of another library',
    load: async () => (await import('./commands/weights.js')).weightsCommand,
  },
  engines: {
    summary: 'list what can compute here',
    load: async () => (await import('./commands/engines.js')).enginesCommand,
  },
  studio: {
    summary: 'serve the page in which networks are written and seen, to this machine',
    load: async () => (await import('./commands/studio.js')).studioCommand,
  },
  lsp: {
    summary: 'serve an editor: problems, sizes and completion while you type',
    load: async () => (await import('./commands/lsp.js')).lspCommand,
  },
  explain: {
    summary: 'say what a message means and how to repair its cause',
    load: async () => (await import('./commands/explain.js')).explainCommand,
  },
};
