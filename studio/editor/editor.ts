import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  foldService,
  indentService,
  indentUnit,
} from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { fixes } from './fixes.js';
import { serverDecorations } from './from-server.js';
import { highlighting } from './highlighting.js';
import { searching } from './search.js';

/** What opens at the end of a line and is closed on a later one. */
const opening = /[{([]\s*(?:\/\/.*)?$/;

/** Folds what stands between a line that opens a bracket and the line less indented that closes it. */
const folding = foldService.of((state, start) => {
  const line = state.doc.lineAt(start);
  if (!opening.test(line.text)) return null;
  const depth = indentationOf(line.text);
  for (let number = line.number + 1; number <= state.doc.lines; number += 1) {
    const next = state.doc.line(number);
    if (next.text.trim() === '' || indentationOf(next.text) > depth) continue;
    const close = next.from + indentationOf(next.text);
    return /^\s*[\])}]/.test(next.text) && number > line.number + 1
      ? { from: line.to, to: close }
      : null;
  }
  return null;
});

const indentation = indentService.of((context, position) => {
  const line = context.lineAt(position, -1);
  if (line.from === 0) return 0;
  const above = context.lineAt(line.from - 1, -1).text;
  const closes = /^\s*[\])}]/.test(line.text) ? 1 : 0;
  const opens = opening.test(above) ? 1 : 0;
  return Math.max(0, indentationOf(above) + 2 * (opens - closes));
});

const indentationOf = (text: string): number => text.length - text.trimStart().length;

/**
 * A text as the editor holds it.
 *
 * @param more what belongs to this file: its connection to the server, and who is told of changes.
 */
export function editorState(text: string, more: Extension): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      lintGutter(),
      foldGutter(),
      codeFolding(),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlighting,
      serverDecorations,
      folding,
      indentation,
      indentUnit.of('  '),
      EditorState.tabSize.of(2),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Text of the spec' }),
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...foldKeymap,
        ...completionKeymap,
        ...lintKeymap,
        // Escape, then Tab leaves the editor: CodeMirror keeps that way out for the keyboard.
        indentWithTab,
      ]),
      fixes,
      searching,
      more,
    ],
  });
}
