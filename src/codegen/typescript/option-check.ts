import type { NumberLimits } from '../../ir/number-limits.js';
import type { ModelParameter } from '../program/program.js';
import type { Writer } from '../writer.js';

/** How a value within limits compares to each of their ends. */
const comparisons = { from: '>=', above: '>', to: '<=', below: '<' } as const;
type End = keyof typeof comparisons;

/** What an end is that a call does not give. */
const open = { from: '-Infinity', above: '-Infinity', to: 'Infinity', below: 'Infinity' };

const endsOf = (limits: NumberLimits): readonly End[] =>
  (Object.keys(comparisons) as End[]).filter((end) => limits[end] !== undefined);

/** The line that refuses an option which its layers would take, but the spec would not. */
export function optionCheck(
  { name, limits }: ModelParameter,
  variable: string,
  called: string,
): string {
  const kind = limits.isWhole ? 'whole number' : 'number';
  const words = [JSON.stringify(name), variable, JSON.stringify(kind)];
  const list = endsOf(limits).map((end) => `${end}: ${limits[end]}`);
  if (list.length > 0) words.push(`{ ${list.join(', ')} }`);
  return `${called}(${words.join(', ')});`;
}

/** The function that such lines call, with the ends that they speak of. */
export function writeOptionCheck(
  writer: Writer,
  called: string,
  parameters: readonly ModelParameter[],
): void {
  const used = [...new Set(parameters.flatMap(({ limits }) => endsOf(limits)))];
  const hasLimits = used.length > 0;
  const types = used.map((end) => `${end}?: number`).join('; ');
  const taken = used.map((end) => `${end} = ${open[end]}`).join(', ');
  const within = used.map((end) => ` && value ${comparisons[end]} ${end}`).join('');
  writer
    .gap()
    .doc([
      `Throws unless an option is a number of its kind${hasLimits ? ', within its limits' : ''}.`,
    ])
    .line(`function ${called}(name: string, value: number, kind: 'number' | 'whole number',`)
    .line(hasLimits ? `limits: { ${types} } = {},` : '')
    .line('): void {')
    .line("const isOfKind = kind === 'number' ? Number.isFinite(value) : Number.isInteger(value);");
  if (hasLimits) writer.line(`const { ${taken} } = limits;`);
  writer.line(`if (isOfKind${within}) return;`);
  if (hasLimits) {
    writer.line("const words = Object.entries(limits).map((limit) => ` ${limit.join(' ')}`);");
  }
  const words = hasLimits ? "${words.join('')}" : '';
  writer
    .line(
      `throw new RangeError(\`\${name} is a \${kind}${words}, found \${typeof value} \${value}.\`);`,
    )
    .line('}');
}
