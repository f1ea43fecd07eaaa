import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DiagnosticSeverity, type Position } from 'vscode-languageserver';
import { createNodeHost } from '../../src/host-node.js';
import { protocolDiagnostics } from '../../src/lsp/diagnostics.js';
import { codeActions } from '../../src/lsp/features/code-actions.js';
import { codeLenses } from '../../src/lsp/features/code-lenses.js';
import { complete } from '../../src/lsp/features/completion.js';
import type { FeatureContext } from '../../src/lsp/features/feature.js';
import { foldingRanges } from '../../src/lsp/features/folding.js';
import { formatDocument } from '../../src/lsp/features/formatting.js';
import { hover } from '../../src/lsp/features/hover.js';
import { inlayHints } from '../../src/lsp/features/inlay-hints.js';
import { findDefinition, findReferences } from '../../src/lsp/features/navigation.js';
import { renameSymbol } from '../../src/lsp/features/rename.js';
import { selectionRanges } from '../../src/lsp/features/selection-ranges.js';
import { semanticTokens } from '../../src/lsp/features/semantic-tokens.js';
import { signatureHelp } from '../../src/lsp/features/signature-help.js';
import { documentSymbols } from '../../src/lsp/features/symbols.js';
import { Workspace } from '../../src/lsp/workspace.js';
import { callCli } from '../../test/cli/run-cli.js';

/** Something that is done with a spec, and timed. */
export interface Work {
  /** Makes ready, untimed; the function that it returns says what failed, if anything did. */
  readonly prepare: (path: string, round: number) => Promise<() => Promise<string | undefined>>;
}

/** A call of the program on a spec; `out` stands for a fresh place beside it. */
const command = (...words: readonly string[]): Work => ({
  prepare: (path, round) => {
    const folder = dirname(path);
    const out = join(folder, `out-${words.join('')}-${round}`);
    const call = words.map((word) => word.replace('OUT', out));
    const readsStdin = words.includes('-');
    const world = { folder, ...(readsStdin ? { stdin: readFileSync(path) } : {}) };
    return Promise.resolve(async () => {
      const { code, stderr } = await callCli(readsStdin ? call : [...call, path], world);
      if (code === 0) return undefined;
      if (code !== 70) return `code ${code}`;
      return `code ${code}: ${stderr.split('\n').find((line) => line.includes('Error')) ?? ''}`;
    });
  },
});

/** An answer of the language server about the middle of an open document. */
const answer = (give: (context: FeatureContext, at: Position) => unknown): Work => ({
  prepare: (path) => {
    const context = open(path);
    const at = middleOf(context);
    // The server answers from the analysis that an edit made.
    void context.analysis.index;
    return Promise.resolve(() => {
      give(context, at);
      return Promise.resolve(undefined);
    });
  },
});

let last: { readonly path: string; readonly context: FeatureContext } | undefined;

function open(path: string): FeatureContext {
  if (last?.path === path) return last.context;
  const workspace = new Workspace(createNodeHost(dirname(path)), undefined);
  const uri = pathToFileURL(path).href;
  workspace.update(uri, 1, readFileSync(path, 'utf8'));
  const context = { workspace, analysis: workspace.analyse(uri)! };
  last = { path, context };
  return context;
}

/** A name in the middle of the text. */
function middleOf({ analysis: { source } }: FeatureContext): Position {
  const { text } = source;
  const middle = text.length >> 1;
  const offset = text.indexOf(' -> ', middle);
  const before = text.slice(0, offset < 0 ? middle : offset).split('\n');
  return { line: before.length - 1, character: Math.max(0, before.at(-1)!.length - 1) };
}

/** From an edit of one character in the middle to the problems that are told. */
const edit: Work = {
  prepare: (path, round) => {
    const { workspace, analysis } = open(path);
    const { text } = analysis.source;
    const at = text.indexOf('\n', text.length >> 1);
    const changed = `${text.slice(0, at)}${' '.repeat(1 + (round % 7))}${text.slice(at)}`;
    return Promise.resolve(() => {
      workspace.update(analysis.uri, round + 2, changed);
      const told = protocolDiagnostics(workspace.analyse(analysis.uri)!, workspace);
      last = undefined;
      const hasErrors = told.some(({ severity }) => severity === DiagnosticSeverity.Error);
      return Promise.resolve(hasErrors ? 'code 1' : undefined);
    });
  },
};

const whole = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };

/** All that is timed: the commands, the targets, the answers of the editor. */
export const works = {
  check: command('check'),
  sizes: command('sizes'),
  summary: command('summary'),
  expand: command('expand'),
  fmt: command('fmt', '-'),
  'draw svg': command('draw'),
  'draw dot': command('draw', '--format', 'dot'),
  'draw mermaid': command('draw', '--format', 'mermaid'),
  topology: command('topology'),
  'build ts': command('build', '--stdout'),
  'build pytorch': command('build', '--target', 'pytorch', '--stdout'),
  'build onnx': command('build', '--target', 'onnx', '--out', 'OUT.onnx'),
  'build tfjs': command('build', '--target', 'tfjs', '--out', 'OUT.tfjs'),
  'lsp edit': edit,
  'lsp hover': answer(hover),
  'lsp completion': answer(complete),
  'lsp signature': answer(signatureHelp),
  'lsp definition': answer(findDefinition),
  'lsp references': answer((context, at) => findReferences(context, at, true)),
  'lsp rename': answer((context, at) => {
    try {
      renameSymbol(context, at, 'renamed');
    } catch {
      // A word of the language has no other name.
    }
  }),
  'lsp inlay hints': answer((context) => inlayHints(context, whole)),
  'lsp tokens': answer(semanticTokens),
  'lsp symbols': answer(documentSymbols),
  'lsp folding': answer(foldingRanges),
  'lsp selection': answer((context, at) => selectionRanges(context, [at])),
  'lsp layout': answer(formatDocument),
  'lsp lenses': answer(codeLenses),
  'lsp actions': answer((context, at) =>
    codeActions(context, {
      range: { start: at, end: at },
      context: { diagnostics: [] },
    }),
  ),
} satisfies Readonly<Record<string, Work>>;
