import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderReference } from '../../scripts/render-components.js';
import { compileText } from '../../src/compile.js';
import { SourceFile } from '../../src/diagnostics/source.js';
import { slotNames } from '../../src/catalog/sections.js';
import { topLevel } from '../../src/frontend/declarations/top-level.js';
import { componentFields } from '../../src/frontend/recipe/read-recipe.js';
import { encoderFields } from '../../src/frontend/schemes/encoder-fields.js';
import { sectionNames } from '../../src/frontend/schemes/find-sections.js';
import { schemes } from '../../src/frontend/schemes/read-scheme.js';
import { headFields } from '../../src/frontend/schemes/unfold-heads.js';
import { functionNames } from '../../src/frontend/values/functions.js';
import type { BinaryOperator, Section } from '../../src/parser/ast.js';
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

/** What stands below a heading, up to the next. */
function chapter(title: string): string {
  const [, text = ''] = new RegExp(`^## ${title}\n([^]*?)(?=^## )`, 'm').exec(page) ?? [];
  return text;
}

describe('the reference page', () => {
  test('has the component tables of the catalogue (scripts/generate-docs.ts writes them)', async () => {
    expect(page).toBe(await renderReference(page));
  });

  test('names every function', () => {
    const named = [...chapter('Functions').matchAll(/`(\w+)\(/g)].map(([, name]) => name!);
    expect([...named].sort()).toEqual([...functionNames].sort());
  });

  test('names every section, and every field of each', () => {
    for (const word of [...topLevel, ...sectionNames]) {
      expect(chapter('Files and sections')).toContain(`| \`${word} `);
    }
    for (const skip of schemes.skip) {
      expect(chapter('Files and sections')).toContain(`| \`skip ${skip}`);
    }
    const fieldsOf = (section: keyof typeof slotNames): readonly string[] =>
      Object.keys(slotNames[section]!);
    const fields: readonly (readonly [string, readonly string[]])[] = [
      ['Encoder', ['widths', ...fieldsOf('encoder'), ...encoderFields]],
      ['Skips', fieldsOf('skip')],
      ['Decoder', ['widths', ...fieldsOf('decoder')]],
      ['Heads', headFields],
      ['Training', componentFields],
    ];
    for (const [title, names] of fields) {
      const rows = chapter(title);
      expect(names.filter((name) => !rows.includes(`| \`${name}\``))).toEqual([]);
    }
    const known = Object.values(slotNames).flatMap((slots) => Object.values(slots).flat());
    const slots = chapter('What slots know');
    expect(known.filter((name) => !slots.includes(`\`${name}\``))).toEqual([]);
  });

  test('names every operator', () => {
    const operators = chapter('Operators');
    const written: readonly BinaryOperator[] = [
      ...(['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', 'and', 'or'] as const),
    ];
    for (const operator of [...written, 'not', '->']) {
      expect(operators).toContain(`\`${operator}\``);
    }
  });

  test('lists its headings, and its links lead somewhere', () => {
    const anchor = (heading: string): string => `#${heading.toLowerCase().replaceAll(' ', '-')}`;
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => anchor(heading!));
    const linked = [...page.matchAll(/^- \[[^\]]*\]\((#[^)]*)\)$/gm)].map(([, target]) => target);
    expect(linked).toEqual(headings);
  });
});

/** The anchors of a page's headings. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(
    ([, heading]) =>
      `#${heading!
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-')}`,
  );

const pages = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

test.each(['README.md', 'CONTRIBUTING.md', ...pages])('the links of %s lead somewhere', (path) => {
  const links = [...readFileSync(path, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, link]) => link!,
  );
  const dead = links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(`#${anchor}`);
  });
  expect(dead).toEqual([]);
});
