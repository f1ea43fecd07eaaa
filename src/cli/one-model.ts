import { compileText, type CompiledModel } from '../compile.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import type { SourceFile } from '../diagnostics/source.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { ArgumentDescription, OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import { createResolver } from '../project/imports.js';
import { nowhere, reportDiagnostics, reportUsage, wholeFile } from './report.js';
import { readSpecs } from './specs.js';

/** The argument of commands that take one spec. */
export const specArgument = {
  name: 'SPEC',
  help: 'a spec, or "-" for standard input',
} as const satisfies ArgumentDescription;

/** The option that gives parameters of models and recipes their values. */
export const setOption = {
  kind: 'list',
  value: 'NAME=VALUE',
  help: 'the value of a parameter',
} as const satisfies OptionDescription;

/** The option that chooses among the models of a file. */
export const modelOption = {
  kind: 'text',
  value: 'NAME',
  help: 'the model to take when the spec holds several; the first unless given',
} as const satisfies OptionDescription;

/** Either the model, or the exit code of a failure that has been reported. */
export type OneModel =
  | {
      readonly kind: 'model';
      readonly model: CompiledModel;
      readonly source: SourceFile;
      /** Every file that was read for it, the spec among them. */
      readonly files: readonly string[];
      /** The parameters that were set. */
      readonly set: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'failed'; readonly code: 0 | 1 | 2 };

/** Compiles one spec and picks a model. Warnings go to stderr and do not stop anything. */
export async function compileOne(
  path: string,
  options: { readonly set: readonly string[]; readonly model: string | undefined },
  context: CommandContext,
): Promise<OneModel> {
  const settings = parseSettings(options.set);
  if ('diagnostics' in settings) {
    return { kind: 'failed', code: reportUsage(settings.diagnostics, context) };
  }
  const found = await readSpecs([path], context);
  const [file] = found.sources;
  if (file === undefined || found.diagnostics.length > 0) return fail(found.diagnostics, []);
  const resolve = createResolver(file.path, context);
  const compilation = compileText(file.path, file.text, { set: settings.set, resolve });
  const { models, source, diagnostics } = compilation;
  const sources = compilation.files.map((each) => each.source);
  if (hasErrors(diagnostics)) return fail(diagnostics, sources);
  if (models.length === 0) {
    return fail([createDiagnostic('no-model', {}, { at: wholeFile(file.path) })], sources);
  }
  const names = models.map((model) => model.name);
  const model = models.find((candidate) => candidate.name === (options.model ?? names[0]));
  if (model === undefined) {
    const name = options.model ?? '';
    const known = `its models are ${names.map((each) => `"${each}"`).join(', ')}`;
    const meant = didYouMean(name, names);
    const at = wholeFile(file.path);
    const help = meant === undefined ? [] : [meant];
    return fail([createDiagnostic('unknown-model', { name, known }, { at, help })], []);
  }
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context, { sources });
  const files = sources.map((each) => each.path);
  return { kind: 'model', model, source, files, set: settings.set };

  function fail(reported: readonly Diagnostic[], sources: readonly SourceFile[]): OneModel {
    reportDiagnostics(reported, context, { sources });
    return { kind: 'failed', code: 1 };
  }
}

/** The values of repeated `--set NAME=VALUE`, the last of one name winning. */
export function parseSettings(
  written: readonly string[],
):
  | { readonly set: Readonly<Record<string, string>> }
  | { readonly diagnostics: readonly Diagnostic[] } {
  const expected = 'NAME=VALUE, for example "base=32"';
  const isSetting = (value: string): boolean => /^[^=]+=./.test(value);
  const diagnostics = written
    .filter((value) => !isSetting(value))
    .map((value) =>
      createDiagnostic(
        'command-option-bad-value',
        { option: '--set', value, expected },
        { at: nowhere },
      ),
    );
  if (diagnostics.length > 0) return { diagnostics };
  const entries = written.map((value) => {
    const at = value.indexOf('=');
    return [value.slice(0, at), value.slice(at + 1)] as const;
  });
  return { set: Object.fromEntries(entries) };
}
