import { jsonText } from '../diagnostics/json-text.js';
import { makePrintable, printableLine } from '../diagnostics/text-width.js';

/** Where text goes, and what is known of who looks at it. */
export interface Sink {
  readonly write: (text: string) => void;
  /** Whether to colour what is written. */
  readonly colour: boolean;
  /** Columns of the terminal, or a good guess. */
  readonly width: number;
  /** Whether a person is watching, so that progress may be redrawn in place. */
  readonly isTerminal: boolean;
}

/**
 * One output of the process. All text goes through here, since names of files and
 * classes, messages of engines and the like come from outside: nothing of it can
 * steer a terminal, erase a line or pretend to be one.
 */
export interface Output extends Omit<Sink, 'write'> {
  /** Prints lines of text; control and reordering characters in them become visible. */
  readonly write: (text: string) => void;
  /** Prints one line; line breaks in it become visible as well. */
  readonly line: (text: string) => void;
  /** Prints a document, such as a module: exactly, to whatever is no terminal. */
  readonly content: (text: string) => void;
  /** Prints a value as JSON. */
  readonly json: (value: unknown) => void;
  /** Prints text that is made printable already, and may hold colours of ours. */
  readonly rendered: (text: string) => void;
  /** Shows a line that the next one replaces, where a person is watching; elsewhere nothing. */
  readonly status: (text: string) => void;
}

/** An output that ends in a sink. */
export function createOutput(sink: Sink): Output {
  let hasStatus = false;
  const send = (text: string): void => {
    if (text === '') return;
    sink.write(hasStatus ? eraseLine + text : text);
    hasStatus = false;
  };
  const { colour, width, isTerminal } = sink;
  return {
    colour,
    width,
    isTerminal,
    write: (text) => send(makePrintable(text)),
    line: (text) => send(`${printableLine(text)}\n`),
    content: (text) => send(isTerminal ? makePrintable(text) : text),
    json: (value) => send(`${jsonText(value)}\n`),
    rendered: send,
    status: (text) => {
      if (!isTerminal) return;
      sink.write(eraseLine + printableLine(text));
      hasStatus = text !== '';
    },
  };
}

const eraseLine = '\r\u001b[2K';
