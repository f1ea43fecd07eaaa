import type { OptionValues } from '../../command.js';
import { formOptions } from '../../model-form.js';
import { setOption } from '../../one-model.js';
import { stdinOption } from '../../specs.js';
import { weightOptions } from '../../weights.js';
import { targetNames, targetOf } from './targets.js';

/** The options of `unetc build`. */
export const buildOptions = {
  target: {
    kind: 'choice',
    choices: targetNames,
    help: 'what to make; ts unless given',
  },
  out: { kind: 'text', value: 'PATH', help: 'the file to write, or the folder for several' },
  stdout: { kind: 'flag', help: 'print the module instead of writing it' },
  check: { kind: 'flag', help: 'write nothing; fail when a file is stale or missing' },
  ...formOptions,
  ...weightOptions,
  'fold-norms': {
    kind: 'flag',
    help: 'ONNX: batch norms become part of the convolutions before them',
  },
  'external-weights': {
    kind: 'flag',
    help: 'ONNX: weights in a file of their own, as those above 2 GB always are',
  },
  train: {
    kind: 'flag',
    help: 'PyTorch: train.py and data.py beside the module, which train it as the spec says',
  },
  model: { kind: 'text', value: 'NAME', help: 'this model alone, when a spec holds several' },
  set: setOption,
  'stdin-filepath': stdinOption,
  watch: { kind: 'flag', help: 'build again whenever a spec changes, until Ctrl-C' },
} as const;

export type BuildOptions = OptionValues<typeof buildOptions>;

/** Two options that make no sense together. */
export function findExclusion(given: BuildOptions): readonly [string, string] | undefined {
  const { target = 'ts' } = given;
  const shownTarget = `--target ${target}`;
  const made = targetOf(target);
  const isText = made.kind === 'text';
  const pairs: readonly (readonly [boolean, string, boolean, string])[] = [
    [given.stdout, '--stdout', given.out !== undefined, '--out'],
    [given.stdout, '--stdout', given.check, '--check'],
    [given.stdout, '--stdout', given.watch, '--watch'],
    [given.check, '--check', given.watch, '--watch'],
    [!isText, shownTarget, given.stdout, '--stdout'],
    [!isText && !made.isComparable, shownTarget, given.check, '--check'],
    [isText, shownTarget, given.weights !== undefined, '--weights'],
    [given.train, '--train', given.stdout, '--stdout'],
    [given.train, '--train', given.prune !== undefined, '--prune'],
    [given.train, '--train', given.inference, '--inference'],
    [target !== 'pytorch', shownTarget, given.train, '--train'],
    [target !== 'onnx', shownTarget, given['fold-norms'], '--fold-norms'],
    [target !== 'onnx', shownTarget, given['external-weights'], '--external-weights'],
  ];
  const pair = pairs.find(([hasFirst, , hasSecond]) => hasFirst && hasSecond);
  return pair && [pair[1], pair[3]];
}
