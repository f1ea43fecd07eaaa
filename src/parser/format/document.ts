import { textWidth } from '../../diagnostics/text-width.js';

/**
 * A layout with choices, in the manner of Wadler's "A prettier printer" (1998)
 * and of Prettier's commands: a group is written on one line when it fits, else
 * all of its own lines become line breaks.
 */
export type Document = string | Line | OnOneLine | CommentText | Sequence | Indentation | Group;

/** A line break when its group is broken, else `flat`. */
interface Line {
  readonly kind: 'line';
  readonly flat: string;
  readonly hard: boolean;
}

/** Text that is written only while its group is on one line. */
interface OnOneLine {
  readonly kind: 'on-one-line';
  readonly text: string;
}

/** A comment: nothing may follow it on its line, and its width counts for nothing. */
interface CommentText {
  readonly kind: 'comment';
  readonly text: string;
  readonly place: 'own-line' | 'end-of-line';
}

interface Sequence {
  readonly kind: 'sequence';
  readonly parts: readonly Document[];
  readonly breaks: boolean;
}

interface Indentation {
  readonly kind: 'indentation';
  readonly content: Document;
  readonly breaks: boolean;
}

interface Group {
  readonly kind: 'group';
  readonly content: Document;
  readonly breaks: boolean;
}

/** A blank, or a line break. */
export const line: Document = { kind: 'line', flat: ' ', hard: false };
/** Nothing, or a line break. */
export const softLine: Document = { kind: 'line', flat: '', hard: false };
/** A line break always; groups around it are broken. */
export const hardLine: Document = { kind: 'line', flat: '', hard: true };
/** Writes nothing. */
export const nothing: Document = '';

/** Text that is written only while the group around it is on one line. */
export function onOneLine(text: string): Document {
  return { kind: 'on-one-line', text };
}

/** A comment, on a line of its own or behind what stands on the line; groups around it are broken. */
export function commentText(text: string, place: CommentText['place']): Document {
  return { kind: 'comment', text, place };
}

/** One part after another. */
export function sequence(...parts: readonly Document[]): Document {
  return sequenceOf(parts);
}

/** As `sequence`, for lists as long as a file: a call takes only so many arguments. */
export function sequenceOf(parts: readonly Document[]): Document {
  return { kind: 'sequence', parts, breaks: parts.some(mustBreak) };
}

/** Line breaks inside are followed by two more blanks. */
export function indent(...parts: readonly Document[]): Document {
  const content = sequenceOf(parts);
  return { kind: 'indentation', content, breaks: mustBreak(content) };
}

/** On one line when it fits and nothing in it must break. */
export function group(...parts: readonly Document[]): Document {
  const content = sequenceOf(parts);
  return { kind: 'group', content, breaks: mustBreak(content) };
}

/** Whether the document holds a comment or a hard line, and so cannot be on one line. */
export function mustBreak(document: Document): boolean {
  if (typeof document === 'string') return false;
  switch (document.kind) {
    case 'line':
      return document.hard;
    case 'comment':
      return true;
    case 'on-one-line':
      return false;
    case 'sequence':
    case 'indentation':
    case 'group':
      return document.breaks;
  }
}

/** A document on its way to the page: how deep it is indented, and whether its group is on one line. */
interface Command {
  readonly depth: number;
  readonly flat: boolean;
  readonly document: Document;
}

/**
 * Writes a document in lines of at most `width` terminal columns where that is
 * possible. Lines carry no trailing blanks; the last line has no line break.
 */
export function printDocument(document: Document, width: number): string {
  const lines: string[] = [];
  let current = '';
  let column = 0;
  let hasText = false;
  let afterComment = false;
  const pending: Command[] = [{ depth: 0, flat: false, document }];

  for (let command = pending.pop(); command !== undefined; command = pending.pop()) {
    const { depth, flat, document: next } = command;
    if (typeof next === 'string') write(next, depth);
    else
      switch (next.kind) {
        case 'line':
          if (flat && !afterComment) write(next.flat, depth);
          else breakLine();
          break;
        case 'on-one-line':
          if (flat) write(next.text, depth);
          break;
        case 'comment':
          if (afterComment || (hasText && next.place === 'own-line')) breakLine();
          current = hasText ? `${current.trimEnd()} ` : '  '.repeat(depth);
          current += next.text;
          hasText = true;
          afterComment = true;
          break;
        case 'sequence':
          for (let index = next.parts.length - 1; index >= 0; index--) {
            pending.push({ depth, flat, document: next.parts[index]! });
          }
          break;
        case 'indentation':
          pending.push({ depth: depth + 1, flat, document: next.content });
          break;
        case 'group': {
          const inner = { depth, flat: true, document: next.content };
          const room = width - (hasText ? column : 2 * depth);
          const stays = flat || (!next.breaks && !afterComment && fits(inner, pending, room));
          pending.push(stays ? inner : { ...inner, flat: false });
          break;
        }
      }
  }
  breakLine();
  return lines.join('\n');

  function write(text: string, depth: number): void {
    if (text === '') return;
    if (afterComment) breakLine();
    if (!hasText) {
      current = '  '.repeat(depth);
      column = 2 * depth;
      hasText = true;
    }
    current += text;
    column += textWidth(text);
  }

  function breakLine(): void {
    lines.push(current.trimEnd());
    current = '';
    column = 0;
    hasText = false;
    afterComment = false;
  }
}

/** Whether a command, and what follows it up to the next possible line break, fits into the room. */
function fits(first: Command, following: readonly Command[], room: number): boolean {
  const pending = [first];
  let nextFollowing = following.length;
  let left = room;
  while (left >= 0) {
    const command = pending.pop() ?? following[--nextFollowing];
    if (command === undefined) return true;
    const { depth, flat, document } = command;
    if (typeof document === 'string') {
      left -= textWidth(document);
      continue;
    }
    switch (document.kind) {
      case 'line':
        if (!flat || document.hard) return true;
        left -= document.flat.length;
        break;
      case 'on-one-line':
        if (flat) left -= document.text.length;
        break;
      case 'comment':
        return true;
      case 'sequence':
        for (let index = document.parts.length - 1; index >= 0; index--) {
          pending.push({ depth, flat, document: document.parts[index]! });
        }
        break;
      case 'indentation':
        pending.push({ depth, flat, document: document.content });
        break;
      case 'group':
        pending.push({ depth, flat: flat && !document.breaks, document: document.content });
        break;
    }
  }
  return false;
}
