import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Section, SpecFile } from '../../parser/ast.js';
import { ownerOf } from '../values/section-parameters.js';
import { reportIdle } from '../lints/lint-options.js';

/** The `train` sections of a file, found once for all of its models. */
export function recipesOf({ sections }: SpecFile): readonly Section[] {
  let trains = trainsOfFiles.get(sections);
  if (trains === undefined) {
    trains = sections.filter(({ keyword }) => keyword.text === 'train');
    trainsOfFiles.set(sections, trains);
  }
  return trains;
}

const trainsOfFiles = new WeakMap<SpecFile['sections'], readonly Section[]>();

/** The `train` section of a model: that of its name, else the one without a name. */
export function findRecipe(file: SpecFile, model: string): Section | undefined {
  const trains = recipesOf(file);
  return (
    trains.find(({ name }) => name?.text === model) ?? trains.find(({ name }) => name === undefined)
  );
}

/** Reports `train` sections of models that are not there, and second ones. */
export function checkRecipes(file: SpecFile, models: readonly Section[]): readonly Diagnostic[] {
  const reporter = new Reporter();
  const names = models.flatMap((model) => model.name?.text ?? []);
  const trains = recipesOf(file);
  for (const model of models)
    checkParameters(model, findRecipe(file, model.name?.text ?? ''), reporter);
  const seen = new Map<string, Section>();
  for (const section of trains) {
    const { keyword, name } = section;
    const first = seen.get(name?.text ?? '');
    if (first !== undefined) {
      reportDuplicate(reporter, {
        ...{ name: name?.text ?? 'train', what: 'training recipe', at: name?.span ?? keyword.span },
        first: { span: first.name?.span ?? first.keyword.span, text: 'first given here' },
        help: 'Put all fields into one "train" section.',
      });
    }
    seen.set(name?.text ?? '', section);
    if (name === undefined) lintIdle(section, trains, names, reporter);
    if (name === undefined || names.includes(name.text)) continue;
    const { known, help, fixes } = didYouMean(name, names, 'its models are');
    reporter.report('unknown-model', { name: name.text, known }, { at: name.span, help, fixes });
  }
  return reporter.diagnostics;
}

/**
 * A name is a parameter of the model or of its recipe, not of both: with two defaults, one
 * setting would have two meanings.
 */
function checkParameters(model: Section, recipe: Section | undefined, reporter: Reporter): void {
  const own = new Map((model.parameters ?? []).map(({ name }) => [name.text, name.span]));
  for (const { name } of recipe?.parameters ?? []) {
    const first = own.get(name.text);
    if (first === undefined) continue;
    reporter.report(
      'parameter-of-both',
      { name: name.text, model: ownerOf(model), recipe: ownerOf(recipe!) },
      {
        at: name.span,
        labels: [{ span: first, text: 'declared by the model here' }],
        help: ['Give one of the two another name.'],
      },
    );
  }
}

/** A recipe without a name is for the models that have none of their own. */
function lintIdle(
  { keyword }: Section,
  trains: readonly Section[],
  models: readonly string[],
  reporter: Reporter,
): void {
  const hasOwn = (model: string): boolean => trains.some(({ name }) => name?.text === model);
  if (models.length === 0 || !models.every(hasOwn)) return;
  const reason = 'every model has a recipe of its own';
  const help = 'Take it out, or give it a name.';
  reportIdle(reporter, { owner: 'the file', name: 'train', reason, help }, keyword.span);
}
