import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';

/** Words that are no names anywhere, and those that open lines which are no sections. */
const reserved = /^(?:if|else|and|or|not)$/;
const values = /^(?:true|false)$/;

/**
 * The colours that the text alone tells, while it is typed: comments, strings, numbers, and
 * sections by their shape, a word before a name or a brace at the start of a line. What a name
 * stands for is for the server to say.
 */
const language = StreamLanguage.define<{ isLineStart: boolean }>({
  name: 'unet',
  startState: () => ({ isLineStart: true }),
  languageData: {
    commentTokens: { line: '//' },
    closeBrackets: { brackets: ['(', '[', '{', '"'] },
  },
  token(stream, state) {
    if (stream.sol()) state.isLineStart = true;
    if (stream.eatSpace()) return null;
    const isFirst = state.isLineStart;
    state.isLineStart = false;
    if (stream.match(/^\/\/\/[^\r\n]*/)) return 'docComment';
    if (stream.match(/^\/\/[^\r\n]*/)) return 'comment';
    if (stream.match(/^"[^"\\]*(?:\\.[^"\\]*)*"?/)) return 'string';
    if (stream.match(/^\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/)) return 'number';
    const word = stream.match(/^[A-Za-z_]\w*/) as RegExpMatchArray | null;
    if (word === null) {
      if (!stream.match(/^(?:->|[=!<>]=|[-+*/%<>=])/)) stream.next();
      return stream.current().length > 0 && /[-+*/%<>=!]/.test(stream.current())
        ? 'operator'
        : null;
    }
    if (reserved.test(word[0])) return 'keyword';
    if (values.test(word[0])) return 'bool';
    const opens = stream.match(/^\s+(?:[A-Za-z_[]|\d|\{)|^\s*\{/, false) !== null;
    if (isFirst && opens) return 'keyword';
    return stream.match(/^\s*:/, false) ? 'propertyName' : null;
  },
  tokenTable: { docComment: tags.docComment },
});

const style = HighlightStyle.define([
  { tag: tags.comment, class: 'tok-comment' },
  { tag: tags.docComment, class: 'tok-doc' },
  { tag: tags.string, class: 'tok-string' },
  { tag: [tags.number, tags.bool], class: 'tok-number' },
  { tag: tags.keyword, class: 'tok-keyword' },
  { tag: tags.propertyName, class: 'tok-property' },
  { tag: tags.operator, class: 'tok-operator' },
]);

export const highlighting: Extension = [language, syntaxHighlighting(style)];
