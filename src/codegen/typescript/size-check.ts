import type { AxisAnalysis } from '../../ir/sizes/analysis.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import type { Writer } from '../writer.js';
import { legalText } from '../../ir/sizes/legal-text.js';

/** Whether some sizes that the input's shape leaves open are illegal. */
export function needsSizeCheck({ height, width }: SizeAnalysis): boolean {
  return [height, width].some((axis) => conditionOf(axis, 'size') !== undefined);
}

/** A function that throws, with the legal sizes in words, for images the network cannot take. */
export function writeSizeCheck(
  writer: Writer,
  name: string,
  model: string,
  { height, width }: SizeAnalysis,
): void {
  writer.gap().doc([`Throws unless ${model} can take images of this size.`]);
  const [vertical, horizontal] = [conditionOf(height, 'size'), conditionOf(width, 'size')];
  writer.line(`export function ${name}(height: number, width: number): void {`);
  if (vertical === horizontal) {
    writer
      .line('for (const size of [height, width]) {')
      .line(`if (${vertical}) {`)
      .line(throwLine(`height and width are ${legalText(height).both}`))
      .line('}')
      .line('}');
  } else {
    for (const [axis, word] of [
      [height, 'height'],
      [width, 'width'],
    ] as const) {
      const condition = conditionOf(axis, word);
      if (condition === undefined) continue;
      writer
        .line(`if (${condition}) {`)
        .line(throwLine(`${word} is ${legalText(axis).one}`))
        .line('}');
    }
  }
  if (typeof height.input === 'string' && height.input === width.input) {
    writer.line('if (height !== width) {').line(throwLine('height and width are equal')).line('}');
  }
  writer.line('}');

  function throwLine(legal: string): string {
    const text = `${model} takes images whose ${legal}; found \${height} x \${width}.`;
    return `throw new RangeError(\`${text}\`);`;
  }
}

/** The code that is true of illegal sizes; undefined when all are legal. */
function conditionOf(axis: AxisAnalysis, size: string): string | undefined {
  if (typeof axis.input === 'number') return undefined;
  const { modulus, residues } = axis;
  const least = Math.min(...residues.map((legal) => legal.minimum));
  const startsTogether = residues.every(
    (legal) => legal.minimum < least + modulus && legal.maximum === Infinity,
  );
  if (!startsTogether) {
    const ranges = residues.map(({ residue, minimum, maximum }) => {
      if (minimum === maximum) return `${size} === ${minimum}`;
      const below = maximum === Infinity ? '' : ` && ${size} <= ${maximum}`;
      return `(${size} % ${modulus} === ${residue} && ${size} >= ${minimum}${below})`;
    });
    return `!(${ranges.join(' || ')})`;
  }
  const tooSmall = `${size} < ${least}`;
  if (residues.length === modulus) return least === 1 ? undefined : tooSmall;
  const list = residues.map((legal) => legal.residue);
  const wrong =
    list.length === 1
      ? `${size} % ${modulus} !== ${list[0]}`
      : `![${list.join(', ')}].includes(${size} % ${modulus})`;
  return `${tooSmall} || ${wrong}`;
}
