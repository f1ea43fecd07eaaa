/**
 * The text of a snippet as it stands when every placeholder keeps its default:
 * `${1:text}`, `${1|one,two|}`, `$1`, `${1}`. Throws for what is none of these.
 */
export function expandSnippet(body: readonly string[]): string {
  const text = body.join('\n');
  const stops = new Map<string, string>();
  const stop = /\$\{(\d+)(?::([^}]*)|\|([^|]*)\|)?\}|\$(\d+)/g;
  for (const [, number, value, choices] of text.matchAll(stop)) {
    const first = value ?? choices?.split(',')[0];
    if (number !== undefined && first !== undefined && !stops.has(number)) stops.set(number, first);
  }
  const expanded = text.replace(
    stop,
    (_, number: string | undefined, _value, _choices, bare: string | undefined) =>
      stops.get(number ?? bare!) ?? '',
  );
  if (expanded.includes('$')) throw new Error(`A placeholder was not understood:\n${expanded}`);
  return expanded;
}
