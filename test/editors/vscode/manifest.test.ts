import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { textTargets } from '../../../src/codegen/text-targets.js';
import { compileText } from '../../../src/compile.js';
import { SourceFile } from '../../../src/diagnostics/source.js';
import { tokenModifiers, tokenTypes } from '../../../src/lsp/features/semantic-tokens.js';
import { formatText } from '../../../src/parser/format/format.js';
import { expandSnippet } from './snippets.js';

interface Manifest {
  readonly version: string;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly title: string;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly languages: readonly { readonly id: string; readonly extensions: readonly string[] }[];
    readonly grammars: readonly { readonly language: string; readonly scopeName: string }[];
    readonly semanticTokenScopes: readonly {
      readonly scopes: Readonly<Record<string, readonly string[]>>;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const manifest = read('editors/vscode/package.json') as Manifest;
const { contributes } = manifest;

describe('the manifest', () => {
  test('has the version of the compiler', () => {
    expect(manifest.version).toBe((read('package.json') as Manifest).version);
  });

  test('starts the extension for the language alone', () => {
    expect(manifest.activationEvents).toEqual(
      contributes.languages.map(({ id }) => `onLanguage:${id}`),
    );
  });

  test('colours its language by the grammar of that scope', () => {
    const { scopeName, fileTypes } = read('grammar/unet.tmLanguage.json') as {
      scopeName: string;
      fileTypes: readonly string[];
    };
    expect(contributes.grammars[0]).toMatchObject({ language: 'unet', scopeName });
    expect(contributes.languages).toMatchObject([
      { id: 'unet', extensions: fileTypes.map((type) => `.${type}`) },
    ]);
  });

  test('gives what the server tells names to be the colours of the grammar', () => {
    const { scopes } = contributes.semanticTokenScopes[0]!;
    const words = [...tokenTypes, ...tokenModifiers] as readonly string[];
    const requested = Object.keys(scopes).flatMap((selector) => selector.split('.'));
    expect(requested.filter((word) => !words.includes(word))).toEqual([]);
    expect(tokenTypes.filter((type) => !(type in scopes))).toEqual([]);
    const grammar = readFileSync('grammar/unet.tmLanguage.json', 'utf8');
    const used = Object.values(scopes).flat();
    expect(used.filter((scope) => !grammar.includes(`"name": "${scope}"`))).toEqual([]);
  });

  test('puts commands into menus that it has', () => {
    const commands = contributes.commands.map(({ command }) => command);
    const used = Object.values(contributes.menus).flatMap((rows) =>
      rows.map(({ command }) => command),
    );
    expect(used.filter((command) => !commands.includes(command))).toEqual([]);
  });

  test('has a command for every target that is a text', () => {
    const titles = contributes.commands.map(({ title }) => title);
    const wanted = Object.values(textTargets).map(({ title }) => `Show Emitted ${title} Beside`);
    expect(titles.filter((title) => title.startsWith('Show Emitted '))).toEqual(wanted);
  });

  test('keeps a program from being named where the folder is not trusted', () => {
    const settings = Object.keys(contributes.configuration.properties);
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    expect(restricted).toEqual(settings.filter((name) => name.endsWith('.path')));
  });
});

/** Where a snippet belongs: it is put there, and the whole must compile. */
const model = (...sections: readonly string[]): string =>
  ['model UNet {', '  input image: [H, W, 3]', ...sections, '}'].join('\n');
const encoder = 'encoder plain { widths: [8, 16, 32, 64], stage: conv(width), down: max_pool(2) }';
const [skip, head] = ['skip plain { merge: [skip, up] -> concat }', 'head mask: conv(1, 1)'];
const decoder = 'decoder { up: nearest(2), stage: conv(width) }';
const whole = model(encoder, skip, decoder, head);

const places: Readonly<Record<string, (snippet: string) => string>> = {
  Network: (text) => text,
  Block: (text) => `${whole.replaceAll('conv(width)', 'name(width)')}\n${text}`,
  'Block with lines': (text) => `${whole.replaceAll('conv(width)', 'residual(width)')}\n${text}`,
  'Attention gate': (text) =>
    `${whole.replace('[skip, up]', '[skip -> attention_gate(up, 4), up]')}\n${text}`,
  'Encoder of its own': (text) => `${model('encoder tiny { c: 8 }', skip, decoder, head)}\n${text}`,
  Input: (text) => whole.replace('input image: [H, W, 3]', text),
  Encoder: (text) => model(text, skip, decoder, head),
  Level: (text) => whole.replace('down: max_pool(2)', `down: max_pool(2)\n${text}`),
  Skip: (text) => model(encoder, text, decoder, head),
  Decoder: (text) => model(encoder, skip, text, head),
  Wires: (text) => model(text, head),
  Head: (text) => model(encoder, skip, decoder, text),
  'Head with supervision': (text) => model(encoder, skip, decoder, text),
  Training: (text) => `${whole}\n${text}`,
  Loop: (text) =>
    `${model('encoder own {}', 'head mask: conv(1, 1)')}\nencoder own { tap s1 = in -> relu\nx = s1\n${text}\ntap s2 = x -> max_pool(2) }`,
  Import: (text) => `${text}\n${model('encoder resnet {}', 'head mask: conv(1, 1)')}`,
};

describe('snippets', () => {
  const snippets = read('editors/vscode/snippets/unet.json') as Readonly<
    Record<string, { prefix: string; description: string; body: readonly string[] }>
  >;

  test('have prefixes of their own', () => {
    const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });

  test.each(Object.entries(snippets))('"%s" compiles where it belongs', (name, { body }) => {
    const text = places[name]!(expandSnippet(body));
    const { diagnostics, models } = compileText('snippet.unet', text);
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    expect(models).toHaveLength(1);
  });

  test.each(Object.entries(snippets))('"%s" has the canonical layout', (_, { body }) => {
    const text = `${expandSnippet(body).trimEnd()}\n`;
    // What stands in a model is laid out as it is there.
    const isOutside = /^(?:\/\/\/.*\n)*(?:model|block|train|import)\b|^encoder \w+\(/.test(text);
    const inside = (inner: string): string => `model M {\n${inner.replace(/^(?=.)/gm, '  ')}}\n`;
    const laidOut = isOutside ? text : inside(text);
    expect(formatText(new SourceFile('snippet.unet', laidOut)).value).toBe(laidOut);
  });
});

test('every file that the manifest names is in the repository, or made when packing', () => {
  const named = [...JSON.stringify(manifest).matchAll(/"(\.\/[^"]+|icons\/[^"]+)"/g)].map(
    ([, path]) => path!.replace(/^\.\//, ''),
  );
  const made = ['client/extension.js', 'icons/unet.png'];
  const missing = named.filter(
    (path) => !made.includes(path) && !existsSync(path) && !existsSync(`editors/vscode/${path}`),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

test('the page for people names every command, setting and snippet', () => {
  const page = readFileSync('editors/vscode/README.md', 'utf8');
  const snippets = read('editors/vscode/snippets/unet.json') as Record<string, { prefix: string }>;
  const names = [
    ...contributes.commands.map(({ category, title }) => `${category}: ${title}`),
    ...Object.keys(contributes.configuration.properties),
    ...Object.values(snippets).map(({ prefix }) => prefix),
  ];
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
