import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createNodeHost } from '../../src/host-node.js';
import { protocolDiagnostics } from '../../src/lsp/diagnostics.js';
import { codeActions } from '../../src/lsp/features/code-actions.js';
import { codeLenses } from '../../src/lsp/features/code-lenses.js';
import { complete } from '../../src/lsp/features/completion.js';
import type { FeatureContext } from '../../src/lsp/features/feature.js';
import { foldingRanges } from '../../src/lsp/features/folding.js';
import { formatDocument, formatRange } from '../../src/lsp/features/formatting.js';
import { hover } from '../../src/lsp/features/hover.js';
import { inlayHints } from '../../src/lsp/features/inlay-hints.js';
import { findDefinition, findHighlights } from '../../src/lsp/features/navigation.js';
import { selectionRanges } from '../../src/lsp/features/selection-ranges.js';
import { semanticTokens } from '../../src/lsp/features/semantic-tokens.js';
import { signatureHelp } from '../../src/lsp/features/signature-help.js';
import { documentSymbols } from '../../src/lsp/features/symbols.js';
import { positionAt, rangeOf } from '../../src/lsp/positions.js';
import { Workspace } from '../../src/lsp/workspace.js';
import { randomEdit, randomSource } from './random-edits.js';

/** Every feature at one place of a document; what they find is not looked at. */
function askAll(context: FeatureContext, offset: number): void {
  const { source } = context.analysis;
  const at = positionAt(source, offset);
  const range = rangeOf(source, { start: Math.floor(offset / 2), end: offset });
  protocolDiagnostics(context.analysis, context.workspace);
  hover(context, at);
  complete(context, at);
  signatureHelp(context, at);
  findDefinition(context, at);
  findHighlights(context, at);
  selectionRanges(context, [at]);
  inlayHints(context, range);
  codeActions(context, { range, context: { diagnostics: [] } });
  formatRange(context, range);
  formatDocument(context);
  codeLenses(context);
  semanticTokens(context);
  foldingRanges(context);
  documentSymbols(context);
}

test.each(['attention-unet', 'nuclei-3-plus', 'mobile-unet-keras', 'std/resnet'])(
  '%s: whatever is typed, every feature answers, from the newest text',
  (name) => {
    const path = `${process.cwd()}/specs/${name}.unet`;
    const original = readFileSync(path, 'utf8');
    const workspace = new Workspace(createNodeHost('/'), undefined);
    const random = randomSource(name.length);
    const uri = pathToFileURL(path).href;
    let text = original;
    for (let version = 1; version <= 120; version++) {
      text = randomEdit(text, original, random);
      workspace.update(uri, version, text);
      const analysis = workspace.analyse(uri)!;
      expect([analysis.version, analysis.source.text]).toEqual([version, text]);
      askAll({ analysis, workspace }, random.below(text.length + 1));
    }
  },
);
