/** `double_conv` -> `doubleConv`; what is camel case already stays. */
export function camelCase(name: string): string {
  const joined = name
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .replace(/[^A-Za-z0-9]+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const lowered = joined.charAt(0).toLowerCase() + joined.slice(1);
  return /^[a-z]/.test(lowered) ? lowered : `_${lowered}`;
}

/** `double_conv` -> `DoubleConv` */
export function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
