import type { SourceExpression } from '../../ir/graph.js';
import type { ParameterNode } from '../../parser/ast.js';
import type { BlockFunction, CallArgument } from './body.js';
import { resolveSource } from './resolve.js';
import { evaluateSource, parametersOf, sourceOfDefault, type CallValues } from './expressions.js';

/** What becomes of a block's parameters in its function. */
export interface FunctionParameters {
  /** Those the function has, in the spec's order, with their defaults. */
  readonly kept: readonly KeptParameter[];
  /** What stands for each of the others. */
  readonly replaced: ReadonlyMap<string, SourceExpression>;
}

export interface KeptParameter {
  readonly name: string;
  readonly default: SourceExpression | undefined;
}

/** The parameters that a function's lines read, or that the defaults of those read, in the spec's order. */
export function parametersNeeded(block: BlockFunction): readonly ParameterNode[] {
  const parameters = block.section.parameters ?? [];
  const read = reach(readsOf(block), (name) =>
    defaultOf(parameters.find((parameter) => parameter.name.text === name)),
  );
  return parameters.filter((parameter) => read.has(parameter.name.text));
}

/**
 * Decides which parameters a function has. Those the spec demands stay, also
 * where all calls agree: they are what the block is about. An optional one that
 * never varies becomes its value.
 */
export function decideParameters(block: BlockFunction): FunctionParameters {
  const replaced = new Map<string, SourceExpression>();
  const candidates = parametersNeeded(block);
  for (const parameter of candidates) {
    if (parameter.defaultValue === undefined) continue;
    const source = defaultOf(parameter);
    const name = parameter.name.text;
    const values = block.calls.map((call) => call.values.parameters.get(name));
    const [first] = values;
    const isDefault = block.calls.every(
      (call, index) => defaultValueOf(parameter, call.values) === values[index],
    );
    if (source !== undefined && isDefault) replaced.set(name, source);
    else if (typeof first === 'number' && values.every((value) => value === first)) {
      replaced.set(name, { kind: 'number', value: first });
    }
  }
  const find = (name: string): ParameterNode | undefined =>
    candidates.find((candidate) => candidate.name.text === name);
  const read = reach(readsOf(block), (name) => replaced.get(name) ?? defaultOf(find(name)));
  const kept = candidates
    .filter(({ name }) => read.has(name.text) && !replaced.has(name.text))
    .map((parameter) => {
      const source = defaultOf(parameter);
      return { name: parameter.name.text, default: source && resolveSource(source, replaced) };
    });
  return { kept, replaced };
}

/** The number a parameter's default gives in one call. */
export function defaultValueOf(parameter: ParameterNode, call: CallValues): number | undefined {
  const source = defaultOf(parameter);
  return source && evaluateSource(source, call);
}

function defaultOf(parameter: ParameterNode | undefined): SourceExpression | undefined {
  return parameter?.defaultValue && sourceOfDefault(parameter.defaultValue);
}

/** The names that the lines of a function read. */
function readsOf(block: BlockFunction): readonly string[] {
  const values = block.body.steps.flatMap((step): readonly CallArgument[] =>
    step.kind === 'call'
      ? [...step.args.values()]
      : step.form.parts.flatMap((part) => Object.values(part.config)),
  );
  return values.flatMap((value) =>
    value.kind === 'expression' || value.kind === 'pair' ? parametersOf(value.source) : [],
  );
}

/** The names, and all that is read by what stands behind them. */
function reach(
  names: readonly string[],
  behind: (name: string) => SourceExpression | undefined,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const source = behind(name);
    if (source !== undefined) pending.push(...parametersOf(source));
  }
  return reached;
}
