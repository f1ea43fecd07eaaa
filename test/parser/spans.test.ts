import { describe, expect, test } from '@jest/globals';
import { parse } from '../../src/parser/parse.js';
import { samples, sourceOf } from './trees.js';

/** What the text under a node must look like. */
const shapes: Readonly<Record<string, RegExp>> = {
  number: /^\d[\w.+-]*$/,
  string: /^".*"$/,
  boolean: /^(true|false)$/,
  name: /^\w+$/,
  list: /^\[[^]*\]$/,
  call: /^\w+\s*\([^]*\)$/,
  member: /^[^]+\.\s*\w+$/,
  field: /^\w+\s*:[^]*[^\s,]$/,
  assignment: /^\w+\s*=[^]*[^\s,]$/,
  section: /^[a-z]\w*[^]*[^\s,]$/,
};

describe.each(samples)('$name', ({ text }) => {
  test('spans hold the text of their nodes', () => {
    const seen = new Set<string>();
    visit(parse(sourceOf(text)).value.file, (kind, span) => {
      seen.add(kind);
      const shape = shapes[kind];
      if (shape !== undefined) expect(text.slice(span.start, span.end)).toMatch(shape);
    });
    expect(seen.size).toBeGreaterThan(2);
  });

  test('spans of children lie in those of their parents', () => {
    expectNested(parse(sourceOf(text)).value.file, { start: 0, end: text.length });
  });
});

interface Range {
  readonly start: number;
  readonly end: number;
}

function visit(node: unknown, see: (kind: string, span: Range) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if ('kind' in node && 'span' in node) see(String(node.kind), node.span as Range);
  for (const child of Object.values(node)) visit(child, see);
}

function expectNested(node: unknown, parent: Range): void {
  if (typeof node !== 'object' || node === null) return;
  const own = 'span' in node ? (node.span as Range) : parent;
  expect(own.start).toBeGreaterThanOrEqual(parent.start);
  expect(own.end).toBeLessThanOrEqual(parent.end);
  for (const child of Object.values(node)) expectNested(child, own);
}
