import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { SourceFile } from '../../diagnostics/source.js';
import type { Expression, ParameterNode, Section } from '../../parser/ast.js';
import { parse } from '../../parser/parse.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { evaluate } from './evaluate.js';
import type { EvaluationContext } from './evaluation-context.js';
import { inScope, type Formula } from '../../ir/formula.js';
import type { ArgumentValue, GraphParameter } from '../../ir/graph.js';
import { derivationOf, fix, followed } from './model-parameter.js';
import { checkParameterTypes, describeType, fitType, limitsOfType, wordsOf } from './parameters.js';
import { reportMisfit } from './report-misfit.js';
import { invalid, toData, type ModelParameter, type Value } from './value.js';

/**
 * Gives every parameter of a model or a recipe its value: what `set` says, else its default.
 * Defines them in the context's environment and returns them with their values.
 */
export function defineParameters(
  section: Section,
  set: Readonly<Record<string, string>>,
  context: EvaluationContext,
): readonly DefinedParameter[] {
  const parameters = section.parameters ?? [];
  const owner = ownerOf(section);
  context.reporter.add(checkParameterTypes(parameters));
  const defined: DefinedParameter[] = [];
  for (const parameter of parameters) {
    const name = parameter.name.text;
    const text = Object.hasOwn(set, name) ? set[name] : undefined;
    const expression = text === undefined ? parameter.defaultValue : parseValue(text);
    if (expression === undefined && text === undefined) {
      reportMissing(parameter, owner, context);
      context.environment.define(name, invalid);
      continue;
    }
    const value =
      expression === undefined
        ? invalid
        : text === undefined
          ? (asWord(expression, parameter) ?? evaluate(expression, context))
          : evaluateSetting(expression, `${name}=${text}`, parameter, context);
    const fitted = expression === undefined ? undefined : fitType(value, parameter.type);
    if (fitted === undefined && text === undefined && expression !== undefined) {
      reportMisfit({ owner, parameter, expression, value }, context);
    } else if (fitted === undefined) {
      context.reporter.report(
        'bad-argument-type',
        {
          owner,
          name,
          expects: describeType(parameter.type),
          found: `"${text}", set from outside`,
        },
        { at: parameter.name.span },
      );
    }
    // Whoever sets what a default follows from changes what follows from that.
    const { type } = parameter;
    const own: ModelParameter = {
      name,
      follows: fitted === undefined ? [] : followed(fitted),
      isFixed: false,
      limits: limitsOfType(type),
    };
    // Of a few numbers, each may mean a network of its own.
    if (type?.kind === 'choice') fix([own]);
    context.environment.define(name, fitted === undefined ? invalid : asParameter(fitted, own));
    const plain = fitted && toData(fitted);
    if (fitted === undefined || plain === undefined) continue;
    const formula = text === undefined ? derivationOf(fitted)?.formula : undefined;
    if (formula === undefined) fix(own.follows);
    const standard = formula === undefined ? {} : { default: formula };
    defined.push({ own, value: plain, ...standard });
  }
  return defined;
}

/** A parameter with its value, before it is known what follows from it. */
interface DefinedParameter {
  readonly own: ModelParameter;
  readonly value: ArgumentValue;
  readonly default?: Formula;
}

/** A parameter as the graph keeps it, once the whole model is built. */
export const asGraphParameter = ({ own, ...rest }: DefinedParameter): GraphParameter => {
  const formula = rest.default && inScope(rest.default, modelScope);
  const { name, limits, isFixed } = own;
  return {
    name,
    limits,
    isFixed,
    value: rest.value,
    ...(formula === undefined ? {} : { default: formula }),
  };
};

const modelScope = 0;

/** A value, and all that is in it, as one that follows from a parameter. */
function asParameter(value: Value, own: ModelParameter): Value {
  switch (value.kind) {
    case 'number': {
      const source = { kind: 'parameter', name: own.name, scope: modelScope } as const;
      return { ...value, follows: [own], source, root: source };
    }
    case 'boolean':
    case 'string':
    case 'symbol':
      return { ...value, follows: [own] };
    case 'list': {
      // Its items are numbers that no formula gives.
      fix([own]);
      return value;
    }
    case 'tensor':
    case 'stage':
    case 'shared':
    case 'invalid':
      return value;
  }
}

/** A word that is one of the choices is meant as that, whatever else it may name. */
const asWord = (expression: Expression, { type }: ParameterNode): Value | undefined =>
  expression.kind === 'name' && wordsOf(type).includes(expression.name)
    ? { kind: 'symbol', name: expression.name }
    : undefined;

/** A setting stands in no file: what is wrong with it is told at its parameter. */
function evaluateSetting(
  expression: Expression,
  setting: string,
  parameter: ParameterNode,
  context: EvaluationContext,
): Value {
  const reporter = new Reporter();
  const value = evaluate(expression, { ...context, reporter });
  const notes = [`The value is set from outside, by "${setting}".`];
  context.reporter.add(
    reporter.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      span: parameter.name.span,
      labels: [],
      notes: [...diagnostic.notes, ...notes],
      fixes: [],
    })),
  );
  return value;
}

function reportMissing(parameter: ParameterNode, owner: string, context: EvaluationContext): void {
  const { type } = parameter;
  const word = type?.kind === 'named' ? type.name.text : type === undefined ? 'int' : undefined;
  const example = { int: '64', float: '0.5', bool: 'true', string: '"name"' }[word ?? ''];
  const words = type?.kind === 'choice' ? type.options.map(({ text }) => text) : [];
  const value = words[0] ?? example ?? (type?.kind === 'list-of' ? '[1, 2]' : '64');
  const end = { ...parameter.span, start: parameter.span.end };
  context.reporter.report(
    'missing-default',
    {
      name: parameter.name.text,
      owner,
      type:
        words.length > 0 ? words.join(' | ') : type?.kind === 'list-of' ? '[int]' : (word ?? 'int'),
      example: value,
    },
    {
      at: parameter.name.span,
      fixes: [{ title: `Insert "= ${value}"`, edits: [{ span: end, text: ` = ${value}` }] }],
    },
  );
}

/** Reports settings that no model of the file has a parameter for, and no recipe. */
export function checkSettings(
  models: readonly Section[],
  recipes: readonly Section[],
  set: Readonly<Record<string, string>>,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const sections = [...models, ...recipes];
  const parameters = sections.flatMap((each): readonly ParameterNode[] => each.parameters ?? []);
  const names = parameters.map((parameter) => parameter.name.text);
  const [model] = models;
  if (model === undefined) return [];
  for (const name of Object.keys(set)) {
    if (names.includes(name)) continue;
    const at = model.name?.span ?? model.keyword.span;
    const { known, help } = didYouMean({ text: name, span: at }, names, 'its parameters are');
    const owner = models.length === 1 ? `Model "${ownerOf(model)}"` : 'No model of the file';
    reporter.report('unknown-parameter', { owner, name, known }, { at, help });
  }
  return reporter.diagnostics;
}

/** What a section with parameters is called in messages: a model by its name alone. */
export const ownerOf = ({ keyword, name }: Section): string =>
  keyword.text === 'model' || name === undefined
    ? (name?.text ?? keyword.text)
    : `${keyword.text} ${name.text}`;

/** A value written on the command line, in the language's own notation. */
function parseValue(text: string): Expression | undefined {
  const parsed = parse(new SourceFile('--set', `value { value: ${text}\n}`));
  const member = parsed.value.file.sections[0]?.body?.members[0];
  if (parsed.diagnostics.length > 0 || member?.kind !== 'field') return undefined;
  return member.value.kind === 'missing' ? undefined : member.value;
}
