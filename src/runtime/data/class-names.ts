/**
 * What messages, tables and files call a class: the recipe's name, else `class
 * 2`, else, for the first one, `class 0 (background)`.
 */
export function nameOfClass(index: number, names: readonly string[] | undefined): string {
  return names?.[index] ?? `class ${index}${index === 0 ? ' (background)' : ''}`;
}
