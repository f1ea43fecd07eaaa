import { evaluateFormula, type Formula } from '../formula.js';
import { numberFormula, type ChannelProblem, type ChannelTerm } from './channel-rule.js';
import { rulesOf, type Op } from './operation-rules.js';

/** How many channels come out of those that go in, or why none can. */
export function channelsOut(op: Op, inputs: readonly number[]): number | ChannelProblem {
  const problem = rulesOf(op).channels.problem(op, inputs);
  if (problem !== undefined) return problem;
  const terms = inputs.map((count) => ({ count, formula: numberFormula(count) }));
  return evaluateFormula(channelFormula(op, terms), noNames)!;
}

const noNames = { parameters: new Map<string, unknown>(), channels: 0 };

/**
 * The channels that come out as a formula over those that go in.
 *
 * @param written attributes of the operation that formulas give; the others are numbers
 */
export function channelFormula(
  op: Op,
  inputs: readonly ChannelTerm[],
  written: Readonly<Record<string, Formula>> = {},
): Formula {
  const own = (attribute: string): Formula =>
    written[attribute] ?? numberFormula((op as unknown as Record<string, number>)[attribute]!);
  return rulesOf(op).channels.formula({ inputs, own });
}
