import { beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../../src/catalog/index.js';
import { SourceFile } from '../../src/diagnostics/source.js';
import type { Span } from '../../src/diagnostics/source.js';
import { parse } from '../../src/parser/parse.js';
import { reservedWords } from '../../src/parser/tokens.js';
import { loadColours, type ColouredLine } from './tokenize.js';

/**
 * The parser and the colouring engine read the same texts: what the parser takes for a
 * section, a field or a layer must have the colour of one.
 */

let colour: (text: string) => readonly ColouredLine[];
beforeAll(async () => {
  colour = await loadColours();
});

const specs = readdirSync('specs', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.unet'))
  .map((file) => ({ title: file, text: readFileSync(join('specs', file), 'utf8') }));

const examples = ['language', 'encoders', 'heads', 'losses'].flatMap((page) =>
  [
    ...readFileSync(`docs/${page}.md`, 'utf8').matchAll(/^```unet(?: fragment)?\n([^]*?)^```$/gm),
  ].map(([, text], index) => ({ title: `docs/${page}.md, example ${index + 1}`, text: text! })),
);

describe.each([...specs, ...examples])('$title', ({ text }) => {
  test('every token has a colour', () => {
    const plain = colour(text).flatMap((line) =>
      line.tokens
        .filter(({ scopes }) => scopes.length === 0 || scopes.some((s) => s.startsWith('invalid')))
        .map(({ start, end }) => line.text.slice(start, end))
        .filter((piece) => piece.trim() !== ''),
    );
    expect(plain).toEqual([]);
  });

  test('has the colours of what the parser reads', () => {
    const scopesAt = scopesOf(text, colour(text));
    const wrong = expectationsOf(text).filter(
      ({ at, scope }) => !scopesAt(at.start).some((found) => scope.test(found)),
    );
    expect(
      wrong.map(({ at, scope }) => {
        const piece = text.slice(at.start, at.end);
        return `"${piece}" is ${scopesAt(at.start).join(' ')}, should be ${scope.source}`;
      }),
    ).toEqual([]);
  });
});

interface Expectation {
  readonly at: Span;
  readonly scope: RegExp;
}

/** What the parser knows of a text, as scopes of its places. */
function expectationsOf(text: string): readonly Expectation[] {
  const { file, comments, tokens } = parse(new SourceFile('sample.unet', text)).value;
  const found: Expectation[] = [];
  const add = (at: Span, scope: RegExp): void => void found.push({ at, scope });
  for (const { kind, span } of comments) {
    add(span, kind === 'doc' ? /^comment\.line\.documentation$/ : /^comment\.line\.double-slash$/);
  }
  for (const token of tokens) {
    const at = { file: 'sample.unet', start: token.start, end: token.end };
    if (/^\d/.test(token.text)) add(at, /^constant\.numeric$/);
    else if (token.text.startsWith('"')) add(at, /^string\.quoted/);
    else if (reservedWords.includes(token.text)) add(at, /^(keyword|constant\.language)\./);
    else if (token.text === '->') add(at, /^keyword\.operator\.pipeline$/);
  }
  visit(file, (node) => {
    if (isSection(node)) {
      add(node.keyword.span, /^(storage\.type|keyword\.other\.section)/);
      if (node.name !== undefined) {
        add(node.name.span, /^(entity\.name|support\.type\.scheme|variable\.other)/);
      }
      for (const parameter of node.parameters ?? [])
        add(parameter.name.span, /^variable\.parameter$/);
    }
    if (node['kind'] === 'field') add((node as Named).name.span, /^variable\.other\.property$/);
    if (node['kind'] === 'assignment') add((node as Named).name.span, /^entity\.name\.variable/);
    if (node['kind'] === 'import') {
      for (const { span } of node['names'] as readonly At[]) add(span, /^variable\.other.*alias$/);
      add(node['span'] as Span, /^keyword\.control\.import$/);
    }
    if (node['kind'] === 'loop') {
      for (const { span } of node['names'] as readonly At[]) add(span, /^variable\.other.*loop$/);
      add(node['span'] as Span, /^keyword\.control\.loop$/);
    }
    if (node['kind'] === 'call') {
      const { callee, args } = node as unknown as Call;
      add(callee.span, /^(support|entity\.name)\.function/);
      for (const { name } of args) if (name) add(name.span, /^variable\.parameter\.argument$/);
    }
    if (node['kind'] === 'pipeline') {
      for (const step of (node['steps'] as readonly Node[]).slice(1)) {
        if (step['kind'] === 'name' && step['name'] !== 'in') {
          add(step['span'] as Span, /^(support|entity\.name)\.function/);
        }
      }
    }
    const name = node['kind'] === 'call' ? (node as unknown as Call).callee.text : node['name'];
    if (typeof name === 'string' && Object.hasOwn(catalog.layer, name)) {
      add(node['span'] as Span, /^support\.function/);
    }
  });
  return found;
}

type Node = Readonly<Record<string, unknown>>;
interface At {
  readonly span: Span;
  readonly text: string;
}
type Named = Node & { readonly name: At };
interface Call {
  readonly callee: At;
  readonly args: readonly { readonly name: At | undefined }[];
}
interface SectionNode {
  readonly keyword: At;
  readonly name: At | undefined;
  readonly parameters: readonly { readonly name: At }[] | undefined;
}

const isSection = (node: Node): node is Node & SectionNode => node['kind'] === 'section';

function visit(tree: unknown, enter: (node: Node) => void): void {
  if (Array.isArray(tree)) tree.forEach((item) => visit(item, enter));
  else if (typeof tree === 'object' && tree !== null) {
    enter(tree as Node);
    for (const inner of Object.values(tree)) visit(inner, enter);
  }
}

/** The scopes of the token that starts at an offset; none where no token starts. */
function scopesOf(
  text: string,
  lines: readonly ColouredLine[],
): (offset: number) => readonly string[] {
  const table = new Map<number, readonly string[]>();
  let offset = 0;
  for (const line of lines) {
    for (const { start, scopes } of line.tokens) table.set(offset + start, scopes);
    offset += line.text.length + (text[offset + line.text.length] === '\r' ? 2 : 1);
  }
  return (at) => table.get(at) ?? [];
}
