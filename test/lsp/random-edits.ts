/** Whole numbers from a seed, the same on every machine (Marsaglia's xorshift of 32 bits). */
export function randomSource(seed: number): { below(limit: number): number } {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return {
    below: (limit) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      state >>>= 0;
      return state % limit;
    },
  };
}

const fragments = [
  ' -> relu',
  '{',
  '}',
  '(',
  ')',
  '[',
  ', ',
  ': ',
  '"',
  '// ',
  '/// ',
  '\n',
  '\r\n',
  '\t',
  'conv(64, 3)',
  'head x: conv(1, 1)',
  'import resnet from "std/resnet"\n',
  'block b(c: int) = conv(c)\n',
  'for i in range(3) { x = x -> relu }',
  '🧫',
  '細胞',
  '\ufeff',
  '\0',
  '\ud83e',
  '1e999',
  '-',
  'if true else',
];

/** One edit as people make them, and some as they do not: typing, deleting, pasting, cutting short, undoing. */
export function randomEdit(
  text: string,
  original: string,
  random: { below(limit: number): number },
): string {
  const at = random.below(text.length + 1);
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return (
        text.slice(0, at) +
        'abcdefghijklmnopqrstuvwxyz_0123456789 '[random.below(38)]! +
        text.slice(at)
      );
    case 3:
    case 4:
      return text.slice(0, at) + text.slice(at + 1 + random.below(8));
    case 5:
      return text.slice(0, at) + fragments[random.below(fragments.length)]! + text.slice(at);
    case 6: {
      const from = random.below(original.length);
      return text.slice(0, at) + original.slice(from, from + random.below(200)) + text.slice(at);
    }
    case 7:
      return text.slice(0, at);
    default:
      // Undone, more often than anything is destroyed: most of the time a spec is nearly whole.
      return original;
  }
}
