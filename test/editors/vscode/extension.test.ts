import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ExtensionContext } from 'vscode';
import type { EmitResult, PictureParams, PictureResult } from '../../../src/lsp/protocol.js';
import { createFakeVscode } from './fake-vscode.js';

/** The extension in an editor that is none, with a server that answers what it is told to. */

type Answer = (method: string, params: PictureParams) => PictureResult | EmitResult;

let editor: ReturnType<typeof createFakeVscode>;
let subscriptions: { dispose(): unknown }[];
let answer: Answer;
let requested: { readonly method: string; readonly params: PictureParams }[];
/** What the servers that were started were made of, and those that were stopped. */
let started: unknown[];
let stopped: number;
let failsToStart: boolean;

beforeEach(async () => {
  jest.useFakeTimers();
  jest.resetModules();
  editor = createFakeVscode();
  [subscriptions, requested, started, stopped, failsToStart] = [[], [], [], 0, false];
  answer = (method) =>
    method === 'unetc/picture'
      ? { kind: 'picture', svg: '<svg/>', model: 'A', models: ['A', 'B'] }
      : { kind: 'module', text: 'export {};\n', model: 'A', models: ['A', 'B'] };
  jest.unstable_mockModule('vscode', () => editor.module, { virtual: true } as never);
  jest.unstable_mockModule('vscode-languageclient/node', () => ({
    LanguageClient: class {
      constructor(_: string, __: string, options: unknown) {
        started.push(options);
      }
      start = (): Promise<void> =>
        failsToStart ? Promise.reject(new Error('no such file')) : Promise.resolve();
      stop = (): Promise<void> => Promise.resolve(void (stopped += 1));
      dispose = (): Promise<void> => Promise.resolve();
      sendRequest = (method: string, params: PictureParams): Promise<unknown> => {
        requested.push({ method, params });
        return Promise.resolve().then(() => answer(method, params));
      };
    },
  }));
  const { activate } = await import('../../../editors/vscode/src/extension.js');
  await activate({
    subscriptions,
    extensionUri: editor.module.Uri.file('/extension'),
    asAbsolutePath: (path: string) => `/extension/${path}`,
  } as unknown as ExtensionContext);
});
afterEach(() => {
  for (const part of subscriptions) part.dispose();
  jest.useRealTimers();
});

/** Lets what was typed rest, and what was asked be answered. */
async function rest(): Promise<void> {
  await jest.advanceTimersByTimeAsync(1000);
}

test('the commands are those of the manifest', () => {
  const { contributes } = JSON.parse(readFileSync('editors/vscode/package.json', 'utf8')) as {
    contributes: { commands: readonly { command: string }[] };
  };
  const declared = contributes.commands.map(({ command }) => command);
  expect(editor.commandNames().sort()).toEqual(declared.sort());
});

describe('the server', () => {
  test('is the one of the extension', () => {
    expect(started).toEqual([{ module: '/extension/server/server.js', transport: 0 }]);
  });

  test('starts anew on command, after the old one was stopped', async () => {
    await editor.run('unetc.restartServer');
    expect(started).toHaveLength(2);
    expect(stopped).toBe(1);
  });

  test('is another program where the setting says so', async () => {
    editor.set('unetc.server.path', ' /project/node_modules/.bin/unetc ');
    await rest();
    expect(started[1]).toEqual({ command: '/project/node_modules/.bin/unetc', args: ['lsp'] });
  });

  test('that does not start is told of', async () => {
    failsToStart = true;
    await editor.run('unetc.restartServer');
    expect(editor.reported).toEqual(['The unetc language server did not start: no such file']);
  });
});

describe('the picture', () => {
  const open = async (): Promise<(typeof editor.panels)[number]> => {
    editor.openSpec('/project/net.unet');
    await editor.run('unetc.showPicture');
    const panel = editor.panels[0]!;
    panel.received.fire({ kind: 'ready' });
    await rest();
    return panel;
  };

  test('is shown once the page is ready, in the colours of the editor', async () => {
    const panel = await open();
    expect(panel.title).toBe('Picture of net.unet');
    expect(requested).toEqual([
      { method: 'unetc/picture', params: { uri: 'file:///project/net.unet', theme: 'dark' } },
    ]);
    expect(panel.messages).toEqual([
      { kind: 'picture', svg: '<svg/>', model: 'A', models: ['A', 'B'] },
    ]);
  });

  test("may load the page's own files alone", async () => {
    const { webview, options } = await open();
    expect(String(options.localResourceRoots?.[0])).toBe('file:///extension/page');
    expect(webview.html).toContain('src="https://webview/extension/page/picture.js"');
  });

  test('is made anew once typing pauses, not at each key', async () => {
    const panel = await open();
    const document = editor.openSpec('/project/other.unet');
    for (let key = 0; key < 5; key += 1) editor.type(document);
    await rest();
    expect(requested).toHaveLength(2);
    expect(panel.messages).toHaveLength(2);
  });

  test('is not made anew by other files', async () => {
    await open();
    editor.type({ ...editor.openSpec('/project/readme.md'), languageId: 'markdown' });
    await rest();
    expect(requested).toHaveLength(1);
  });

  test('follows the theme', async () => {
    await open();
    editor.setTheme(editor.module.ColorThemeKind.Light);
    await rest();
    expect(requested.at(-1)?.params.theme).toBe('light');
  });

  test('of another model is chosen on the page, and stays chosen', async () => {
    const panel = await open();
    panel.received.fire({ kind: 'choose', model: 'B' });
    await rest();
    editor.type(editor.openSpec('/project/net.unet'));
    await rest();
    expect(requested.slice(1).map(({ params }) => params.model)).toEqual(['B', 'B']);
  });

  test('that is asked for twice is shown in one place', async () => {
    const panel = await open();
    await editor.run('unetc.showPicture', 'file:///project/net.unet', 'B');
    await rest();
    expect(editor.panels).toHaveLength(1);
    expect(panel.revealed).toBe(1);
    expect(requested.at(-1)?.params.model).toBe('B');
  });

  test('that cannot be made says why', async () => {
    const panel = await open();
    answer = () => {
      throw new Error('connection closed');
    };
    editor.type(editor.openSpec('/project/net.unet'));
    await rest();
    expect(panel.messages.at(-1)).toEqual({
      kind: 'unavailable',
      reason: 'The language server did not answer: connection closed',
    });
  });

  test("takes no message that is not the page's", async () => {
    const panel = await open();
    for (const message of [null, 'ready', { kind: 'choose' }, { kind: 'run', model: 'A' }]) {
      panel.received.fire(message);
    }
    await rest();
    expect(requested).toHaveLength(1);
  });

  test('leaves nothing behind when it is closed', async () => {
    const before = editor.listeners();
    const panel = await open();
    const document = editor.openSpec('/project/net.unet');
    editor.type(document);
    panel.dispose();
    await rest();
    expect(requested).toHaveLength(1);
    expect(editor.listeners()).toBe(before);
  });

  test('needs a spec', async () => {
    await editor.run('unetc.showPicture');
    expect(editor.panels).toEqual([]);
    expect(editor.reported).toEqual(['Open a .unet file first.']);
  });
});

describe('the emitted module', () => {
  const open = async (...args: readonly unknown[]): Promise<string> => {
    const running = editor.run('unetc.showEmitted', ...args);
    await rest();
    await running;
    return [...editor.shown.keys()].at(-1)!;
  };

  test('is shown under a name that ends in .ts', async () => {
    editor.openSpec('/project/net.unet');
    const address = await open();
    expect(address).toMatch(/^unetc-emitted:\/\/\/project\/net\.ts\?/);
    expect(editor.shown.get(address)).toBe('export {};\n');
    expect(requested).toEqual([
      { method: 'unetc/emit', params: { uri: 'file:///project/net.unet' } },
    ]);
  });

  test.each([
    ['unetc.showPyTorch', 'pytorch'],
    ['unetc.showKeras', 'keras'],
  ] as const)('of %s is that of the target', async (command, target) => {
    editor.openSpec('/project/net.unet');
    const text = `# ${target}\n`;
    answer = () => ({ kind: 'module', target, text, model: 'A', models: ['A'] });
    const running = editor.run(command);
    await rest();
    await running;
    const address = [...editor.shown.keys()].at(-1)!;
    expect(address.startsWith(`unetc-emitted:///project/net.${target}.py?`)).toBe(true);
    expect(editor.shown.get(address)).toBe(text);
    expect(requested).toEqual([
      { method: 'unetc/emit', params: { uri: 'file:///project/net.unet', target } },
    ]);
  });

  test('of one model has its name', async () => {
    const address = await open('file:///project/net.unet', 'B');
    expect(address).toMatch(/^unetc-emitted:\/\/\/project\/net\.B\.ts\?/);
    expect(requested[0]?.params.model).toBe('B');
  });

  test('follows the spec', async () => {
    const document = editor.openSpec('/project/net.unet');
    const address = await open();
    answer = () => ({ kind: 'module', text: 'export const a = 1;\n', model: 'A', models: ['A'] });
    editor.type(document);
    await rest();
    expect(editor.shown.get(address)).toBe('export const a = 1;\n');
  });

  test('stays below the reason while the spec is broken', async () => {
    const document = editor.openSpec('/project/net.unet');
    const address = await open();
    answer = () => ({ kind: 'unavailable', reason: 'The spec has 2 errors.' });
    editor.type(document);
    await rest();
    expect(editor.shown.get(address)).toBe(
      '// The spec has 2 errors.\n// The module below is of an earlier state.\n\nexport {};\n',
    );
    answer = () => ({ kind: 'module', text: 'export {};\n', model: 'A', models: ['A'] });
    editor.type(document);
    await rest();
    expect(editor.shown.get(address)).toBe('export {};\n');
  });

  test('is not asked for any more when its tab is closed', async () => {
    const document = editor.openSpec('/project/net.unet');
    const address = await open();
    editor.close(address);
    editor.type(document);
    await rest();
    expect(requested).toHaveLength(1);
  });
});
