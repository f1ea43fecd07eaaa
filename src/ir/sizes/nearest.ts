import type { Fix } from '../../diagnostics/diagnostic.js';
import type { AxisAnalysis } from './analysis.js';
import type { SizeRepairs } from './size-repairs.js';
import { legalAtLeast, legalAtMost, type SizeAnalysis } from './sizes.js';

/** `Nearest legal height and width: 560 or 576.`; nothing where the size is legal. */
export function nearestHelp(sizes: SizeAnalysis, height: number, width: number): readonly string[] {
  const words = (analysis: AxisAnalysis, size: number, name: string): string[] => {
    const below = legalAtMost(analysis, size);
    const above = legalAtLeast(analysis, size);
    if (below === size) return [];
    const list = [below, above].filter((candidate) => candidate !== undefined).join(' or ');
    return list === '' ? [] : [`nearest legal ${name}: ${list}`];
  };
  const heights = words(sizes.height, height, 'height');
  const widths = words(sizes.width, width, 'width');
  const isSame =
    height === width && heights[0]?.replace('height', '') === widths[0]?.replace('width', '');
  const all = isSame
    ? heights.map((line) => line.replace('height', 'height and width'))
    : [...heights, ...widths];
  return all.length === 0 ? [] : [`${all.join('; ').replace(/^n/, 'N')}.`];
}

/** Changes of the input to the nearest legal sizes, the smaller one first. */
export function nearestFixes(
  sizes: SizeAnalysis,
  height: number,
  width: number,
  repairs: SizeRepairs,
): readonly Fix[] {
  const pick = [legalAtMost, legalAtLeast].map((nearest) => {
    const [h, w] = [nearest(sizes.height, height), nearest(sizes.width, width)];
    return h === undefined || w === undefined ? undefined : repairs.changeInput(h, w);
  });
  const fixes = pick.filter((fix) => fix !== undefined);
  return fixes.filter(
    (fix, index) => fixes.findIndex((other) => other.title === fix.title) === index,
  );
}
