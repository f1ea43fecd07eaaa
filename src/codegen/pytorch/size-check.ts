import type { AxisAnalysis } from '../../ir/sizes/analysis.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { legalText } from '../../ir/sizes/legal-text.js';
import { layOut } from './layout.js';

/** A function that raises, with the legal sizes in words, for images the network cannot take. */
export function sizeCheck(
  name: string,
  model: string,
  { height, width }: SizeAnalysis,
): readonly string[] {
  const lines = [
    `def ${name}(height: int, width: int) -> None:`,
    `    """Raises unless ${model} can take images of this size."""`,
  ];
  const [vertical, horizontal] = [conditionOf(height, 'size'), conditionOf(width, 'size')];
  const found = 'found {height} x {width}.';
  const raise = (indent: number, legal: string): readonly string[] =>
    raiseLines(indent, `${model} takes images whose ${legal}; `, found);
  if (vertical !== undefined && vertical === horizontal) {
    lines.push('    for size in (height, width):');
    lines.push(...layOut(8, `if ${vertical}:`));
    lines.push(...raise(12, `height and width are ${legalText(height).both}`));
  } else {
    for (const [axis, word] of [
      [height, 'height'],
      [width, 'width'],
    ] as const) {
      const condition = conditionOf(axis, word);
      if (condition === undefined) continue;
      lines.push(...layOut(4, `if ${condition}:`));
      lines.push(...raise(8, `${word} is ${legalText(axis).one}`));
    }
  }
  if (typeof height.input === 'string' && height.input === width.input) {
    lines.push('    if height != width:', ...raise(8, 'height and width are equal'));
  }
  return lines;
}

/** Whether some sizes are illegal. */
export function needsSizeCheck({ height, width }: SizeAnalysis): boolean {
  const isSquare = typeof height.input === 'string' && height.input === width.input;
  return isSquare || [height, width].some((axis) => conditionOf(axis, 'size') !== undefined);
}

function raiseLines(indent: number, legal: string, found: string): readonly string[] {
  const lead = ' '.repeat(indent);
  const whole = `${lead}raise ValueError(f"${legal}${found}")`;
  if (whole.length <= 88) return [whole];
  const inner = ' '.repeat(indent + 4);
  const most = 88 - indent - 4 - 2;
  const words = wordsIn(legal, most);
  const joined = `${words.at(-1)!.slice(1, -1)}${found}`;
  const parts =
    joined.length < most ? [...words.slice(0, -1), `f"${joined}"`] : [...words, `f"${found}"`];
  return [`${lead}raise ValueError(`, ...parts.map((part) => inner + part), `${lead})`];
}

/** A text as string literals of at most that many signs, quotes and all. */
function wordsIn(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const at = rest.lastIndexOf(' ', most - 1);
    if (at <= 0) break;
    lines.push(rest.slice(0, at + 1));
    rest = rest.slice(at + 1);
  }
  return [...lines, rest].map((line) => `"${line}"`);
}

/** The expression that is true of illegal sizes; undefined when all are legal. */
function conditionOf(axis: AxisAnalysis, size: string): string | undefined {
  if (typeof axis.input === 'number') return `${size} != ${axis.input}`;
  const { modulus, residues } = axis;
  const least = Math.min(...residues.map((legal) => legal.minimum));
  const startsTogether = residues.every(
    (legal) => legal.minimum < least + modulus && legal.maximum === Infinity,
  );
  if (!startsTogether) {
    const ranges = residues.map(({ residue, minimum, maximum }) => {
      if (minimum === maximum) return `${size} == ${minimum}`;
      const range =
        maximum === Infinity ? `${size} >= ${minimum}` : `${minimum} <= ${size} <= ${maximum}`;
      return modulus === 1 ? range : `(${size} % ${modulus} == ${residue} and ${range})`;
    });
    return `not (${ranges.join(' or ')})`;
  }
  const tooSmall = `${size} < ${least}`;
  if (residues.length === modulus) return least === 1 ? undefined : tooSmall;
  const list = residues.map((legal) => legal.residue);
  const wrong =
    list.length === 1
      ? `${size} % ${modulus} != ${list[0]}`
      : `${size} % ${modulus} not in (${list.join(', ')})`;
  return `${tooSmall} or ${wrong}`;
}
