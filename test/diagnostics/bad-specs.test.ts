import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { compileText } from '../../src/compile.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { applyFix } from './apply-fix.js';

interface Around {
  readonly blocks?: readonly string[];
  readonly parameters?: string;
  readonly input?: string;
}

/** A model whose tensor `a` is made by one line. */
const around = (
  line: string,
  { blocks = [], parameters = '', input = '[H, W, 3]' }: Around = {},
): string =>
  [
    ...blocks,
    `model M${parameters} {`,
    `  input image: ${input}`,
    `  wires { a = ${line} }`,
    '  head mask: a -> conv(1, 1) -> sigmoid',
    '}',
    '',
  ].join('\n');

/** A U-Net of padded convolutions. */
const unet = (input: string, widths: string, skip = 'merge: [skip, up] -> concat'): string =>
  [
    'model UNet {',
    `  input image: ${input}`,
    `  encoder plain { widths: ${widths}, stage: conv(width, 3) -> relu, down: max_pool(2) }`,
    `  skip plain { ${skip} }`,
    '  decoder { up: conv_transpose(width, 2), stage: conv(width, 3) -> relu }',
    '  head mask: conv(1, 1) -> sigmoid',
    '}',
    '',
  ].join('\n');

/** Blocks b0 to b<count>, each made of the one before. */
const ladder = (count: number, first: string, make: (before: string, n: number) => string) =>
  Array.from({ length: count + 1 }, (_, n) =>
    n === 0 ? `block b0${first}` : `block b${n}${make(`b${n - 1}`, n)}`,
  );

const many = (count: number, text: string, joint: string): string =>
  Array<string>(count).fill(text).join(joint);

interface BadSpec {
  readonly text: string;
  readonly set?: Readonly<Record<string, string>>;
  /** `line:column code` of each message, in order. */
  readonly says: readonly string[];
}

const badSpecs: Readonly<Record<string, BadSpec>> = {
  'a typo in an option': {
    text: around('image -> conv(8, 3, strid: 2)'),
    says: ['3:35 UNET3001'],
  },
  'a missing brace': {
    text: 'model M {\n  input image: [H, W, 3]\n  wires { a = image -> conv(8) }\n  head mask: a\n',
    says: ['1:9 UNET1003'],
  },
  'a width of 0': { text: unet('[H, W, 1]', '[0, 32]'), says: ['3:28 UNET3019'] },
  'a negative width': { text: unet('[H, W, 1]', '[16, -32]'), says: ['3:32 UNET3019'] },
  'half a width': { text: unet('[H, W, 1]', '3 * [0.5, 1]'), says: ['3:27 UNET3019'] },
  'a billion channels': { text: around('image -> conv(1000000000)'), says: ['3:29 UNET3003'] },
  'a billion channels in two steps': {
    text: around('image -> conv(65536, 1) -> depthwise_conv(3, multiplier: 65536)'),
    says: ['3:42 UNET4009'],
  },
  'no channels': {
    text: around('image -> conv(8)', { input: '[H, W, 0]' }),
    says: ['2:23 UNET3017'],
  },
  '64 nested blocks': {
    text: around('image -> b64', { blocks: ladder(64, '() = relu', (before) => `() = ${before}`) }),
    says: ['2:14 UNET2006'],
  },
  'blocks that call each other twice, 63 deep': {
    text: around('image -> b63', {
      blocks: ladder(63, '() = relu', (before) => `() = ${before} -> ${before}`),
    }),
    says: ['2:20 UNET2007'],
  },
  'blocks that do nothing, called twice, 63 deep': {
    text: around('image -> b63', {
      blocks: ladder(63, '() = identity', (before) => `() = ${before} -> ${before}`),
    }),
    says: ['2:20 UNET2007'],
  },
  'stages that double, 63 deep': {
    text: around('image -> b63(identity)', {
      blocks: ladder(63, '(s: stage) = s', (before) => `(s: stage) = ${before}(s -> s)`),
    }),
    says: ['64:27 UNET2007'],
  },
  'lists that double, 63 deep': {
    text: around('image -> b63([1, 2])', {
      blocks: ladder(63, '(x) = conv(8)', (before) => `(x) = ${before}([x, x])`),
    }),
    says: ['52:20 UNET3022'],
  },
  'a block that calls itself': {
    text: around('image -> b(8)', { blocks: ['block b(c: int) = conv(c) -> b(c)'] }),
    says: ['1:30 UNET2005'],
  },
  'blocks that call each other in a ring, twice each': {
    text: around('image -> b63', {
      blocks: ladder(63, '() = b63 -> b63', (before) => `() = ${before} -> ${before}`),
    }),
    says: ['1:14 UNET2005'],
  },
  'a size that fits no residue': {
    text: unet('[500, 500, 3]', '64 * [1, 2, 4, 8, 16]'),
    says: ['4:37 UNET4001'],
  },
  'an input of one pixel': {
    text: unet('[1, 1, 1]', '[16, 32]'),
    says: ['3:74 UNET4002'],
  },
  'an axis of one pixel': {
    text: unet('[1, W, 1]', '[16, 32]'),
    says: ['3:74 UNET4002'],
  },
  'a negative size': {
    text: around('image -> conv(8)', { input: '[-5, W, 3]' }),
    says: ['2:17 UNET3017'],
  },
  'half a size': {
    text: around('image -> conv(8)', { input: '[H, 2.5, 3]' }),
    says: ['2:20 UNET3017'],
  },
  'an empty file': { text: '', says: ['1:1 UNET2022'] },
  'an empty model': {
    text: 'model M { }\n',
    says: ['1:7 UNET2008', '1:7 UNET2008', '1:7 UNET2008'],
  },
  'a model without a head': {
    text: 'model M {\n  input image: [H, W, 3]\n  wires { a = image -> conv(8) }\n}\n',
    says: ['1:7 UNET2008'],
  },
  'a model without a name': { text: 'model\n', says: ['1:1 UNET2009'] },
  'an unknown section': {
    text: around('image -> conv(8)').replace('wires', 'wire'),
    says: ['3:3 UNET2002'],
  },
  'an unknown section that resembles none': {
    text: around('image -> conv(8)').replace('  head', '  picture { }\n  head'),
    says: ['4:3 UNET2002'],
  },
  'names that are declared twice': {
    text: [
      'block b(c: int, c: int) = conv(c)',
      'block b(c: int) = conv(c)',
      'model M { input image: [H, W, 3] wires { a = image -> b(8) a = image } head a: a -> relu }',
      'model M { }',
      '',
    ].join('\n'),
    says: ['1:17 UNET2004', '2:7 UNET2004', '3:60 UNET2004', '3:77 UNET2004', '4:7 UNET2004'],
  },
  'a huge list': {
    text: unet('[H, W, 3]', `[${many(12_000, '1', ', ')}]`),
    says: ['3:27 UNET3022'],
  },
  'a sum of ten thousand terms': {
    text: around(`image -> conv(${many(10_000, '1', ' + ')})`),
    says: ['3:1055 UNET1012'],
  },
  'ten thousand members in a chain': {
    text: around(`image -> conv(in${many(10_000, '.channels', '')})`),
    says: ['3:2335 UNET1012'],
  },
  'ten thousand minus signs': {
    text: around(`image -> conv(${many(10_000, '-', ' ')}1)`),
    says: ['3:541 UNET1012'],
  },
  'ten thousand brackets': {
    text: around(`image -> conv(${many(10_000, '(', '')}1)`),
    says: ['3:50 UNET1010'],
  },
  'ten thousand layers': {
    text: around(`image -> ${many(10_000, 'relu', ' -> ')} -> conv()`),
    says: ['3:80024 UNET3002'],
  },
  'a number beyond all numbers': {
    text: around('image -> conv(1e999)'),
    says: ['3:29 UNET3009'],
  },
  'a product beyond all numbers': {
    text: around('image -> conv(1e300 * 1e300)'),
    says: ['3:29 UNET3009'],
  },
  'nothing divided by nothing': { text: around('image -> conv(0 / 0)'), says: ['3:29 UNET3009'] },
  'a remainder by nothing': { text: around('image -> conv(5 % 0)'), says: ['3:29 UNET3009'] },
  'a setting that divides by nothing': {
    text: around('image -> conv(base)', { parameters: '(base: int = 8)' }),
    set: { base: '1 / 0' },
    says: ['1:9 UNET3009'],
  },
  'a setting that is a word': {
    text: around('image -> conv(base)', { parameters: '(base: int = 8)' }),
    set: { base: 'wide' },
    says: ['1:9 UNET3014'],
  },
  'a setting that is no value': {
    text: around('image -> conv(base)', { parameters: '(base: int = 8)' }),
    set: { base: '} model' },
    says: ['1:9 UNET3014'],
  },
  'an empty setting': {
    text: around('image -> conv(base)', { parameters: '(base: int = 8)' }),
    set: { base: '' },
    says: ['1:9 UNET3014'],
  },
  'a setting without a parameter': {
    text: around('image -> conv(base)', { parameters: '(base: int = 8)' }),
    set: { bas: '9' },
    says: ['1:7 UNET2020'],
  },
  'a setting out of range': {
    text: around('image -> conv(base)', { parameters: '(base: int = 8)' }),
    set: { base: '-4' },
    says: ['3:29 UNET3003'],
  },
  'a setting called like a method of objects': {
    text: around('image -> conv(8)'),
    set: { toString: '4' },
    says: ['1:7 UNET2020'],
  },
  'a formula in every place of a stage': {
    text: unet('[H, W, 3]', `${many(250, '1', ' + ')} * [1, 2]`).replaceAll(
      'conv(width, 3)',
      `conv(max([${many(2000, 'width', ', ')}]), 0)`,
    ),
    says: ['3:15054 UNET3003', '5:14062 UNET3003'],
  },
};

const place = (text: string, { span, code }: Diagnostic): string => {
  const lines = text.slice(0, span.start).split('\n');
  return `${lines.length}:${lines.at(-1)!.length + 1} ${code}`;
};

test.each([
  ['[L, 1]', 'signals with one axis'],
  ['[D, H, W, 1]', 'volume'],
])('an input %s of another number of axes says what to write instead', (input, words) => {
  const { diagnostics } = compileText('test.unet', around('image -> conv(8)', { input }));
  expect(diagnostics.map(({ code }) => code)).toEqual(['UNET3017']);
  expect(diagnostics[0]!.help.join(' ')).toContain(words);
});

describe.each(Object.entries(badSpecs))('%s', (_name, { text, set = {}, says }) => {
  const { diagnostics } = compileText('bad.unet', text, { set });

  test('is told where it is', () => {
    expect(diagnostics.map((diagnostic) => place(text, diagnostic))).toEqual(says);
  });

  test('has a way out', () => {
    for (const { message, help, fixes } of diagnostics) {
      const saysMore = /expected|; |takes|needs|at most|cannot|closes/i.test(message);
      expect(saysMore || help.length + fixes.length > 0).toBe(true);
    }
  });
});

test('five mistakes have five messages, each with its repair', () => {
  const text = readFileSync('test/invalid/five-mistakes.unet', 'utf8');
  const { diagnostics } = compileText('five.unet', text);
  expect(diagnostics.map((diagnostic) => place(text, diagnostic))).toEqual([
    '5:20 UNET1003',
    '6:12 UNET2001',
    '7:23 UNET3001',
    '9:52 UNET3003',
    '10:3 UNET2002',
  ]);
  const edits = diagnostics.flatMap(({ fixes }) => fixes[0]?.edits ?? []);
  expect(compileText('five.unet', applyFix(text, { title: 'All', edits })).diagnostics).toEqual([]);
});

const specs = readdirSync('specs')
  .filter((name) => name.endsWith('.unet'))
  .map((name) => readFileSync(`specs/${name}`, 'utf8'));

const piecesOf = (text: string): readonly string[] =>
  text.match(/\/\/[^\n]*|"[^"\n]*"|\w+|->|\s+|./gsu) ?? [];

/** Words and numbers of the language, so that changed specs get past the parser. */
const piece = fc.oneof(
  fc.constantFrom(...new Set(specs.flatMap(piecesOf).filter((text) => text.trim() !== ''))),
  fc.constantFrom('0', '1', '-1', '2.5', '1e999', '65537', '1000000000', 'in', 'if', 'else', '()'),
  fc.constantFrom(
    '[]',
    'crop_to(image)',
    'add',
    'in.channels',
    'width',
    'level 9 { }',
    '[image, image]',
  ),
);

const change = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('delete', 'duplicate', 'replace', 'replace', 'insert'),
  text: piece,
});

function applyChange(
  pieces: readonly string[],
  { at, kind, text }: { readonly at: number; readonly kind: string; readonly text: string },
): readonly string[] {
  const places = pieces.flatMap((word, index) => (word.trim() === '' ? [] : [index]));
  const index = places[at % Math.max(places.length, 1)] ?? 0;
  const [before, here, after] = [
    pieces.slice(0, index),
    pieces[index] ?? '',
    pieces.slice(index + 1),
  ];
  const written = { delete: [], duplicate: [here, ' ', here], replace: [text] }[kind];
  return [...before, ...(written ?? [text, ' ', here]), ...after];
}

test('one mistake has few messages', () => {
  const counts = specs.slice(0, 3).flatMap((text) => {
    const pieces = piecesOf(text);
    return pieces.flatMap((word, index) => {
      if (word.trim() === '' || word.startsWith('//')) return [];
      const damaged = pieces.toSpliced(index, 1).join('');
      return [compileText('damaged.unet', damaged).diagnostics.length];
    });
  });
  expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  expect(counts.reduce((sum, count) => sum + count, 0) / counts.length).toBeLessThan(1.5);
});

test('damaged specs compile without a throw, and every message has its place', () => {
  const damaged = fc
    .tuple(fc.constantFrom(...specs), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) => changes.reduce(applyChange, piecesOf(text)).join(''));
  fc.assert(
    fc.property(damaged, (text) => {
      const { diagnostics } = compileText('damaged.unet', text);
      for (const { span, message, labels, notes, help, fixes } of diagnostics) {
        const spans = [span, ...labels, ...fixes.flatMap(({ edits }) => edits)].map((part) =>
          'span' in part ? part.span : part,
        );
        for (const { file, start, end } of spans) {
          // What is imported is whole.
          if (file.startsWith('std/')) continue;
          expect(file).toBe('damaged.unet');
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        const words = [message, ...labels.map((label) => label.text), ...notes, ...help];
        expect(words.filter((line) => /undefined|NaN|\[object|Infinity/.test(line))).toEqual([]);
      }
    }),
    { seed: 20150518, numRuns: Number(process.env['FUZZ_RUNS'] ?? 400) },
  );
});
