import * as vscode from 'vscode';
import type { Server } from './server.js';

/** The spec that a command is for: the one it is given, else the one in front. */
export function specOf(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  // Code lenses of the server send addresses as text.
  if (typeof given === 'string') return vscode.Uri.parse(given);
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'unet' ? document.uri : undefined;
}

/** Calls back whenever any spec changes, for a spec may import any other. */
export function onSpecChange(server: Server, call: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === 'unet' && contentChanges.length > 0) call();
    }),
    server.onDidChangeFile(call),
  );
}

/** What went wrong, for people. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `The language server did not answer: ${message}`;
}

/** Milliseconds without a change before pictures and modules are made anew. */
export const pause = 150;
