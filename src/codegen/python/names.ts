/** The words of a text. */
export const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(' '));

/** Python's keywords. */
export const keywords = words(
  'False None True and as assert async await break class continue def del elif else except ' +
    'finally for from global if import in is lambda nonlocal not or pass raise return try while ' +
    'with yield ',
);

/** `doubleConv` -> `double_conv`, as Python writes names. */
export function snakeCase(name: string): string {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return /^[a-z]/.test(parts) ? parts : `_${parts}`;
}
