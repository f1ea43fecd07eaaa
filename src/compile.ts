import { hasErrors, type Diagnostic, type Result } from './diagnostics/diagnostic.js';
import { Reporter } from './diagnostics/report.js';
import { SourceFile } from './diagnostics/source.js';
import type { BlockTable } from './frontend/declarations/blocks.js';
import { buildModel, type BuiltModel } from './frontend/elaborate/build-model.js';
import { Work } from './frontend/values/work.js';
import type { EncoderFiles, ModelNames } from './ir/encoder-files.js';
import type { Graph } from './ir/graph.js';
import { lintActivations } from './frontend/lints/lint-activations.js';
import { lintNorms, stepOf } from './frontend/lints/lint-norms.js';
import { lintLayerOptions, lintRecipeOptions } from './frontend/lints/lint-options.js';
import { lintShared } from './frontend/lints/lint-shared.js';
import { lintIgnoredInputs, lintParameters, lintUnused } from './frontend/lints/lint-unused.js';
import { libraryPrefix } from './frontend/declarations/import-path.js';
import { loadFiles, type LoadedFile, type Resolve } from './frontend/declarations/load-files.js';
import { checkSettings } from './frontend/values/section-parameters.js';
import { checkRecipes, findRecipe, recipesOf } from './frontend/recipe/find-recipe.js';
import { defaultRecipe, readRecipe } from './frontend/recipe/read-recipe.js';
import type { TrainRecipe } from './ir/recipe.js';
import { withTargets } from './ir/forms/with-targets.js';
import { rehearse, tryOnImage } from './frontend/elaborate/rehearse.js';
import { checkSizes } from './ir/sizes/check-sizes.js';
import { lintStoredScaling } from './frontend/elaborate/stored-scaling.js';
import { textRepairs } from './frontend/repairs/repairs.js';
import { noRepairs } from './ir/sizes/size-repairs.js';
import type { SizeAnalysis } from './ir/sizes/sizes.js';
import { checkChoices } from './frontend/declarations/check-choices.js';
import { inOrder, withoutFollowUps } from './frontend/declarations/dedupe.js';
import {
  withCorrectedKeywords,
  checkHasModel,
  checkTopLevel,
  hasKnownWords,
  modelsOf,
} from './frontend/declarations/top-level.js';
import type { UnfoldedModel } from './frontend/schemes/unfold.js';
import type { Section, SpecFile } from './parser/ast.js';
import type { ParsedFile } from './parser/parse.js';
import { standardLibrary } from './std/sources.generated.js';
import { withTriedFixes } from './try-fixes.js';

/** How a spec is compiled. */
export interface CompileOptions {
  /** Values for parameters of models and recipes, in the language's notation (`{ base: '32' }`). */
  readonly set?: Readonly<Record<string, string>>;
  /** Finds the files that imports name; without it there are none but the standard library's. */
  readonly resolve?: Resolve;
  /** The texts of the standard library by path, in place of those of this version. */
  readonly library?: Readonly<Record<string, string>>;
}

/** One model of a spec that compiled. */
export interface CompiledModel {
  readonly name: string;
  readonly graph: Graph;
  /** What its encoder says of files of weights; undefined where it declares none. */
  readonly encoderFiles: EncoderFiles | undefined;
  /** What its operations are called in files of whole networks. */
  readonly modelNames: readonly ModelNames[];
  readonly sizes: SizeAnalysis;
  /** What its `train` section says; all defaults when there is none. */
  readonly recipe: TrainRecipe;
  /** The model's section in the syntax tree. */
  readonly section: Section;
  /** Its `train` section, which other models may share; undefined where there is none. */
  readonly train: Section | undefined;
  /** Its schemes written out as wires. */
  readonly unfolded: UnfoldedModel;
}

/** What could be made of one model, however many errors there are: what editors show meanwhile. */
export interface ModelDraft {
  readonly section: Section;
  readonly unfolded: UnfoldedModel;
  readonly graph: Graph | undefined;
  /** As of `CompiledModel`. */
  readonly encoderFiles: EncoderFiles | undefined;
  /** As of `CompiledModel`. */
  readonly modelNames: readonly ModelNames[];
  /** Undefined where some sizes contradict each other. */
  readonly sizes: SizeAnalysis | undefined;
}

/** An encoder of a file without models, as it runs by its defaults on a colour image. */
export interface EncoderTrial {
  readonly section: Section;
  /** With an output for each tap. */
  readonly graph: Graph;
  /** Undefined where some sizes contradict each other. */
  readonly sizes: SizeAnalysis | undefined;
}

/** All that one spec gives. `models` holds those without errors. */
export interface Compilation {
  readonly source: SourceFile;
  /** The spec and all that it imports, the spec first: diagnostics may point into each. */
  readonly files: readonly LoadedFile[];
  readonly parsed: ParsedFile;
  readonly models: readonly CompiledModel[];
  readonly drafts: readonly ModelDraft[];
  readonly trials: readonly EncoderTrial[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles a spec. Its diagnostics offer the fixes that were tried and repair; each is
 * tried when it is first asked for.
 */
export function compileText(path: string, text: string, options: CompileOptions = {}): Compilation {
  const [compilation, work] = runPipeline(path, text, options);
  const { files, drafts } = compilation;
  const own = files.filter(({ source }) => !source.path.startsWith(libraryPrefix));
  const nodes = drafts.reduce((sum, { graph }) => sum + (graph?.nodes.length ?? 0), 0);
  const diagnostics = withTriedFixes(compilation.diagnostics, {
    texts: new Map(own.map(({ source }) => [source.path, source.text])),
    cost:
      1 +
      text.length / 20_000 +
      nodes / 1000 +
      work.steps / 50_000 +
      compilation.diagnostics.length / 50,
    diagnose: (changed) => {
      const resolve: Resolve = (wanted) => {
        const other = changed.get(wanted);
        return other === undefined
          ? (options.resolve ?? nothing)(wanted)
          : { path: wanted, text: other };
      };
      return runPipeline(path, changed.get(path) ?? text, { ...options, resolve })[0].diagnostics;
    },
  });
  return { ...compilation, diagnostics };
}

const nothing: Resolve = () => undefined;

/**
 * The whole pipeline: text -> tokens -> syntax tree -> wires -> graph -> sizes
 * -> recipe. Pure; every stage works on what the one before could make, and
 * stays silent about what is already reported.
 */
function runPipeline(
  path: string,
  text: string,
  options: CompileOptions,
): readonly [Compilation, Work] {
  const source = new SourceFile(path, text);
  const reporter = new Reporter();
  const work = new Work();
  const { resolve = nothing, library = standardLibrary, set = {} } = options;
  const files = reporter.take(loadFiles(source, { resolve, library }));
  const { parsed, blocks, syntax } = files[0]!;
  const file = withCorrectedKeywords(parsed.file);
  const trees = files.map((each) => each.parsed.file);
  for (const tree of trees) reporter.add(checkTopLevel(tree));
  for (const each of files) reporter.add(checkChoices(each.parsed.file, each.blocks));
  reporter.add(checkHasModel(parsed.file, syntax.length === 0));
  const sections = reporter.take(modelsOf(file));
  reporter.add(checkSettings(sections, recipesOf(file), set));
  const built = sections.map((section) => reporter.take(buildModel(section, blocks, set, work)));
  const drafts = built.map((model) => reporter.take(proveSizes(model)));
  const models = drafts.flatMap((draft) =>
    reporter.take(finishModel(draft, file, trees, set, work)),
  );
  reporter.add(checkRecipes(file, sections));
  reporter.add(rehearse(blocks.declarations, work));
  const trials = sections.length > 0 ? [] : reporter.take(tryEncoders(file, blocks, work));
  reporter.add(work.diagnostics);
  // What is unused is not reliable after errors.
  if (!reporter.hasErrors) reporter.add(lintDeclarations(file, blocks, drafts));
  const diagnostics = withoutFollowUps(files, inOrder(files, reporter.diagnostics));
  // What was read as meant is not what was written.
  const isWhole = files.every((each) => !hasErrors(each.syntax) && hasKnownWords(each.parsed.file));
  const whole = isWhole ? models : [];
  return [{ source, files, parsed, models: whole, drafts, trials, diagnostics }, work];
}

function proveSizes(built: BuiltModel): Result<ModelDraft> {
  const { graph, section } = built;
  if (graph === undefined) return { value: { ...built, sizes: undefined }, diagnostics: [] };
  const { value: sizes, diagnostics } = checkSizes(graph, textRepairs(section, graph));
  return { value: { ...built, sizes }, diagnostics };
}

/** Reads the recipe of a model, and warns of what works, but hardly as meant. */
function finishModel(
  { graph: bare, encoderFiles, modelNames, section, unfolded, sizes }: ModelDraft,
  file: SpecFile,
  trees: readonly SpecFile[],
  set: Readonly<Record<string, string>>,
  work: Work,
): Result<readonly CompiledModel[]> {
  const reporter = new Reporter();
  if (bare === undefined) return reporter.result([]);
  const train = findRecipe(file, bare.model);
  const recipe =
    train === undefined
      ? defaultRecipe(bare, section)
      : reporter.take(readRecipe(train, bare, set, work));
  if (sizes === undefined || recipe === undefined) return reporter.result([]);
  const graph = withTargets(bare, recipe.data.targets);
  reporter.add(lintActivations(graph, train !== undefined, trees));
  reporter.add(lintNorms(graph, sizes, stepOf(recipe)));
  reporter.add(lintLayerOptions(graph));
  if (train !== undefined) reporter.add(lintRecipeOptions(graph, recipe));
  if (train !== undefined) reporter.add(lintStoredScaling({ graph, encoderFiles }, recipe, train));
  const { model: name } = graph;
  const files = { encoderFiles, modelNames };
  return reporter.result([{ name, graph, ...files, sizes, recipe, section, train, unfolded }]);
}

/** Runs the encoders of a library, whose taps editors show. */
function tryEncoders(
  { sections }: SpecFile,
  blocks: BlockTable,
  work: Work,
): Result<readonly EncoderTrial[]> {
  const reporter = new Reporter();
  const trials = sections.flatMap((section): readonly EncoderTrial[] => {
    if (section.keyword.text !== 'encoder') return [];
    const encoder = blocks.encoder(section.name?.text ?? '');
    const graph = encoder && reporter.take(tryOnImage(encoder, work));
    if (graph === undefined) return [];
    return [{ section, graph, sizes: reporter.take(checkSizes(graph, noRepairs)) }];
  });
  return reporter.result(trials);
}

/** Warns of what a file declares and does not use. */
function lintDeclarations(
  { sections }: SpecFile,
  blocks: BlockTable,
  drafts: readonly ModelDraft[],
): readonly Diagnostic[] {
  const graphs = drafts.flatMap(({ graph }) => graph ?? []);
  const declared = sections.filter(({ keyword }) => ['block', 'encoder'].includes(keyword.text));
  return [
    ...(drafts.length === 0 ? [] : lintUnused(sections, blocks)),
    ...lintIgnoredInputs(sections, graphs),
    ...declared.flatMap(lintParameters),
    ...lintShared(sections),
  ];
}
