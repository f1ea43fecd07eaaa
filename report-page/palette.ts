/** Colours that the style sheet has for lines. */
const colourCount = 8;

/** What a variable of the style sheet says now: it is another in light and in dark. */
export function styleValue(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The colour of a line; one that stands for nothing measured is grey. */
export function lineColour(index: number): string {
  return styleValue(index < 0 ? '--faint' : `--line-${index % colourCount}`);
}

/** Lines beyond the last colour are dashed, so that all can be told apart. */
export function dashOf(index: number): number[] | undefined {
  const patterns: readonly (number[] | undefined)[] = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]];
  return index < 0 ? [4, 4] : patterns[Math.floor(index / colourCount) % patterns.length];
}

/** Calls back whenever the colours become others. */
export function onColours(act: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', act);
}

/** Gives marks in texts the colour of the lines that they stand for. */
export function colourMarks(): void {
  for (const mark of document.querySelectorAll<HTMLElement>('.mark')) {
    mark.style.background = lineColour(Number(mark.dataset['colour']));
  }
}
