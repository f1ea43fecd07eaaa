import { hasErrors, type Diagnostic } from './diagnostics/diagnostic.js';
import { Reporter } from './diagnostics/report.js';
import { reportDuplicate } from './diagnostics/report-duplicate.js';
import { SourceFile } from './diagnostics/source.js';
import type { BlockTable } from './frontend/declarations/blocks.js';
import { buildModel, type BuiltModel } from './frontend/elaborate/build-model.js';
import { didYouMean } from './diagnostics/did-you-mean.js';
import type { EvaluationContext } from './frontend/values/evaluation-context.js';
import { Environment } from './frontend/values/value.js';
import { Work } from './frontend/values/work.js';
import type { Graph } from './ir/graph.js';
import { lintActivations } from './frontend/lints/lint-activations.js';
import { lintNorms, stepOf } from './frontend/lints/lint-norms.js';
import { lintLayerOptions, lintRecipeOptions, reportIdle } from './frontend/lints/lint-options.js';
import { lintIgnoredInputs, lintParameters, lintUnused } from './frontend/lints/lint-unused.js';
import { libraryPrefix } from './frontend/declarations/import-path.js';
import { loadFiles, type LoadedFile, type Resolve } from './frontend/declarations/load-files.js';
import { checkSettings } from './frontend/values/model-parameters.js';
import { defaultRecipe, readRecipe } from './frontend/recipe/read-recipe.js';
import type { TrainRecipe } from './ir/recipe.js';
import { rehearse, tryOnImage } from './frontend/elaborate/rehearse.js';
import { checkSizes } from './ir/sizes/check-sizes.js';
import { lintStoredScaling } from './frontend/elaborate/stored-scaling.js';
import { textRepairs } from './frontend/repairs/repairs.js';
import { noRepairs } from './ir/sizes/size-repairs.js';
import type { SizeAnalysis } from './ir/sizes/sizes.js';
import { inOrder, withoutFollowUps } from './frontend/declarations/dedupe.js';
import {
  withCorrectedKeywords,
  checkHasModel,
  checkTopLevel,
  hasKnownWords,
} from './frontend/declarations/top-level.js';
import type { UnfoldedModel } from './frontend/schemes/unfold.js';
import type { Section, SpecFile } from './parser/ast.js';
import type { ParsedFile } from './parser/parse.js';
import { standardLibrary } from './std/sources.generated.js';
import { withTriedFixes } from './try-fixes.js';

export interface CompileOptions {
  /** Values for model parameters, in the language's notation (`{ base: '32' }`). */
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
  readonly sizes: SizeAnalysis;
  /** What its `train` section says; all defaults when there is none. */
  readonly recipe: TrainRecipe;
  /** The model's section in the syntax tree. */
  readonly section: Section;
  /** Its schemes written out as wires. */
  readonly unfolded: UnfoldedModel;
}

/** What could be made of one model, however many errors there are: what editors show meanwhile. */
export interface ModelDraft {
  readonly section: Section;
  readonly unfolded: UnfoldedModel;
  readonly graph: Graph | undefined;
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
  const work = new Work(reporter);
  const { resolve = nothing, library = standardLibrary } = options;
  const files = loadFiles(source, { resolve, library }, reporter);
  const { parsed, blocks, syntax } = files[0]!;
  const file = withCorrectedKeywords(parsed.file);
  for (const each of files) checkTopLevel(each.parsed.file, reporter);
  checkHasModel(parsed.file, syntax.length === 0, reporter);
  const sections = withoutRepeats(file, reporter);
  const set = options.set ?? {};
  const world = {
    environment: new Environment(),
    reporter,
    work,
    channelsOf: () => 0,
  };
  checkSettings(sections, set, world);
  const built = sections.map((section) => buildModel(section, blocks, set, reporter, work));
  const drafts = built.map((model) => proveSizes(model, reporter));
  const trees = files.map((each) => each.parsed.file);
  const models = drafts.flatMap((draft) => finishModel(draft, file, trees, world));
  checkTrains(file, sections, reporter);
  const trials = checkDeclarations(file, blocks, built, world);
  const diagnostics = withoutFollowUps(files, inOrder(files, reporter.diagnostics));
  // What was read as meant is not what was written.
  const isWhole = files.every((each) => !hasErrors(each.syntax) && hasKnownWords(each.parsed.file));
  const whole = isWhole ? models : [];
  return [{ source, files, parsed, models: whole, drafts, trials, diagnostics }, work];
}

function proveSizes({ graph, section, unfolded }: BuiltModel, reporter: Reporter): ModelDraft {
  const sizes = graph && checkSizes(graph, reporter, textRepairs(section, graph));
  return { section, unfolded, graph, sizes };
}

/** Reads the recipe of a model. */
function finishModel(
  { graph, section, unfolded, sizes }: ModelDraft,
  file: SpecFile,
  trees: readonly SpecFile[],
  { reporter, work }: Pick<EvaluationContext, 'reporter' | 'work'>,
): readonly CompiledModel[] {
  if (graph === undefined) return [];
  const trains = file.sections.filter((candidate) => candidate.keyword.text === 'train');
  const train =
    trains.find((candidate) => candidate.name?.text === graph.model) ??
    trains.find((candidate) => candidate.name === undefined);
  const context = { environment: new Environment(), reporter, work, channelsOf: () => 0 };
  const recipe =
    train === undefined ? defaultRecipe(graph, section) : readRecipe(train, graph, context);
  if (sizes === undefined || recipe === undefined) return [];
  lintActivations(graph, train !== undefined, trees, reporter);
  lintNorms(graph, sizes, stepOf(recipe), reporter);
  lintLayerOptions(graph, reporter);
  if (train !== undefined) lintRecipeOptions(graph, recipe, reporter);
  if (train !== undefined) lintStoredScaling(graph, recipe, train, reporter);
  return [{ name: graph.model, graph, sizes, recipe, section, unfolded }];
}

/** The models of a file; a second of one name is reported and left out. */
function withoutRepeats(file: SpecFile, reporter: Reporter): readonly Section[] {
  const seen = new Map<string, Section>();
  return file.sections.filter((section) => {
    if (section.keyword.text !== 'model') return false;
    const name = section.name?.text ?? '';
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, section);
      return true;
    }
    reportDuplicate(reporter, {
      ...{ name, what: 'model', at: section.name?.span ?? section.keyword.span },
      first: { span: first.name?.span ?? first.keyword.span, text: 'first declared here' },
    });
    return false;
  });
}

/** Reports `train` sections of models that are not there, and second ones. */
function checkTrains(file: SpecFile, models: readonly Section[], reporter: Reporter): void {
  const names = models.flatMap((model) => model.name?.text ?? []);
  const seen = new Map<string, Section>();
  for (const section of file.sections) {
    const { keyword, name } = section;
    if (keyword.text !== 'train') continue;
    const first = seen.get(name?.text ?? '');
    if (first !== undefined) {
      reportDuplicate(reporter, {
        ...{ name: name?.text ?? 'train', what: 'training recipe', at: name?.span ?? keyword.span },
        first: { span: first.name?.span ?? first.keyword.span, text: 'first given here' },
        help: 'Put all fields into one "train" section.',
      });
    }
    seen.set(name?.text ?? '', section);
    if (name === undefined) lintIdleTrain(file, section, names, reporter);
    if (name === undefined || names.includes(name.text)) continue;
    const { known, help, fixes } = didYouMean(name, names, 'its models are');
    reporter.report('unknown-model', { name: name.text, known }, { at: name.span, help, fixes });
  }
}

/** A recipe without a name is for the models that have none of their own. */
function lintIdleTrain(
  file: SpecFile,
  section: Section,
  models: readonly string[],
  reporter: Reporter,
): void {
  const own = file.sections.filter(({ keyword }) => keyword.text === 'train');
  const hasOwn = (model: string): boolean => own.some(({ name }) => name?.text === model);
  if (models.length === 0 || !models.every(hasOwn)) return;
  const reason = 'every model has a recipe of its own';
  const idle = {
    owner: 'the file',
    name: 'train',
    reason,
    help: 'Take it out, or give it a name.',
  };
  reportIdle(reporter, idle, section.keyword.span);
}

/**
 * Checks what the file declares. What is unused is reported only where nothing
 * is wrong: it is not reliable after errors.
 */
function checkDeclarations(
  { sections }: SpecFile,
  blocks: BlockTable,
  built: readonly BuiltModel[],
  { reporter, work }: Pick<EvaluationContext, 'reporter' | 'work'>,
): readonly EncoderTrial[] {
  rehearse(blocks.declarations, reporter, work);
  const isLibrary = built.length === 0;
  const encoders = isLibrary ? sections.filter(({ keyword }) => keyword.text === 'encoder') : [];
  const trials = encoders.flatMap((section) => tryEncoder(section, blocks, reporter, work));
  if (reporter.errorCount > 0) return trials;
  if (!isLibrary) lintUnused(sections, blocks, reporter);
  const graphs = built.flatMap(({ graph }) => graph ?? []);
  lintIgnoredInputs(sections, graphs, reporter);
  for (const section of sections) {
    if (['block', 'encoder'].includes(section.keyword.text)) lintParameters(section, reporter);
  }
  return trials;
}

function tryEncoder(
  section: Section,
  blocks: BlockTable,
  reporter: Reporter,
  work: Work,
): readonly EncoderTrial[] {
  const encoder = blocks.encoder(section.name?.text ?? '');
  const graph = encoder && tryOnImage(encoder, reporter, work);
  if (graph === undefined) return [];
  return [{ section, graph, sizes: checkSizes(graph, reporter, noRepairs) }];
}
