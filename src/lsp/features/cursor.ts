import { ownValue } from '../../diagnostics/own-value.js';
import type { Family } from '../../catalog/component.js';
import type { Token } from '../../parser/parse.js';
import { familiesOfFields } from '../symbols/index-train.js';
import type { Analysis } from '../workspace.js';

/** An open bracket around a cursor. */
export interface OpenBracket {
  readonly bracket: '{' | '(' | '[';
  /** The words before it: of a brace the section's, of a parenthesis what is called. */
  readonly words: readonly string[];
  /** Commas since it was opened, not counting inner ones. */
  readonly commas: number;
  /** The name of the argument that the cursor is in: `stride` of `conv(3, stride: `. */
  readonly argument: string | undefined;
  readonly start: number;
}

/** Where a cursor stands, as far as the tokens before it tell: broken files have no tree there. */
export interface Cursor {
  readonly offset: number;
  /** From the outermost to the innermost. */
  readonly open: readonly OpenBracket[];
  /** The field whose value the cursor is in: `loss` of `loss: bce + `. */
  readonly field: string | undefined;
  /** Whether a name can begin a member here: nothing stands before it in its line. */
  readonly isMember: boolean;
  /** Whether the cursor is in an import: behind `import`, or behind `from`. */
  readonly importing: 'names' | 'path' | undefined;
  /** Whether the cursor is in a comment or a string. */
  readonly isText: boolean;
  /** What of a name stands before the cursor. */
  readonly prefix: string;
}

/** More tokens than stand before the brace of a section: pipelines have thousands. */
const headerLength = 64;

const closers: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[' };

export function cursorAt({ source, compilation }: Analysis, offset: number): Cursor {
  const { tokens, comments } = compilation.parsed;
  const prefix =
    /[A-Za-z_]\w*$/.exec(source.text.slice(Math.max(0, offset - 256), offset))?.[0] ?? '';
  const before = tokens.filter(({ start }) => start < offset - prefix.length);
  const stack: Open[] = [];
  let statement: string[] = [];
  let field: string | undefined;
  for (const [at, token] of before.entries()) {
    const { text } = token;
    const top = stack.at(-1);
    if (text === '{' || text === '(' || text === '[') {
      stack.push({
        bracket: text,
        words:
          text === '(' ? [before[at - 1]?.text ?? ''] : wordsOf(statement.slice(0, headerLength)),
        commas: 0,
        argument: undefined,
        start: token.start,
        statement,
        field,
      });
      if (text === '{') [statement, field] = [[], undefined];
      continue;
    }
    if (ownValue(closers, text) !== undefined) {
      const opened = stack.pop();
      if (text === '}') [statement, field] = [[], undefined];
      else if (opened !== undefined) {
        [statement, field] = [opened.statement, opened.field];
        statement.push(')');
      }
      continue;
    }
    if (top !== undefined && top.bracket !== '{') {
      if (text === ',') [top.commas, top.argument] = [top.commas + 1, undefined];
      if (text === ':') top.argument = before[at - 1]?.text;
      continue;
    }
    if (text === ',') [statement, field] = [[], undefined];
    else {
      if (startsMember(before, at, source.text)) [statement, field] = [[], undefined];
      statement.push(text);
      if (text === ':') field = statement[0];
    }
  }
  const line = source.position(offset).line;
  const lineBefore = source.text.slice(source.lineStart(line), offset - prefix.length);
  const importing = importingAt(lineBefore);
  const isInString = (lineBefore.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;
  const isInComment = comments.some(({ span }) => span.start < offset && offset <= span.end);
  const isBehindBrace = /[{,]\s*$/.test(lineBefore) && stack.at(-1)?.bracket === '{';
  return {
    offset,
    open: stack.map(({ bracket, words, commas, argument, start }) => ({
      ...{ bracket, words, commas, argument, start },
    })),
    field: stack.at(-1)?.bracket === '{' || stack.length === 0 ? field : fieldAround(stack),
    isMember: (lineBefore.trim() === '' && !continues(before.at(-1))) || isBehindBrace,
    importing,
    isText: isInComment || (isInString && importing !== 'path'),
    prefix,
  };
}

interface Open {
  readonly bracket: '{' | '(' | '[';
  readonly words: readonly string[];
  commas: number;
  argument: string | undefined;
  readonly start: number;
  readonly statement: string[];
  readonly field: string | undefined;
}

/** The field around the outermost parenthesis since the last brace. */
function fieldAround(stack: readonly Open[]): string | undefined {
  const brace = stack.findLastIndex(({ bracket }) => bracket === '{');
  return stack[brace + 1]?.field;
}

/** Whether a token, the last of a line, goes on in the next. */
function continues(last: Token | undefined): boolean {
  return /^(->|[-+*/%:=,([]|if|else|and|or|not|from|import)$/.test(last?.text ?? '');
}

/** Whether a token begins a member: a name at the beginning of a line that continues nothing. */
function startsMember(tokens: readonly Token[], at: number, text: string): boolean {
  const [token, last] = [tokens[at]!, tokens[at - 1]];
  if (last === undefined) return true;
  const isNewLine = /[\r\n]/.test(text.slice(last.end, token.start));
  return isNewLine && /^[A-Za-z_]/.test(token.text) && !continues(last);
}

const wordsOf = (statement: readonly string[]): readonly string[] =>
  statement.filter((text) => /^[A-Za-z_]/.test(text));

function importingAt(lineBefore: string): Cursor['importing'] {
  if (/^\s*import\b[^"]*\bfrom\s*"[^"]*$/.test(lineBefore)) return 'path';
  return /^\s*import\s+(\w+\s*,\s*)*$/.test(lineBefore) ? 'names' : undefined;
}

/** The components that can stand where a cursor is, or that the call around it is of. */
export function familiesAt({ open, field }: Cursor): readonly Family[] {
  const isTraining = open.some(({ bracket, words }) => bracket === '{' && words[0] === 'train');
  const isInEncoder = open[0]?.words[0] === 'encoder';
  if (isInEncoder && field === 'scaling') return ['scaling'];
  if (!isTraining) return ['layer'];
  return (field === undefined ? undefined : ownValue(familiesOfFields, field)) ?? [];
}
