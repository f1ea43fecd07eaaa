/** Whether a text is one name, call or number, and no sum of some. */
function isAtom(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    else if (sign === ' ' && depth === 0) return false;
  }
  return true;
}

/** With brackets where it is no atom. */
export const atom = (text: string): string => (isAtom(text) ? text : `(${text})`);

/** Several values with an operator between them. */
export const binary = (operator: '+' | '-' | '*', values: readonly string[]): string =>
  values.length === 1 ? values[0]! : values.map(atom).join(` ${operator} `);
