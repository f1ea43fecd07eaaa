import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position, TextEdit } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { openProgram, type BuiltProgram } from '../cli/built-program.js';
import { readMarked, startClient, type EditorClient } from './client.js';

/** A marked text, opened. */
export interface OpenedText {
  readonly uri: string;
  readonly text: string;
  readonly at: (mark: number) => Position;
  readonly document: TextDocument;
}

/** An editor with a project, for the tests of a file. */
export interface EditorSession {
  readonly client: EditorClient;
  /** The project's folder. */
  readonly folder: string;
  ask<R>(this: void, method: string, uri: string, params?: object): Promise<R>;
  /** Opens a marked text as a file that is not on disk, until the test ends. */
  open(this: void, marked: string, name?: string): OpenedText;
  /** Closes a text that a test has opened. */
  close(this: void, uri: string): void;
}

/** Starts the built program before the tests of a file; after them it must end without a word. */
export function editorSession(name: string): EditorSession {
  let program: BuiltProgram;
  let client: EditorClient;
  let folder: string;
  let opened: string[] = [];
  let count = 0;

  beforeAll(async () => {
    program = openProgram(name);
    folder = mkdtempSync(join(tmpdir(), 'unetc-lsp-'));
    writeFileSync(join(folder, 'package.json'), '{}');
    client = await startClient(program.main, folder);
  });
  afterEach(() => {
    for (const uri of opened) client.close(uri);
    opened = [];
  });
  afterAll(async () => {
    const code = await client.stop();
    program.remove();
    rmSync(folder, { recursive: true, force: true });
    expect(client.errors()).toBe('');
    expect(code).toBe(0);
  });
  return {
    get client() {
      return client;
    },
    get folder() {
      return folder;
    },
    ask: (method, uri, params = {}) =>
      client.connection.sendRequest(method, { textDocument: { uri }, ...params }),
    open: (marked, file = `spec-${(count += 1)}.unet`) => {
      const { text, at } = readMarked(marked);
      const uri = client.open(join(folder, file), text);
      opened.push(uri);
      const document = TextDocument.create(uri, 'unet', 1, text);
      return { uri, text, at, document };
    },
    close: (uri) => {
      opened = opened.filter((each) => each !== uri);
      client.close(uri);
    },
  };
}

/** A document with edits applied. */
export const edited = (document: TextDocument, edits: readonly TextEdit[]): string =>
  TextDocument.applyEdits(document, [...edits]);

/** The range of any document. */
export const whole = { start: { line: 0, character: 0 }, end: { line: 9999, character: 0 } };

/** A whole spec; its marks are what tests ask about. */
export const spec = `/// A U-Net for cells.
model UNet(classes: int = 2, <1>base: int = 8) {
  input image: [H, W, 3]
  encoder plain {
    widths: <2>base * [1, 2, 4]
    stage: <3>double_conv(width)
    down: <4>max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: conv_transpose(width, 2, <5>stride: 2)
    stage: double_conv(width)
  }
  head mask: <6>conv(classes, 1) -> softmax
}

/// Two convolutions.
block double_conv(c: int) = conv(c, 3) -> relu -> conv(c, 3) -> relu

train UNet { loss: <7>cross_entropy }
`;
