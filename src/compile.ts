import { hasErrors, type Diagnostic, type Result } from './diagnostics/diagnostic.js';
import { messages } from './diagnostics/messages/index.js';
import { Reporter } from './diagnostics/report.js';
import { SourceFile } from './diagnostics/source.js';
import { closest } from './diagnostics/suggest.js';
import { readBlocks, type BlockTable } from './ir/blocks.js';
import { buildModel, type BuiltModel } from './ir/build-model.js';
import { didYouMean } from './ir/did-you-mean.js';
import { Environment } from './ir/environment.js';
import type { Graph } from './ir/graph.js';
import { checkSettings } from './ir/model-parameters.js';
import { defaultRecipe, readRecipe } from './ir/read-recipe.js';
import type { TrainRecipe } from './ir/recipe.js';
import { checkSizes } from './ir/sizes/check-sizes.js';
import { textRepairs } from './ir/sizes/repairs.js';
import type { SizeAnalysis } from './ir/sizes/sizes.js';
import type { UnfoldedModel } from './ir/unfold.js';
import type { Section, SpecFile } from './parser/ast.js';
import { parse, type ParsedFile } from './parser/parse.js';

export interface CompileOptions {
  /** Values for model parameters, in the language's notation (`{ base: '32' }`). */
  readonly set?: Readonly<Record<string, string>>;
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
  const { value: parsed, diagnostics: syntax }: Result<ParsedFile> = parse(source);
  const reporter = new Reporter();
  reporter.add(syntax);
  const file = { ...parsed.file, sections: parsed.file.sections.map(asMeant) };
  checkTopLevel(parsed.file, syntax.length === 0, reporter);
  const blocks = readBlocks(file.sections, reporter);
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
  checkTrains(file, sections, reporter);
  if (sections.length > 0) lintBlocks(blocks, built, reporter);
  // What was read as meant is not what was written.
  const hasSlips = parsed.file.sections.some(({ keyword }) => !topLevel.includes(keyword.text));
  const diagnostics = withoutEchoes(source, syntax, inOrder(reporter.diagnostics));
  return { source, parsed, models: hasErrors(syntax) || hasSlips ? [] : models, diagnostics };
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
  const trains = file.sections.filter((candidate) => candidate.keyword.text === 'train');
  const train =
    trains.find((candidate) => candidate.name?.text === graph.model) ??
    trains.find((candidate) => candidate.name === undefined);
  const context = { environment: new Environment(), reporter, channelsOf: () => 0 };
  const recipe =
    train === undefined ? defaultRecipe(graph, section) : readRecipe(train, graph, context);
  if (sizes === undefined || recipe === undefined) return [];
  return [{ name: graph.model, graph, sizes, recipe, section, unfolded }];
}

const topLevel = ['model', 'block', 'train'];

/** A section with a slip in its word is read as what was meant, so that nothing in it is missed. */
function asMeant(section: Section): Section {
  const { keyword } = section;
  const text = topLevel.includes(keyword.text) ? keyword.text : closest(keyword.text, topLevel);
  return text === undefined ? section : { ...section, keyword: { ...keyword, text } };
}

function checkTopLevel(file: SpecFile, isWhole: boolean, reporter: Reporter): void {
  for (const section of file.sections) {
    if (topLevel.includes(section.keyword.text)) continue;
    const { known, help, fixes } = didYouMean(section.keyword, topLevel);
    reporter.report(
      'unknown-section',
      { name: section.keyword.text, where: 'the file', known },
      { at: section.keyword.span, help, fixes },
    );
  }
  const hasModel = file.sections.some((section) => section.keyword.text === 'model');
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
        help: ['Give each model a name of its own.'],
      },
    );
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
      reporter.report(
        'duplicate-name',
        { name: name?.text ?? 'train', what: 'training recipe' },
        {
          at: name?.span ?? keyword.span,
          labels: [{ span: first.name?.span ?? first.keyword.span, text: 'first given here' }],
          help: ['Put all fields into one "train" section.'],
        },
      );
    }
    seen.set(name?.text ?? '', section);
    if (name === undefined || names.includes(name.text)) continue;
    const { known, help, fixes } = didYouMean(name, names, 'its models are');
    reporter.report('unknown-model', { name: name.text, known }, { at: name.span, help, fixes });
  }
}

/** Unused blocks are told only when every model could be built: otherwise who knows. */
function lintBlocks(blocks: BlockTable, built: readonly BuiltModel[], reporter: Reporter): void {
  if (built.every((model) => model.graph !== undefined)) blocks.lint(reporter);
}

/** By place in the file; the same problem at the same place, met again in another block call, once. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return [...diagnostics]
    .sort((left, right) => left.span.start - right.span.start)
    .filter(({ code, span, message }) => {
      const hasMore = code.startsWith('UNET3') || code === messages['missing-section'].code;
      const place = `${code}:${span.start}:${span.end}:${hasMore ? message : ''}`;
      if (seen.has(place)) return false;
      seen.add(place);
      return true;
    });
}

/**
 * After a syntax error the tree is a guess: warnings and missing things are not
 * told, nor what else is found on the lines of the syntax error, nor that a name
 * from these lines is unknown elsewhere.
 */
function withoutEchoes(
  source: SourceFile,
  syntax: readonly Diagnostic[],
  all: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (!hasErrors(syntax)) return all;
  const lineOf = (offset: number): number => source.position(offset).line;
  const broken = new Set(
    syntax.flatMap(({ span, labels }) =>
      [span, ...labels.map((label) => label.span)].map(({ start }) => lineOf(start)),
    ),
  );
  // A line that starts with an arrow goes on with the one above.
  for (const line of [...broken]) {
    for (let next = line + 1; /^\s*->/.test(source.lineText(next)); next++) broken.add(next);
  }
  const words = new Set([...broken].flatMap((line) => source.lineText(line).match(/\w+/g) ?? []));
  return all.filter(
    (diagnostic) =>
      syntax.includes(diagnostic) ||
      (diagnostic.severity === 'error' &&
        !isAboutAbsence(diagnostic) &&
        !broken.has(lineOf(diagnostic.span.start)) &&
        !words.has(source.text.slice(diagnostic.span.start, diagnostic.span.end))),
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
