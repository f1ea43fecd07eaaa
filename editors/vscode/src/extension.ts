import * as vscode from 'vscode';
import { EmittedModules } from './emitted-modules.js';
import { Pictures } from './pictures.js';
import { Server } from './server.js';
import { specOf } from './specs.js';

let server: Server | undefined;

/** Called by the editor when the first spec is opened. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const started = new Server(context);
  server = started;
  const pictures = new Pictures(started, context.extensionUri);
  const modules = new EmittedModules(started);

  /** Every command of the manifest; the server's code lenses may give a spec and a model. */
  const commands = {
    'unetc.showPicture': (spec: vscode.Uri, model) => pictures.show(spec, model),
    'unetc.showEmitted': (spec: vscode.Uri, model) => modules.show(spec, 'ts', model),
    'unetc.showPyTorch': (spec: vscode.Uri, model) => modules.show(spec, 'pytorch', model),
    'unetc.showKeras': (spec: vscode.Uri, model) => modules.show(spec, 'keras', model),
  } satisfies Record<string, (spec: vscode.Uri, model: string | undefined) => unknown>;

  context.subscriptions.push(
    started,
    pictures,
    modules,
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(name, (given: unknown, model: unknown) => {
        const spec = specOf(given);
        if (spec !== undefined) return run(spec, typeof model === 'string' ? model : undefined);
        return vscode.window.showInformationMessage('Open a .unet file first.');
      }),
    ),
    vscode.commands.registerCommand('unetc.restartServer', () => restart(started)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('unetc.server')) void restart(started);
    }),
  );
  await restart(started);
}

/** Settles when the server has ended. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}

async function restart(started: Server): Promise<void> {
  try {
    await started.restart();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`The unetc language server did not start: ${reason}`);
  }
}
