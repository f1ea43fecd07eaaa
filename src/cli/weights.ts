import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import type { LoadableNetwork } from '../ir/encoder-files.js';
import type { WeightSource } from '../runtime/pretrained/weight-source.js';
import type { OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import { projectOf } from '../project/project.js';
import { nowhere, wholeFile } from './report.js';

/** Options that say where weights come from. */
export const weightOptions = {
  weights: {
    kind: 'text',
    value: 'FILE',
    help: 'weights to start from, in place of what the spec says',
  },
  partial: {
    kind: 'flag',
    help: 'with --weights: what the file lacks starts anew',
  },
} as const satisfies Readonly<Record<string, OptionDescription>>;

export interface WeightWishes {
  readonly weights: string | undefined;
  readonly partial: boolean;
}

/** Reports wishes that contradict each other. */
export function checkWeightWishes({ weights, partial }: WeightWishes): readonly Diagnostic[] {
  if (!partial || weights !== undefined) return [];
  const parameters = { option: '--partial', other: '--weights' };
  return [createDiagnostic('option-needs-other', parameters, { at: nowhere })];
}

/**
 * The file of weights that a call or else the spec asks for; undefined where
 * neither does. A spec may name files of its project alone, a call any file.
 */
export function weightSourceOf(
  spec: string,
  { encoderFiles }: Pick<LoadableNetwork, 'encoderFiles'>,
  { weights, partial }: WeightWishes,
  context: CommandContext,
): { readonly source: WeightSource | undefined } | { readonly diagnostics: readonly Diagnostic[] } {
  if (weights !== undefined) {
    const path = resolve(context.folder, weights);
    const at = wholeFile(weights);
    const shared = { path, shown: weights, at };
    return { source: { ...shared, encoderOnly: false, isPartial: partial } };
  }
  const file = encoderFiles?.file;
  if (file === undefined) return { source: undefined };
  const shown = join(dirname(spec), file);
  const real = context.host.realPath(shown) ?? shown;
  const at = encoderFiles!.origin;
  const project = projectOf(spec, context);
  if (!project.holds(real)) {
    // Its path, without following links, may well lie inside.
    const isLinked = project.holds(resolve(context.folder, shown));
    const notes = isLinked ? [`A link on the way leads to "${real}".`] : [];
    const help = isLinked ? ['Copy the file into the project, or give it with "--weights".'] : [];
    const reported = { at, notes, help };
    return { diagnostics: [createDiagnostic('weights-outside', { path: file }, reported)] };
  }
  const path = resolve(context.folder, shown);
  const within = project.root;
  return { source: { path, within, shown, at, encoderOnly: true, isPartial: false } };
}
