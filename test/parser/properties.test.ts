import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatText, printExpression, printSection } from '../../src/parser/format/format.js';
import { parse } from '../../src/parser/parse.js';
import { expression, section } from './random-tree.js';
import { commentsOf, samples, sourceOf, treeOf, withoutSpans } from './trees.js';

const runs = { seed: 20150518, numRuns: 100 };

/** Words, numbers, strings, comments and signs of a text, blanks between them. */
const piecesOf = (text: string): readonly string[] =>
  text.match(/\/\/[^\r\n]*|"[^"\r\n]*"|\w+|->|\s+|./gsu) ?? [];

const sample = fc.constantFrom(...samples.map(({ text }) => text));
const garbage = fc.constantFrom(
  ...['{', '}', '(', ')', '[', ']', ',', ':', '=', '->', 'if', 'else', 'not', '@', '"', '1', 'x'],
  ...['//', '///', '\n', '\r', '\u2028', '🧠', '\0', '#', '.', '|', '1x', '\\', '-'],
);

describe('any text', () => {
  test.each(samples)('parses at every prefix: $name', ({ text }) => {
    for (let end = 0; end <= text.length; end++) {
      const { value, diagnostics } = parse(sourceOf(text.slice(0, end)));
      expect(value.file.sections.length).toBeLessThan(20);
      for (const { span, message } of diagnostics) {
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeLessThanOrEqual(end);
        expect(span.start).toBeLessThanOrEqual(span.end);
        expect(message).not.toMatch(/undefined|NaN|Token|Rule/);
      }
    }
  });

  const damage = fc.array(
    fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('delete', 'insert', 'duplicate', 'swap'),
      text: garbage,
    }),
    { minLength: 1, maxLength: 6 },
  );

  test('parses and formats whatever happens to its tokens', () => {
    fc.assert(
      fc.property(sample, damage, (text, changes) => {
        const pieces = [...piecesOf(text)];
        for (const { at, kind, text: inserted } of changes) {
          const index = at % pieces.length;
          const piece = pieces[index]!;
          if (kind === 'delete') pieces.splice(index, 1);
          else if (kind === 'insert') pieces.splice(index, 0, inserted);
          else if (kind === 'duplicate') pieces.splice(index, 0, piece);
          else pieces.splice(index, 2, pieces[index + 1] ?? '', piece);
        }
        expectSettled(pieces.join(''));
      }),
      { ...runs, numRuns: 300 },
    );
  });

  test('parses when it is garbage', () => {
    fc.assert(
      fc.property(fc.array(garbage, { maxLength: 40 }), (words) => expectSettled(words.join(' '))),
      runs,
    );
  });
});

test('comments anywhere stay where they are', () => {
  const comments = fc.array(
    fc.record({ at: fc.nat(), text: fc.constantFrom('// x\n', '\n// own\n', '\n\n// gap\n\n') }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(sample, comments, (text, inserted) => {
      const pieces = [...piecesOf(text.replace(/\/\/[^\r\n]*/g, ''))];
      for (const { at, text: comment } of inserted) pieces.splice(at % pieces.length, 0, comment);
      expectSettled(pieces.join(''));
    }),
    { ...runs, numRuns: 300 },
  );
});

/** Formatting keeps tree and comments and is stable; a text with errors is not touched. */
function expectSettled(text: string): void {
  const { value: formatted, diagnostics } = formatText(sourceOf(text));
  if (diagnostics.length > 0) {
    expect(formatted).toBe(text);
    return;
  }
  expect(treeOf(formatted)).toEqual(treeOf(text));
  expect(commentsOf(formatted)).toEqual(commentsOf(text));
  expect(formatText(sourceOf(formatted)).value).toBe(formatted);
}

describe('any tree', () => {
  test('prints as an expression that parses to it', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        const printed = printExpression(tree);
        const { value, diagnostics } = parse(sourceOf(`block b() = ${printed}`));
        expect(diagnostics).toEqual([]);
        expect(withoutSpans(value.file.sections[0]?.value)).toEqual(withoutSpans(tree));
      }),
      { ...runs, numRuns: 300 },
    );
  });

  test('prints as a section that parses to it and is formatted', () => {
    fc.assert(
      fc.property(section, (tree) => {
        const printed = printSection(tree);
        expect(treeOf(printed)).toEqual(withoutSpans([tree]));
        expect(formatText(sourceOf(printed)).value).toBe(`${printed}\n`);
      }),
      runs,
    );
  });
});
