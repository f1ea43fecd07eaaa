import type { OptionsOf } from '../../catalog/options-of.js';
import type { Expression, Field } from '../../parser/ast.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import type { Graph } from '../../ir/graph.js';
import { mainHead, mainOutputOf } from '../../ir/graph-heads.js';
import type { Colour, TrainRecipe } from '../../ir/recipe.js';

/** What a recipe says of the classes of masks. */
export type ClassFields = Pick<TrainRecipe, 'colours' | 'classes' | 'ignore' | 'borderWidth'>;

/**
 * The fields `colors`, `classes` and `ignore` of a `train` section, whose types
 * were checked before; names that do not fit the head and ignored values that do
 * not fit the masks are reported.
 *
 * @param fields as written, for the places of problems.
 */
export function readClasses(
  {
    colors: colours,
    classes,
    ignore: value,
    border_width: borderWidth,
  }: OptionsOf<'section', 'train'>,
  fields: ReadonlyMap<string, Field>,
  graph: Graph,
  context: EvaluationContext,
): ClassFields {
  const named = fields.get('classes');
  if (classes !== undefined && named !== undefined) checkNames(classes, named, graph, context);
  const ignored = fields.get('ignore');
  const ignore =
    ignored === undefined || value === undefined
      ? undefined
      : readIgnore(value, colours, ignored.value, context);
  if (borderWidth !== undefined) checkBorders(fields, graph, context);
  return { colours, classes, ignore, borderWidth };
}

/** Masks of numbers become three classes, and nothing else. */
function checkBorders(
  fields: ReadonlyMap<string, Field>,
  graph: Graph,
  { reporter }: EvaluationContext,
): void {
  const head = mainHead(graph);
  const { channels } = graph.nodes[mainOutputOf(graph, head).node]!;
  const at = fields.get('border_width')!.span;
  if (channels !== 3) {
    const reason = `head "${head.name}" has ${channels} ${channels === 1 ? 'channel' : 'channels'}, and background, inside and border are three classes`;
    reporter.report('border-width-unfit', { reason }, { at, help: ['Give it three channels.'] });
  }
  for (const other of ['colors', 'ignore']) {
    if (!fields.has(other)) continue;
    const reason = `"${other}" speaks of classes, and masks number objects`;
    reporter.report('border-width-unfit', { reason }, { at, help: [`Take "${other}" out.`] });
  }
}

function checkNames(
  classes: readonly string[],
  { value }: Field,
  graph: Graph,
  { reporter }: EvaluationContext,
): void {
  const head = mainHead(graph);
  const { channels } = graph.nodes[mainOutputOf(graph, head).node]!;
  const expected = Math.max(2, channels);
  if (classes.length !== expected) {
    const help =
      channels === 1 ? ['One channel tells two classes: name the background first.'] : [];
    const parameters = { names: classes.length, head: head.name, classes: expected };
    reporter.report('class-names-count', parameters, { at: value.span, help });
  }
  const seen = new Set<string>();
  for (const [at, name] of classes.entries()) {
    const place = itemOf(value, at).span;
    if (name.trim() === '') reporter.report('class-name-bad', { found: 'is empty' }, { at: place });
    else if (seen.has(name)) {
      reporter.report('class-name-bad', { found: `"${name}" occurs twice` }, { at: place });
    }
    seen.add(name);
  }
}

type IgnoreValue = NonNullable<OptionsOf<'section', 'train'>['ignore']>;

/** Which values or colours have no class; undefined when a problem was reported. */
function readIgnore(
  value: IgnoreValue,
  colours: readonly Colour[] | undefined,
  expression: Expression,
  { reporter }: EvaluationContext,
): TrainRecipe['ignore'] {
  const refuse = (found: string, expected: string): undefined => {
    reporter.report('ignore-does-not-fit', { found, expected }, { at: expression.span });
    return undefined;
  };
  if (colours === undefined) {
    const levels = typeof value === 'number' ? [value] : value;
    if (!levels.every((level) => typeof level === 'number')) {
      return refuse('holds colours', 'mask values, or a table "colors" beside it');
    }
    if (new Set(levels).size < levels.length) {
      return refuse('holds a value twice', 'different values; a colour needs a table "colors"');
    }
    return levels;
  }
  const list = isColour(value) ? [value] : value;
  if (!isColours(list)) {
    return refuse(
      'holds mask values',
      'a colour such as [0, 0, 0], since masks are read by colours',
    );
  }
  for (const colour of list) {
    const at = colours.findIndex((other) => other.every((part, c) => part === colour[c]));
    if (at < 0) continue;
    const parameters = { colour: `[${colour.join(', ')}]`, index: at };
    reporter.report('ignored-colour-has-class', parameters, { at: expression.span });
  }
  return list;
}

const isColours = (value: IgnoreValue): value is readonly Colour[] =>
  typeof value !== 'number' && value.every((item) => typeof item !== 'number');

const isColour = (value: IgnoreValue): value is Colour =>
  typeof value !== 'number' && value.length === 3 && value.every(isByte);

const isByte = (value: unknown): boolean => typeof value === 'number' && value <= 255;

function itemOf(list: Expression, at: number): Expression {
  return (list.kind === 'list' && list.items[at]) || list;
}
