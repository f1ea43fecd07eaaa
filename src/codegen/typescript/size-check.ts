import type { AxisAnalysis } from '../../ir/sizes/analysis.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { refusedSizes, sizeChecks } from '../size-checks.js';
import type { Writer } from '../writer.js';

/** Whether some sizes that the input's shape leaves open are illegal. */
export function needsSizeCheck(analysis: SizeAnalysis): boolean {
  return sizeChecks(analysis, conditionOf).some((check) => check.of !== 'equality');
}

/** A function that throws, with the legal sizes in words, for images the network cannot take. */
export function writeSizeCheck(
  writer: Writer,
  name: string,
  model: string,
  analysis: SizeAnalysis,
): void {
  writer.gap().doc([`Throws unless ${model} can take images of this size.`]);
  writer.line(`export function ${name}(height: number, width: number): void {`);
  for (const check of sizeChecks(analysis, conditionOf)) {
    const condition = check.of === 'equality' ? 'height !== width' : check.condition;
    const text = `${model} takes images whose ${check.legal}; found \${height} x \${width}.`;
    if (check.of === 'size') writer.line('for (const size of [height, width]) {');
    writer.line(`if (${condition}) {`).line(`throw new RangeError(\`${text}\`);`).line('}');
    if (check.of === 'size') writer.line('}');
  }
  writer.line('}');
}

/** The code that is true of illegal sizes; undefined when all are legal, or the shape fixes one. */
function conditionOf(axis: AxisAnalysis, size: string): string | undefined {
  const refused = refusedSizes(axis);
  switch (refused?.kind) {
    case undefined:
    case 'all but':
      return undefined;
    case 'below':
      return `${size} < ${refused.least}`;
    case 'below or residues': {
      const { least, modulus, residues } = refused;
      const wrong =
        residues.length === 1
          ? `${size} % ${modulus} !== ${residues[0]}`
          : `![${residues.join(', ')}].includes(${size} % ${modulus})`;
      return `${size} < ${least} || ${wrong}`;
    }
    case 'outside': {
      const ranges = refused.ranges.map(({ residue, minimum, maximum }) => {
        if (minimum === maximum) return `${size} === ${minimum}`;
        const below = maximum === Infinity ? '' : ` && ${size} <= ${maximum}`;
        return `(${size} % ${refused.modulus} === ${residue} && ${size} >= ${minimum}${below})`;
      });
      return `!(${ranges.join(' || ')})`;
    }
  }
}
