import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { compileText } from '../src/compile.js';
import type { Diagnostic, Fix } from '../src/diagnostics/diagnostic.js';
import { applyFix } from './diagnostics/apply-fix.js';

const diagnose = (text: string): readonly Diagnostic[] =>
  compileText('test.unet', text).diagnostics;
const titles = (text: string): readonly string[] =>
  diagnose(text).flatMap(({ fixes }) => fixes.map(({ title }) => title));

const countOf = (all: readonly Diagnostic[], { code, message }: Diagnostic): number =>
  all.filter((other) => other.code === code && other.message === message).length;

/** What is wrong with a fix that is offered; undefined where it repairs. */
function faultOf(text: string, problem: Diagnostic, fix: Fix): string | undefined {
  const repaired = applyFix(text, fix);
  if (repaired === text) return 'changes nothing';
  const before = diagnose(text);
  const after = diagnose(repaired);
  if (countOf(after, problem) >= countOf(before, problem)) return 'leaves its problem';
  const isNew = ({ severity, ...each }: Diagnostic): boolean =>
    severity === 'error' &&
    countOf(after, { severity, ...each }) > countOf(before, { severity, ...each });
  const fresh = after.find(isNew);
  if (fresh !== undefined) return `brings ${fresh.code} ${fresh.message}`;
  const isUndone = after.some(({ fixes }) =>
    fixes.some((next) => applyFix(repaired, next) === text),
  );
  return isUndone ? 'is undone' : undefined;
}

const faultsOf = (text: string): readonly string[] =>
  diagnose(text).flatMap((problem) =>
    problem.fixes.flatMap((fix) => {
      const fault = faultOf(text, problem, fix);
      return fault === undefined ? [] : [`${problem.code} "${fix.title}" ${fault}`];
    }),
  );

const model = (wires: string, head: string, recipe = ''): string =>
  `model Test {\n  input image: [H, W, 2]\n  wires {\n    ${wires}\n  }\n  head mask: ${head}\n}\n${recipe}`;

const schemes = (input: string, skip: string): string => `model Test {
  input image: ${input}
  encoder plain { widths: [4, 8, 16], stage: conv(width, 3), down: max_pool(2) }
  skip ${skip}
  decoder { up: nearest(2), stage: conv(width, 3) }
  head mask: conv(1, 1)
}
`;

describe('a fix is not offered', () => {
  test('where it changes nothing', () => {
    const text = model('mid = image -> conv(3)\n    a = image -> mid(mid, 3)', 'conv(1, 1)');
    expect(diagnose(text).map(({ code }) => code)).toEqual(['UNET2001']);
    expect(titles(text)).toEqual([]);
  });

  test('where it leaves the problem', () => {
    const text = schemes('[32, 32, 2]', 'plain { merge: [up, skip -> global_avg_pool] -> concat }');
    expect(titles(text)).toEqual(['Resize the smaller tensor of 2 merges']);
    expect(faultsOf(text)).toEqual([]);
    // The quote behind would open another string.
    const quotes = `import vgg16 from ""std/vgg"\n${model('a = image -> relu', 'conv(1, 1)')}`;
    expect(titles(quotes)).not.toContain("Insert '\"'");
  });

  test('where it brings another error', () => {
    // An option that is misspelt, for a value that the meant one does not take.
    const text = model('a = image -> conv(4, strid: same)', 'conv(1, 1)');
    const [problem] = diagnose(text);
    expect([problem!.code, problem!.help]).toEqual(['UNET3001', ['Did you mean "stride"?']]);
    expect(titles(text)).toEqual([]);
    expect(titles(model('a = image -> conv(4, strid: 2)', 'conv(1, 1)'))).toHaveLength(1);
  });

  test('in a text of the standard library', () => {
    const { diagnostics } = compileText('std/blocks.unet', 'block a() = cnov(2)');
    expect(diagnostics.flatMap(({ fixes }) => fixes)).toEqual([]);
  });
});

describe('a fix is offered', () => {
  test('beside other mistakes that stay', () => {
    const text = model('a = image -> cnov(4)\n    b = a -> batchnorm', 'b -> conv(1, 1)');
    expect(titles(text)).toHaveLength(2);
    expect(faultsOf(text)).toEqual([]);
  });

  test.each(['plain', 'nested'])('for sizes of "skip %s"', (topology) => {
    const text = schemes('[30, 30, 2]', topology);
    expect(titles(text)).toEqual([
      'Change the input to 28 x 28',
      'Change the input to 32 x 32',
      'Crop each skip to the upsampled tensor (align: crop(rounding: floor))',
      'Pad the upsampled tensor to the skip (align: pad)',
      'Resize the upsampled tensor to the skip (align: resize)',
    ]);
    expect(faultsOf(text)).toEqual([]);
  });

  test('in a file of the project that the spec imports', () => {
    const library = 'block part(c: int) = conv(c, strid: 2)\n';
    const text = `import part from "part"\n${model('a = image -> part(4)', 'conv(1, 1)')}`;
    const resolve = (path: string) => ({ path, text: library });
    const { diagnostics } = compileText('test.unet', text, { resolve });
    const fixes = diagnostics.flatMap((each) => each.fixes);
    expect(fixes.map(({ title }) => title)).toEqual(['Change "strid" to "stride"']);
    expect(fixes[0]!.edits[0]!.span.file).toBe('part.unet');
  });
});

test('fixes are tried when they are asked for, once, and not without end', () => {
  const bad = Array.from({ length: 200 }, (_, index) => `w${index} = image -> cnov(4)`);
  const text = `import part from "part"\n${model([...bad, 'a = image -> part'].join('\n'), 'conv(1, 1)')}`;
  let runs = 0;
  const resolve = (path: string) => {
    runs += 1;
    return { path, text: 'block part() = relu\n' };
  };
  const { diagnostics } = compileText('test.unet', text, { resolve });
  expect(diagnostics).toHaveLength(200);
  expect(runs).toBe(1);
  const [first] = diagnostics;
  expect([first!.fixes.length, runs]).toEqual([1, 2]);
  expect([first!.fixes.length, runs]).toEqual([1, 2]);
  const offered = diagnostics.filter(({ fixes }) => fixes.length > 0).length;
  expect(offered).toBeGreaterThan(5);
  expect(runs).toBeLessThan(30);
});

describe('every fix that is offered repairs', () => {
  const pages = readdirSync('docs/diagnostics').flatMap((name) => {
    const page = readFileSync(`docs/diagnostics/${name}`, 'utf8');
    const [, text] = /## Example[^]*?```unet\n([^]*?)```/.exec(page) ?? [];
    return text === undefined ? [] : [text];
  });

  test('in the pages of the messages', () => {
    expect(pages.flatMap(faultsOf)).toEqual([]);
    expect(pages.flatMap(titles).length).toBeGreaterThan(30);
  });

  test('in the invalid specs of the tests', () => {
    const texts = readdirSync('test/invalid').map((name) =>
      readFileSync(`test/invalid/${name}`, 'utf8'),
    );
    expect(texts.flatMap(faultsOf)).toEqual([]);
  });

  test('in specs that are damaged at random', () => {
    const specs = ['unet-keras', 'unet-plus-plus', 'attention-unet'].map((name) =>
      readFileSync(`specs/${name}.unet`, 'utf8'),
    );
    const damaged = fc
      .tuple(
        fc.constantFrom(...specs, ...pages.filter((page) => page.length < 2000)),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'twist', 'double')), {
          minLength: 1,
          maxLength: 2,
        }),
      )
      .map(([text, changes]) => changes.reduce(damage, text));
    fc.assert(
      fc.property(damaged, (text) => expect(faultsOf(text)).toEqual([])),
      { numRuns: 60, seed: 1, endOnFailure: true },
    );
  });
});

/** A text with one word or sign left out, misspelt or written twice. */
function damage(text: string, [at, kind]: readonly [number, string]): string {
  const words = text.split(/(\w+|[^\w\s])/);
  const places = words.flatMap((word, index) => (word.trim() === '' ? [] : [index]));
  const place = places[at % places.length]!;
  const word = words[place]!;
  const twisted = word.length > 2 ? word.slice(0, -2) + word.at(-1)! + word.at(-2)! : `${word}x`;
  return words.with(place, { drop: '', twist: twisted, double: `${word} ${word}` }[kind]!).join('');
}
