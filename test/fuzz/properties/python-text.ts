/** Strings of Python as they are emitted, comments, and brackets; the rest is of no interest. */
const tokens = /"""(?:\\[^]|(?!""")[^\\])*"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|"|[()[\]{}]/g;

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * What no text in Python has, as far as one can say without a Python: a string or a bracket that
 * is not closed, or, outside of strings and comments, a word that `unknown` finds. Undefined for nothing.
 */
export function pythonProblem(text: string, unknown: RegExp): string | undefined {
  const open: string[] = [];
  const problems: string[] = [];
  const code = text.replace(tokens, (token) => {
    if (token === '"') problems.push('has a string without an end');
    if (token in closing) open.push(closing[token]!);
    else if (/^[)\]}]$/.test(token)) {
      if (open.pop() !== token) problems.push('has a bracket that closes nothing');
    } else return '';
    return token;
  });
  const [found] = unknown.exec(code) ?? [];
  if (found !== undefined) problems.push(`holds ${found}`);
  if (open.length > 0) problems.push('has a bracket without an end');
  return problems[0];
}
