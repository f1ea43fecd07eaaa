import type { CompiledModel } from '../../../compile.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { didYouMean } from '../../../diagnostics/suggest.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { wholeFile } from '../../report.js';

/** The models of a spec that are built: all, or the one that was named. */
export function chooseModels(
  path: string,
  models: readonly CompiledModel[],
  wanted: string | undefined,
): { readonly models: readonly CompiledModel[] } | { readonly diagnostics: readonly Diagnostic[] } {
  if (wanted === undefined) return { models };
  const model = models.find(({ name }) => name === wanted);
  if (model !== undefined) return { models: [model] };
  const names = models.map(({ name }) => name);
  const known = `its models are ${names.map((name) => `"${name}"`).join(', ')}`;
  const meant = didYouMean(wanted, names);
  const parameters = { name: wanted, known };
  const help = meant === undefined ? [] : [meant];
  return {
    diagnostics: [createDiagnostic('unknown-model', parameters, { at: wholeFile(path), help })],
  };
}
