import type { CompiledModel } from '../compile.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import type { Pair } from '../ir/operations/ops.js';
import { illegalSize } from '../ir/sizes/check-sizes.js';
import { accepts } from '../ir/sizes/sizes.js';
import type { OptionDescription } from './command.js';
import { nowhere } from './report.js';

/** The option that gives an input size. */
export const sizeOption = {
  kind: 'text',
  value: 'HxW',
  help: 'the input size, for example 512x512; symbols without it',
} as const satisfies OptionDescription;

/** The size that an option gives, undefined without one; or why it is none. */
export function readSize(
  text: string | undefined,
): { readonly size: Pair | undefined } | { readonly diagnostics: readonly Diagnostic[] } {
  if (text === undefined) return { size: undefined };
  const [, height, width] = /^(\d{1,6})\s*[xX×]\s*(\d{1,6})$/.exec(text.trim()) ?? [];
  if (height !== undefined && width !== undefined) {
    return { size: [Number(height), Number(width)] };
  }
  const expected = 'HxW in pixels, for example 512x512';
  const parameters = { option: '--size', value: text, expected };
  return {
    diagnostics: [createDiagnostic('command-option-bad-value', parameters, { at: nowhere })],
  };
}

/** Reports a size that a model does not take. */
export function checkSize(
  { sizes, graph }: CompiledModel,
  size: Pair | undefined,
): readonly Diagnostic[] {
  if (size === undefined) return [];
  const [height, width] = size;
  if (accepts(sizes.height, height) && accepts(sizes.width, width)) return [];
  return [illegalSize(graph, sizes, height, width)];
}
