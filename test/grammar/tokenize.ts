import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Oniguruma from 'vscode-oniguruma';
import type * as TextMate from 'vscode-textmate';

// Both are scripts that a module cannot import by name.
const require = createRequire(import.meta.url);
const { loadWASM, OnigScanner, OnigString } = require('vscode-oniguruma') as typeof Oniguruma;
const { INITIAL, parseRawGrammar, Registry } = require('vscode-textmate') as typeof TextMate;

/** A piece of a line with the scopes below the language's own, the outermost first. */
export interface ColouredToken {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

export interface ColouredLine {
  readonly text: string;
  readonly tokens: readonly ColouredToken[];
}

/** Where grammars are; Markdown's own is a line of text here. */
const grammars: Readonly<Record<string, string>> = {
  'source.unet': 'grammar/unet.tmLanguage.json',
  'markdown.unet.fence': 'grammar/markdown-fences.tmLanguage.json',
};
const markdown = { scopeName: 'text.html.markdown', patterns: [{ match: '\\w+', name: 'text' }] };

/**
 * Colours a text as VS Code does: with its engine, line by line. In Markdown only what
 * our grammars add to it.
 */
export async function loadColours(
  scope: 'source.unet' | 'text.html.markdown' = 'source.unet',
): Promise<(text: string) => readonly ColouredLine[]> {
  await loadEngine();
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: (name) => {
      const path = grammars[name];
      const text = path === undefined ? JSON.stringify(markdown) : readFileSync(path, 'utf8');
      return Promise.resolve(parseRawGrammar(text, path ?? 'markdown.json'));
    },
    getInjections: (name) => (name === 'text.html.markdown' ? ['markdown.unet.fence'] : []),
  });
  const grammar = (await registry.loadGrammar(scope))!;
  return (text) => {
    let state = INITIAL;
    return text.split(/\r\n|\r|\n/).map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      const coloured = tokens.map(({ startIndex, endIndex, scopes }) => ({
        start: startIndex,
        end: Math.min(endIndex, line.length),
        scopes: scopes.slice(1).map((name) => name.replace(/\.unet$/, '')),
      }));
      return { text: line, tokens: coloured.filter(({ start, end }) => end > start) };
    });
  };
}

let engine: Promise<void> | undefined;

/** The engine may be loaded once. */
function loadEngine(): Promise<void> {
  engine ??= loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  return engine;
}
