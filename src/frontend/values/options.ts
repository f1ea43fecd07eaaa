import type { ComponentDeclaration, OptionDeclaration } from '../../catalog/component.js';
import type { ValuesOf } from '../../catalog/options-of.js';
import { schemaKey, describeSchema } from '../../catalog/validate.js';
import { validators } from '../../catalog/validators.generated.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import type { Argument, Expression, Identifier } from '../../parser/ast.js';
import { wordOf } from '../../parser/tree/syntax.js';
import { didYouMean, listNames } from '../../diagnostics/did-you-mean.js';
import { evaluate } from './evaluate.js';
import type { EvaluationContext } from './evaluation-context.js';
import { reportUnknownName } from './unknown-name.js';
import { isWord, reportWordsOfBranches } from './words.js';
import type { ArgumentValue, NodeId } from '../../ir/graph.js';
import { describeValue, holdsInvalid, toData, type Value } from './value.js';

/** An argument with the name it stands for. */
export interface BoundArgument {
  readonly name: string;
  readonly value: Expression;
  readonly nameSpan: Span;
}

/** Who is called: its name as written and where. */
export interface Owner {
  readonly name: string;
  readonly span: Span;
}

/**
 * Gives every argument its name: unnamed ones take `positional` in order.
 * Unknown names, duplicates and surplus arguments are reported and left out.
 */
export function bindArguments(
  owner: Owner,
  args: readonly Argument[],
  positional: readonly string[],
  known: readonly string[],
  context: EvaluationContext,
  what: 'option' | 'parameter' = 'option',
): readonly BoundArgument[] {
  const bound = new Map<string, BoundArgument>();
  let next = 0;
  let sawNamed = false;
  for (const argument of args) {
    const name = nameOf(argument);
    if (name === undefined) continue;
    if (bound.has(name)) {
      context.reporter.report(
        'duplicate-argument',
        { owner: owner.name, name },
        {
          at: argument.span,
          labels: [{ span: bound.get(name)!.value.span, text: 'first given here' }],
          help: [`Keep one of the two.`],
        },
      );
      continue;
    }
    bound.set(name, {
      name,
      value: argument.value,
      nameSpan: argument.name?.span ?? argument.value.span,
    });
  }
  return [...bound.values()];

  /** Beyond the positions only names say what is meant. */
  function nameSurplus(argument: Argument): ReturnType<typeof nameArgument> | { help: string[] } {
    const others = known.filter((name) => !positional.includes(name) && !bound.has(name));
    if (others.length === 1) return nameArgument(argument, others[0]);
    return {
      help: [
        others.length === 0
          ? 'Take it out.'
          : `Name the option that is meant: ${listNames(others)}.`,
      ],
    };
  }

  function nameOf(argument: Argument): string | undefined {
    if (argument.name === undefined) {
      const name = positional[next];
      next += 1;
      if (sawNamed) {
        const free = positional.find((candidate) => !bound.has(candidate));
        context.reporter.report(
          'positional-after-named',
          { owner: owner.name },
          { at: argument.span, ...nameArgument(argument, free) },
        );
        return undefined;
      }
      if (name === undefined) {
        const list = positional.length === 0 ? '' : `: ${positional.join(', ')}`;
        context.reporter.report(
          'too-many-arguments',
          { owner: owner.name, limit: positional.length, names: list },
          { at: argument.span, ...nameSurplus(argument) },
        );
      }
      return name;
    }
    sawNamed = true;
    if (known.includes(argument.name.text)) return argument.name.text;
    reportUnknownOption(owner, { ...argument, name: argument.name }, known, context, what);
    return undefined;
  }
}

/** A fix that writes the name of an argument which has none. */
function nameArgument(
  { value }: Argument,
  name: string | undefined,
): { readonly fixes: readonly Fix[] } {
  if (name === undefined) return { fixes: [] };
  const span = { ...value.span, end: value.span.start };
  return { fixes: [{ title: `Name it "${name}"`, edits: [{ span, text: `${name}: ` }] }] };
}

function reportUnknownOption(
  owner: Owner,
  { name, value }: Argument & { readonly name: Identifier },
  known: readonly string[],
  context: EvaluationContext,
  what: 'option' | 'parameter',
): void {
  const suggestion = didYouMean(name, known, `its ${what}s are`, wordOf(value));
  const extra = { at: name.span, help: suggestion.help, fixes: suggestion.fixes };
  if (what === 'option') {
    context.reporter.report(
      'unknown-option',
      { owner: owner.name, name: name.text, known: suggestion.known },
      extra,
    );
  } else {
    context.reporter.report(
      'unknown-parameter',
      { owner: `Block "${owner.name}"`, name: name.text, known: suggestion.known },
      extra,
    );
  }
}

/** Checked options of a component: every option has a value, but optional ones. */
export interface CheckedOptions<Values> {
  readonly values: Values;
  readonly tensors: Readonly<Record<string, NodeId>>;
  /** The values as they were worked out, of those that were given. */
  readonly given: Readonly<Record<string, Value>>;
}

/** Binds and checks the arguments of a component; undefined when something was reported. */
export function checkOptions<const D extends ComponentDeclaration>(
  owner: Owner,
  declaration: D,
  args: readonly Argument[],
  context: EvaluationContext,
): CheckedOptions<ValuesOf<D>> | undefined {
  const known = Object.keys(declaration.options);
  const bound = bindArguments(owner, args, declaration.positional, known, context);
  const values: Record<string, ArgumentValue> = {};
  const tensors: Record<string, NodeId> = {};
  const given: Record<string, Value> = {};
  // Surplus and misnamed arguments were reported by the binding.
  let isSound = bound.length === args.length;

  for (const name of known) {
    const option = declaration.options[name]!;
    const argument = bound.find((candidate) => candidate.name === name);
    if (argument === undefined) {
      if (option.default !== undefined) values[name] = option.default;
      else if (option.optional === undefined && isSound) {
        isSound = false;
        context.reporter.report(
          'missing-option',
          { owner: owner.name, name, expects: describeOption(option) },
          { at: owner.span, notes: [`${name}: ${option.doc}`] },
        );
      }
      continue;
    }
    const value = evaluate(argument.value, context);
    if (option.schema === 'tensor') {
      const node = value.kind === 'tensor' && !value.isList ? value.nodes[0] : undefined;
      if (node !== undefined) tensors[name] = node;
      else isSound = reportBadValue(owner, name, option, argument, value, context);
      continue;
    }
    const data = holdsInvalid(value) ? undefined : toData(value);
    if (data === undefined || validators[schemaKey(option.schema)]?.(data) !== true) {
      isSound = reportBadValue(owner, name, option, argument, value, context);
      continue;
    }
    const { kind } = argument.value;
    if (
      kind === 'conditional' &&
      reportWordsOfBranches(argument.value, allowedWords(option.schema), context)
    ) {
      isSound = false;
      continue;
    }
    values[name] = data;
    given[name] = value;
  }
  // The check of each schema is what the types say.
  return isSound ? { values: values as ValuesOf<D>, tensors, given } : undefined;
}

const describeOption = (option: OptionDeclaration): string =>
  option.schema === 'tensor' ? 'the name of a tensor' : describeSchema(option.schema);

function reportBadValue(
  owner: Owner,
  name: string,
  option: OptionDeclaration,
  argument: BoundArgument,
  value: Value,
  context: EvaluationContext,
): false {
  if (holdsInvalid(value)) return false;
  const words = option.schema === 'tensor' ? [] : allowedWords(option.schema);
  const expression = argument.value;
  if (words.length === 0 && isWord(expression, value, context)) {
    reportUnknownName(expression, context, describeOption(option));
    return false;
  }
  const near =
    value.kind === 'symbol'
      ? didYouMean(
          { text: value.name, span: expression.span },
          [...words, ...context.environment.names()],
          '',
        )
      : undefined;
  context.reporter.report(
    'bad-option-value',
    { owner: owner.name, name, expects: describeOption(option), found: describeValue(value) },
    { at: expression.span, help: near?.help ?? [], fixes: near?.fixes ?? [] },
  );
  return false;
}

function allowedWords(schema: {
  readonly enum?: readonly string[];
  readonly anyOf?: readonly { readonly enum?: readonly string[] }[];
}): readonly string[] {
  return [...(schema.enum ?? []), ...(schema.anyOf ?? []).flatMap((inner) => inner.enum ?? [])];
}
