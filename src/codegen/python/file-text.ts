import { printableLine } from '../../diagnostics/text-width.js';
import type { ArgumentValue, Graph } from '../../ir/graph.js';
import { nodeWeights, sizeOfWeight, weightOwners } from '../../ir/operations/weights.js';
import type { ProgramModel } from '../program/program.js';
import type { EmitSource } from '../typescript/emit.js';

/** The rule of `make_divisible` as a function of that name. */
export const divisible = (name: string): readonly string[] => [
  `def ${name}(value: float, divisor: int) -> int:`,
  '    """The multiple of a divisor nearest to a width, at most a tenth below it."""',
  '    nearest = max(divisor, math.floor((value + divisor / 2) / divisor) * divisor)',
  '    return nearest + divisor if nearest < 0.9 * value else nearest',
];

/** The first line of a file, which starts with these words. */
export function head(firstWords: string, { file, set }: EmitSource): string {
  const settings = Object.entries(set ?? {}).map(([name, value]) => `${name} = ${value}`);
  const given = settings.length === 0 ? '' : ` with ${settings.join(', ')}`;
  const line = `${firstWords}${file}${given}; edits are lost.`;
  return printableLine(line.replace(/\s+/g, ' '));
}

/** Which parameters of the spec a model of the file does not take. */
export function describeParameters({ parameters, fixed }: ProgramModel): string {
  const open =
    parameters.length === 0
      ? ''
      : 'Numbers of channels and of parameters are those of the defaults.';
  if (fixed.length === 0) return open;
  const list = fixed.map(({ name, value }) => `${name} = ${valueText(value)}`).join(', ');
  return `${open} Fixed, for layers or sizes follow from ${fixed.length === 1 ? 'it' : 'them'}: ${list}.`.trim();
}

const valueText = (value: ArgumentValue): string =>
  Array.isArray(value) ? `[${value.map(valueText).join(', ')}]` : String(value);

/** `31,030,658`: all weights, running statistics counted. */
export function countText(graph: Graph): string {
  const count = weightOwners(graph)
    .flatMap((node) => nodeWeights(graph, node))
    .reduce((sum, weight) => sum + sizeOfWeight(weight), 0);
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
