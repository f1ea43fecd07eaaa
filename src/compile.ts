import { hasErrors, type Diagnostic } from './diagnostics/diagnostic.js';
import { messages } from './diagnostics/messages/index.js';
import { Reporter } from './diagnostics/report.js';
import { SourceFile, type Span } from './diagnostics/source.js';
import type { BlockTable } from './ir/blocks.js';
import { buildModel, type BuiltModel } from './ir/build-model.js';
import { didYouMean } from './ir/did-you-mean.js';
import { Environment } from './ir/environment.js';
import type { Graph } from './ir/graph.js';
import { loadFiles, type LoadedFile, type Resolve } from './ir/load-files.js';
import { checkSettings } from './ir/model-parameters.js';
import { defaultRecipe, readRecipe } from './ir/read-recipe.js';
import type { TrainRecipe } from './ir/recipe.js';
import { checkSizes } from './ir/sizes/check-sizes.js';
import { textRepairs } from './ir/sizes/repairs.js';
import type { SizeAnalysis } from './ir/sizes/sizes.js';
import type { UnfoldedModel } from './ir/unfold.js';
import type { Section, SpecFile } from './parser/ast.js';
import type { ParsedFile } from './parser/parse.js';
import { standardLibrary } from './std/sources.generated.js';

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

/** All that one spec gives. `models` holds those without errors. */
export interface Compilation {
  readonly source: SourceFile;
  /** The spec and all that it imports, the spec first: diagnostics may point into each. */
  readonly files: readonly LoadedFile[];
  readonly parsed: ParsedFile;
  readonly models: readonly CompiledModel[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The whole pipeline: text -> tokens -> syntax tree -> wires -> graph -> sizes
 * -> recipe. Pure; every stage works on what the one before could make, and
 * stays silent about what is already reported.
 */
export function compileText(path: string, text: string, options: CompileOptions = {}): Compilation {
  const source = new SourceFile(path, text);
  const reporter = new Reporter();
  const { resolve = () => undefined, library = standardLibrary } = options;
  const files = loadFiles(source, { resolve, library }, reporter);
  const { parsed, blocks, syntax } = files[0]!;
  const { file } = parsed;
  for (const each of files) checkTopLevel(each.parsed.file, reporter);
  checkHasModel(file, syntax.length === 0, reporter);
  const sections = withoutRepeats(file, reporter);
  const set = options.set ?? {};
  const world = {
    environment: new Environment(),
    reporter,
    channelsOf: () => 0,
  };
  checkSettings(sections, set, world);
  const built = sections.map((section) => buildModel(section, blocks, set, reporter));
  const models = built.flatMap((model) => finishModel(model, file, reporter));
  reportUnknownTrains(file, sections, reporter);
  if (sections.length > 0) lintBlocks(blocks, built, reporter);
  const diagnostics = withoutEchoes(files, inOrder(files, reporter.diagnostics));
  const isWhole = !files.some((each) => hasErrors(each.syntax));
  return { source, files, parsed, models: isWhole ? models : [], diagnostics };
}

/** Proves a built model's sizes and reads its recipe. */
function finishModel(
  model: BuiltModel,
  file: SpecFile,
  reporter: Reporter,
): readonly CompiledModel[] {
  const { graph, section, unfolded } = model;
  if (graph === undefined) return [];
  const sizes = checkSizes(graph, reporter, textRepairs(section, graph));
  const train = file.sections.find(
    (candidate) =>
      candidate.keyword.text === 'train' &&
      (candidate.name === undefined || candidate.name.text === graph.model),
  );
  const context = { environment: new Environment(), reporter, channelsOf: () => 0 };
  const recipe =
    train === undefined ? defaultRecipe(graph, section) : readRecipe(train, graph, context);
  if (sizes === undefined || recipe === undefined) return [];
  return [{ name: graph.model, graph, sizes, recipe, section, unfolded }];
}

const topLevel = ['model', 'block', 'encoder', 'train'];

function checkTopLevel(file: SpecFile, reporter: Reporter): void {
  for (const section of file.sections) {
    if (topLevel.includes(section.keyword.text)) continue;
    const { known, help, fixes } = didYouMean(section.keyword, topLevel, '');
    reporter.report(
      'unknown-section',
      { name: section.keyword.text, where: 'the file', known },
      { at: section.keyword.span, help, fixes },
    );
  }
}

/** A file of blocks and encoders is a library; any other has a model. */
function checkHasModel(file: SpecFile, isWhole: boolean, reporter: Reporter): void {
  const hasModel = file.sections.some((section) =>
    ['model', 'block', 'encoder'].includes(section.keyword.text),
  );
  const isAllKnown = file.sections.every((section) => topLevel.includes(section.keyword.text));
  if (hasModel || !isWhole || !isAllKnown) return;
  reporter.report(
    'no-model',
    {},
    {
      at: { ...file.span, end: file.span.start },
      help: [
        'Start with "model UNet { input image: [H, W, 3] ... }"; "unetc init" writes an example.',
      ],
    },
  );
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
    reporter.report(
      'duplicate-name',
      { name, what: 'model' },
      {
        at: section.name?.span ?? section.keyword.span,
        labels: [{ span: first.name?.span ?? first.keyword.span, text: 'first declared here' }],
      },
    );
    return false;
  });
}

function reportUnknownTrains(file: SpecFile, models: readonly Section[], reporter: Reporter): void {
  const names = models.flatMap((model) => model.name?.text ?? []);
  for (const { keyword, name } of file.sections) {
    if (keyword.text !== 'train' || name === undefined || names.includes(name.text)) continue;
    const { known, help, fixes } = didYouMean(name, names, 'its models are');
    reporter.report('unknown-model', { name: name.text, known }, { at: name.span, help, fixes });
  }
}

/** Unused blocks are told only when every model could be built: otherwise who knows. */
function lintBlocks(blocks: BlockTable, built: readonly BuiltModel[], reporter: Reporter): void {
  if (built.every((model) => model.graph !== undefined)) blocks.lint(reporter);
}

/** By place in the file; the same problem at the same place, met again in another block call, once. */
function inOrder(
  files: readonly LoadedFile[],
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const seen = new Set<string>();
  const paths = files.map(({ source }) => source.path);
  const rank = ({ span }: Diagnostic): number => paths.indexOf(span.file);
  return [...diagnostics]
    .sort((left, right) => rank(left) - rank(right) || left.span.start - right.span.start)
    .filter(({ code, span, message }) => {
      const hasMore = code.startsWith('UNET3') || code === messages['missing-section'].code;
      const place = `${span.file}:${code}:${span.start}:${span.end}:${hasMore ? message : ''}`;
      if (seen.has(place)) return false;
      seen.add(place);
      return true;
    });
}

/**
 * After a syntax error the tree is a guess: warnings and missing things are not
 * told, nor what else is found on the lines of the syntax error.
 */
function withoutEchoes(
  files: readonly LoadedFile[],
  all: readonly Diagnostic[],
): readonly Diagnostic[] {
  const broken = files.filter(({ syntax }) => hasErrors(syntax));
  if (broken.length === 0) return all;
  const syntax = broken.flatMap((file) => file.syntax);
  const lineOf = ({ file, start }: Span): string => {
    const found = files.find(({ source }) => source.path === file)?.source;
    return `${file}:${found?.position(start).line ?? 0}`;
  };
  const lines = new Set(
    syntax.flatMap(({ span, labels }) =>
      [span, ...labels.map((label) => label.span)].map((place) => lineOf(place)),
    ),
  );
  return all.filter(
    (diagnostic) =>
      files.some((file) => file.syntax.includes(diagnostic)) ||
      (diagnostic.severity === 'error' &&
        !isAboutAbsence(diagnostic) &&
        !lines.has(lineOf(diagnostic.span))),
  );
}

const isAboutAbsence = ({ code }: Diagnostic): boolean =>
  [
    messages['missing-section'],
    messages['missing-field'],
    messages['no-model'],
    messages['block-without-output'],
    messages['missing-name'],
  ].some((message) => message.code === code);
