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

const path = 'grammar/unet.tmLanguage.json';

/** Colours a text as VS Code does: with its engine, line by line. */
export async function loadColours(): Promise<(text: string) => readonly ColouredLine[]> {
  await loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(parseRawGrammar(readFileSync(path, 'utf8'), path)),
  });
  const grammar = (await registry.loadGrammar('source.unet'))!;
  return (text) => {
    let state = INITIAL;
    return text.split(/\r\n|\r|\n/).map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      const coloured = tokens.map(({ startIndex, endIndex, scopes }) => ({
        start: startIndex,
        end: Math.min(endIndex, line.length),
        scopes: scopes.slice(1).map((scope) => scope.replace(/\.unet$/, '')),
      }));
      return { text: line, tokens: coloured.filter(({ start, end }) => end > start) };
    });
  };
}
