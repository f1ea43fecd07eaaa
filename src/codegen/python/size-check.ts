import type { AxisAnalysis } from '../../ir/sizes/analysis.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { refusedSizes, sizeChecks } from '../size-checks.js';
import { layOut } from './layout.js';

/** A function that raises, with the legal sizes in words, for images the network cannot take. */
export function sizeCheck(name: string, model: string, analysis: SizeAnalysis): readonly string[] {
  const lines = [
    `def ${name}(height: int, width: int) -> None:`,
    `    """Raises unless ${model} can take images of this size."""`,
  ];
  const found = 'found {height} x {width}.';
  for (const check of sizeChecks(analysis, conditionOf)) {
    const condition = check.of === 'equality' ? 'height != width' : check.condition;
    const indent = check.of === 'size' ? 8 : 4;
    if (check.of === 'size') lines.push('    for size in (height, width):');
    lines.push(...layOut(indent, `if ${condition}:`));
    lines.push(...raiseLines(indent + 4, `${model} takes images whose ${check.legal}; `, found));
  }
  return lines;
}

/** Whether some sizes are illegal. */
export function needsSizeCheck(analysis: SizeAnalysis): boolean {
  return sizeChecks(analysis, conditionOf).length > 0;
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
  const refused = refusedSizes(axis);
  switch (refused?.kind) {
    case undefined:
      return undefined;
    case 'all but':
      return `${size} != ${refused.size}`;
    case 'below':
      return `${size} < ${refused.least}`;
    case 'below or residues': {
      const { least, modulus, residues } = refused;
      const wrong =
        residues.length === 1
          ? `${size} % ${modulus} != ${residues[0]}`
          : `${size} % ${modulus} not in (${residues.join(', ')})`;
      return `${size} < ${least} or ${wrong}`;
    }
    case 'outside': {
      const { modulus } = refused;
      const ranges = refused.ranges.map(({ residue, minimum, maximum }) => {
        if (minimum === maximum) return `${size} == ${minimum}`;
        const range =
          maximum === Infinity ? `${size} >= ${minimum}` : `${minimum} <= ${size} <= ${maximum}`;
        return modulus === 1 ? range : `(${size} % ${modulus} == ${residue} and ${range})`;
      });
      return `not (${ranges.join(' or ')})`;
    }
  }
}
