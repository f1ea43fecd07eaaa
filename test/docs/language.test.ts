import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { renderReference } from '../../scripts/render-components.js';
import { compileText } from '../../src/compile.js';
import { SourceFile } from '../../src/diagnostics/source.js';
import { functionNames } from '../../src/frontend/values/functions.js';
import type { Section } from '../../src/parser/ast.js';
import { parse } from '../../src/parser/parse.js';

const page = readFileSync('docs/language.md', 'utf8');

/** The `unet` fences of the page with the heading they stand below. */
const fences = [...page.matchAll(/^```unet( fragment)?\n([^]*?)^```$/gm)].map((match, index) => {
  const heading =
    page
      .slice(0, match.index)
      .match(/^## .*$/gm)
      ?.at(-1)
      ?.slice(3) ?? '';
  return {
    title: `${index + 1}, ${heading}`,
    isFragment: match[1] !== undefined,
    text: match[2]!,
  };
});

const sectionsOf = (text: string): readonly Section[] =>
  parse(new SourceFile('page.unet', text)).value.file.sections;
const textOf = (text: string, { span }: Section): string => text.slice(span.start, span.end);

/**
 * A fragment's sections in the place of their namesakes in the first network:
 * `block` and `train` beside the model, all others in it. Blocks that nothing
 * calls any more go.
 */
function completeFragment(fragment: string, whole: string): string {
  const isOutside = ({ keyword }: Section): boolean => ['block', 'train'].includes(keyword.text);
  const own = sectionsOf(fragment);
  const replaced = new Set(own.map(({ keyword }) => keyword.text));
  const base = sectionsOf(whole);
  const model = base.find(({ keyword }) => keyword.text === 'model')!;
  const inner = model.body!.members.filter(
    (member): member is Section => member.kind === 'section',
  );
  const header = whole.slice(model.span.start, model.body!.open.end);
  const body = [
    ...inner
      .filter(({ keyword }) => !replaced.has(keyword.text))
      .map((section) => textOf(whole, section)),
    ...own.filter((section) => !isOutside(section)).map((section) => textOf(fragment, section)),
  ];
  const ownBlocks = own.filter(isOutside).map((section) => textOf(fragment, section));
  const used = [...body, ...ownBlocks].join('\n');
  const blocks = base.filter(
    ({ keyword, name }) =>
      keyword.text === 'block' &&
      new RegExp(`\\b${name!.text}\\b`).test(used) &&
      !own.some((section) => section.name?.text === name!.text),
  );
  const rest = [...ownBlocks, ...blocks.map((section) => textOf(whole, section))];
  return [header, ...body, '}', ...rest].join('\n');
}

describe.each(fences)('example $title', ({ text, isFragment }) => {
  const whole = isFragment ? completeFragment(text, fences[0]!.text) : text;

  test('compiles without a message', () => {
    const { models, diagnostics } = compileText('page.unet', whole);
    // The first network's parameters may have gone with the sections that read them.
    const reported = diagnostics.filter(({ code }) => !isFragment || code !== 'UNET5003');
    expect(reported.map(({ message }) => message)).toEqual([]);
    expect(models).toHaveLength(1);
  });
});

describe('the reference page', () => {
  test('has the component tables of the catalogue (scripts/generate-docs.ts writes them)', async () => {
    expect(page).toBe(await renderReference(page));
  });

  test('names every function', () => {
    const [, section = ''] = /\*\*Functions:\*\*([^]*?)^## /m.exec(page) ?? [];
    const named = [...section.matchAll(/`(\w+)\(/g)].map(([, name]) => name!);
    expect([...named].sort()).toEqual([...functionNames].sort());
  });

  test('lists its headings, and its links lead somewhere', () => {
    const anchor = (heading: string): string => `#${heading.toLowerCase().replaceAll(' ', '-')}`;
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => anchor(heading!));
    const linked = [...page.matchAll(/^- \[[^\]]*\]\((#[^)]*)\)$/gm)].map(([, target]) => target);
    expect(linked).toEqual(headings);
  });

  const index = readFileSync('docs/README.md', 'utf8');
  test.each([...index.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!))(
    'the index leads to a file: %s',
    (target) =>
      expect(existsSync(new URL(target, new URL('../../docs/', import.meta.url)))).toBe(true),
  );
});
