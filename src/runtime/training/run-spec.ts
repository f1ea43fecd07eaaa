import { compileText, type CompiledModel } from '../../compile.js';
import { hasErrors, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { messages } from '../../diagnostics/messages/index.js';
import { Reporter } from '../../diagnostics/report.js';
import type { SourceFile } from '../../diagnostics/source.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { lintNorms, stepOf } from '../../frontend/lints/lint-norms.js';
import {
  portableFiles,
  resolveStored,
  type Resolve,
} from '../../frontend/declarations/load-files.js';
import type { DataSource } from '../../ir/data-source.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { atFile } from '../data/at-file.js';

/** What decides a training run besides its data; a checkpoint holds it word for word. */
export interface RunSpec {
  /** The text of the spec. */
  readonly text: string;
  /** The texts of the files it imports, by path relative to its folder; absent in old runs. */
  readonly imports?: Readonly<Record<string, string>>;
  /** The model that is trained. */
  readonly model: string;
  /** Values of parameters, in the language's notation. */
  readonly set: Readonly<Record<string, string>>;
  readonly settings: RunSettings;
}

/** What the recipe says, unless the call says otherwise. */
export interface RunSettings {
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  /** The fold that validates, where the recipe divides by folds; the recipe's own when absent. */
  readonly fold?: number | undefined;
}

/** A run spec with what it compiles to. */
export interface CompiledRun {
  readonly spec: RunSpec;
  readonly model: CompiledModel;
  /** The model's recipe with the run's settings. */
  readonly recipe: TrainRecipe;
}

/** What a call asks for beside the spec. */
export interface RunWishes {
  /** The model's name; needed where the spec holds several. */
  readonly model?: string | undefined;
  readonly set?: Readonly<Record<string, string>>;
  /** Finds imported files. */
  readonly resolve?: Resolve;
  /** The texts that a run stored of its imports, in place of files. */
  readonly imports?: Readonly<Record<string, string>> | undefined;
  readonly epochs?: number | undefined;
  readonly batch?: number | undefined;
  readonly seed?: number | undefined;
  /** The fold that validates, from 0; only where the recipe divides by folds. */
  readonly fold?: number | undefined;
}

/** A compiled run, or why there is none; `sources` show the places of the diagnostics. */
export interface RunCompilation {
  readonly run: CompiledRun | undefined;
  readonly sources: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a spec and chooses the model to train. */
export function compileRun(path: string, text: string, wishes: RunWishes = {}): RunCompilation {
  const set = wishes.set ?? {};
  const { imports, resolve } = wishes;
  const { files, models, diagnostics } = compileText(
    path,
    text,
    imports === undefined
      ? { set, ...(resolve === undefined ? {} : { resolve }) }
      : { set, resolve: resolveStored(path, imports), library: imports },
  );
  const sources = files.map(({ source }) => source);
  if (hasErrors(diagnostics)) return { run: undefined, sources, diagnostics };
  const reporter = new Reporter();
  const model = chooseModel(path, models, wishes.model, reporter);
  const reported = [...diagnostics, ...reporter.diagnostics];
  if (model === undefined) return { run: undefined, sources, diagnostics: reported };
  const { recipe: own } = model;
  const { epochs = own.epochs, batch = own.batch, seed = own.seed, fold } = wishes;
  const data = fold === undefined ? own.data : withFold(model, fold, reporter);
  if (data === undefined) {
    return { run: undefined, sources, diagnostics: [...diagnostics, ...reporter.diagnostics] };
  }
  const settings: RunSettings = { epochs, batch, seed, ...(fold !== undefined && { fold }) };
  const recipe = { ...own, epochs, batch, seed, data };
  const all = withBatch(reported, model, recipe);
  const stored = portableFiles(files);
  const imported = Object.keys(stored).length === 0 ? {} : { imports: stored };
  const spec: RunSpec = { text, ...imported, model: model.name, set, settings };
  return { run: { spec, model, recipe }, sources, diagnostics: all };
}

/** The data of a recipe with another fold to validate; undefined, with the reason told, where it has none such. */
function withFold(
  { name, recipe: { data, origin: at } }: CompiledModel,
  fold: number,
  reporter: Reporter,
): DataSource | undefined {
  const { split } = data;
  if (split.kind !== 'folds') {
    const help = ['Write "split: folds(5)" in the recipe.'];
    reporter.report('split-without-folds', { model: name, split: split.kind }, { at, help });
    return undefined;
  }
  if (fold >= split.count) {
    const { count } = split;
    reporter.report('fold-missing', { fold, count, last: count - 1 }, { at });
    return undefined;
  }
  return { ...data, split: { ...split, fold } };
}

/** What is told of normalisations holds for the batch of the run, whatever the spec says. */
function withBatch(
  reported: readonly Diagnostic[],
  { graph, sizes, recipe: written }: CompiledModel,
  recipe: TrainRecipe,
): readonly Diagnostic[] {
  if (recipe.batch === written.batch) return reported;
  const { code } = messages['norm-of-one-value'];
  const own = lintNorms(graph, sizes, stepOf(recipe));
  return [...reported.filter((each) => each.code !== code), ...own];
}

function chooseModel(
  path: string,
  models: readonly CompiledModel[],
  wanted: string | undefined,
  reporter: Reporter,
): CompiledModel | undefined {
  const names = models.map(({ name }) => name);
  const listed = names.map((name) => `"${name}"`).join(', ');
  if (wanted === undefined) {
    if (models.length === 1) return models[0];
    const help = ['Choose one with "--model NAME".'];
    reporter.report('model-not-chosen', { path, names: listed }, { at: atFile(path), help });
    return undefined;
  }
  const model = models.find(({ name }) => name === wanted);
  if (model === undefined) {
    const meant = didYouMean(wanted, names);
    const help = meant === undefined ? [] : [meant];
    const known = `its models are ${listed}`;
    reporter.report('unknown-model', { name: wanted, known }, { at: atFile(path), help });
  }
  return model;
}
