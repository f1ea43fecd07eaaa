import { substitute, type Formula } from '../../ir/formula.js';
import type { Graph } from '../../ir/graph.js';
import { channelFormula } from '../../ir/operations/channels-out.js';
import { shortenFormula } from '../../ir/shorten-formula.js';
import {
  channelsOfInput,
  type ModuleBody,
  type ModuleClass,
  type ModuleStep,
  type TensorSource,
} from './module.js';

/** The channels of the tensors of a body, over its parameters and the channels of its inputs. */
export type ChannelsOf = (source: TensorSource) => Formula;

/**
 * Follows channels through a body: PyTorch's modules are told how many come in. `inputs`
 * are those of what comes in.
 */
export function followChannels(
  { steps }: Pick<ModuleBody, 'steps'>,
  graph: Graph,
  inputs: (index: number) => Formula = channelsOfInput,
): ChannelsOf {
  const made: (readonly Formula[])[] = [];
  const of: ChannelsOf = (source) =>
    source.from === 'input' ? inputs(source.index) : made[source.index]![source.output]!;
  for (const step of steps) made.push(channelsMade(step, step.inputs.map(of), graph).map(shorten));
  return of;
}

/** The channels of what a module returns, over its parameters and the channels of its inputs. */
function channelsReturned({ body }: ModuleClass, graph: Graph): readonly Formula[] {
  return body.outputs.map(followChannels(body, graph));
}

/** The values of all parameters of a called module, its inputs' channels among them. */
export function valuesOfCall(
  callee: ModuleClass,
  args: ReadonlyMap<string, Formula>,
  inputs: readonly Formula[],
): ReadonlyMap<string, Formula> {
  const values = new Map(inputs.map((channels, index) => [channelsOfInput(index).name, channels]));
  for (const { name, default: standard } of callee.parameters) {
    const given = args.get(name) ?? (standard && replaceOnce(standard, values));
    if (given !== undefined) values.set(name, shorten(given));
  }
  return values;
}

function channelsMade(
  step: ModuleStep,
  inputs: readonly Formula[],
  graph: Graph,
): readonly Formula[] {
  if (step.kind === 'call') {
    const values = valuesOfCall(step.callee, step.args, inputs);
    return channelsReturned(step.callee, graph).map((formula) => replaceOnce(formula, values));
  }
  const { node, formulas } = step.operation;
  const terms = inputs.map((formula, index) => ({
    formula,
    count: graph.nodes[node.inputs[index]!]!.channels,
  }));
  return [channelFormula(node.op, terms, formulas)];
}

/** Formulas in place of parameters; those that are put in may have parameters of the same names. */
function replaceOnce(formula: Formula, values: ReadonlyMap<string, Formula>): Formula {
  return substitute(replace(formula, values), new Map());
}

function replace(formula: Formula, values: ReadonlyMap<string, Formula>): Formula {
  switch (formula.kind) {
    case 'number':
    case 'channels':
      return formula;
    case 'parameter':
      return values.get(formula.name) ?? formula;
    case 'binary':
      return {
        ...formula,
        left: replace(formula.left, values),
        right: replace(formula.right, values),
      };
    case 'call':
      return { ...formula, args: formula.args.map((each) => replace(each, values)) };
  }
}

/** A formula in which the channels of the first input are a parameter as those of the others are. */
export function withNamedChannels(formula: Formula): Formula {
  switch (formula.kind) {
    case 'number':
    case 'parameter':
      return formula;
    case 'channels':
      return channelsOfInput(0);
    case 'binary': {
      const [left, right] = [withNamedChannels(formula.left), withNamedChannels(formula.right)];
      return { ...formula, left, right };
    }
    case 'call':
      return { ...formula, args: formula.args.map(withNamedChannels) };
  }
}

/** Sums of channels in their shortest form. */
const shorten = (formula: Formula): Formula => shortenFormula(formula, () => true);
