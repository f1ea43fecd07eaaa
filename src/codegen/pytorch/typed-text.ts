/**
 * Whether mypy takes a text for a tensor: modules give anything.
 *
 * @param typed variables that it knows to be tensors.
 */
export function isTyped(text: string, typed: ReadonlySet<string>): boolean {
  const terms = termsOf(text);
  if (terms.length > 1) return terms.every((term) => isTyped(term, typed));
  const inner = /^\((.*)$/.exec(text)?.[1];
  if (inner !== undefined) return isTyped(inner, typed);
  const first = /^[A-Za-z_]\w*/.exec(text)?.[0] ?? '';
  if (first === 'self') return false;
  const isCall = text.startsWith(`${first}(`) || text.startsWith(`${first}.forward(`);
  return isCall || ['F', 'torch'].includes(first) || typed.has(first);
}

/** What stands between operators outside of brackets. */
function termsOf(text: string): readonly string[] {
  const terms: string[] = [''];
  let depth = 0;
  for (const sign of text) {
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (sign === ' ' && depth === 0) terms.push('');
    else terms[terms.length - 1] += sign;
  }
  return terms.filter((term) => !['+', '-', '*', '/', ''].includes(term) && !/^\d+$/.test(term));
}
