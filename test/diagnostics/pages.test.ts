import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { compileText } from '../../src/compile.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { messages } from '../../src/diagnostics/messages/index.js';
import type { Message } from '../../src/diagnostics/messages/message.js';
import { sentenceShape } from '../../src/diagnostics/sentence-shape.js';
import { SourceFile } from '../../src/diagnostics/source.js';
import { parse } from '../../src/parser/parse.js';

const folder = 'docs/diagnostics';
const byCode = new Map<string, Message<never>>(
  Object.values(messages).map((message) => [message.code, message as Message<never>]),
);
const pages = readdirSync(folder)
  .filter((name) => /^UNET\d+\.md$/.test(name))
  .map((name) => name.replace('.md', ''));

/** A page in its parts. */
interface Page {
  readonly sentence: string;
  readonly sections: ReadonlyMap<string, string>;
}

function readPage(code: string): Page {
  const text = readFileSync(`${folder}/${code}.md`, 'utf8');
  const [head, ...parts] = text.split(/^## /m);
  const [, sentence = ''] = new RegExp(`^# ${code}\n\n((?:> .*\n)+)\n$`).exec(head!) ?? [];
  return {
    sentence: sentence.replace(/^> /gm, '').trim().replaceAll('\n', ' '),
    sections: new Map(
      parts.map((part) => {
        const [title = '', ...body] = part.split('\n');
        return [title, body.join('\n').trim()];
      }),
    ),
  };
}

describe.each(pages)('the page of %s', (code) => {
  const page = readPage(code);

  test('belongs to a message and has its sentence', () => {
    const message = byCode.get(code);
    expect(message).toBeDefined();
    expect(page.sentence).toBe(sentenceShape(message!).replace(/\s*\n\s*/g, ' '));
  });

  test('has its sections, in order and not empty', () => {
    expect([...page.sections.keys()]).toEqual(['What it means', 'Example', 'Repair', 'Related']);
    expect([...page.sections.values()].filter((body) => body === '')).toEqual([]);
  });

  test('leads to messages that exist', () => {
    const related = page.sections.get('Related')!.match(/UNET\d+/g) ?? [];
    expect(related.length).toBeGreaterThan(0);
    expect(related.filter((other) => !byCode.has(other) || other === code)).toEqual([]);
  });
});

/** Examples that nobody wants to read, and their repairs. */
const made: Readonly<Record<string, readonly [example: string, repair: string]>> = {
  UNET1010: [`x = ${'('.repeat(65)}1${')'.repeat(65)}`, 'x = ((1))'],
  UNET1011: ['x '.repeat(100_001), 'x'],
  UNET1012: [`x = ${'1 if y == 1 else '.repeat(65)}1`, 'x = 1 if y == 1 else 1'],
  UNET1013: ['x\0', 'x'],
};

/** The specs in the `unet` fence of a section. */
function specIn(page: Page, title: string): string {
  const [, text = ''] = /```unet\n([^]*?)```/.exec(page.sections.get(title)!) ?? [];
  return text;
}

const codesOf = (diagnostics: readonly Diagnostic[]): readonly string[] => [
  ...new Set(diagnostics.map(({ code }) => code)),
];

/** What the stage says that a code belongs to; what later stages make of a broken text is theirs. */
function diagnose(code: string, text: string): readonly string[] {
  return codesOf(
    code.startsWith('UNET1')
      ? parse(new SourceFile('page.unet', text)).diagnostics
      : compileText('page.unet', text).diagnostics,
  );
}

describe.each(pages.filter((code) => /^UNET[1-5]/.test(code)))('the specs of %s', (code) => {
  const page = readPage(code);
  const [example, repair] = made[code] ?? [specIn(page, 'Example'), specIn(page, 'Repair')];

  test('raise the code and nothing else', () => expect(diagnose(code, example)).toEqual([code]));
  test('raise nothing when repaired', () => {
    expect(repair).not.toBe('');
    expect(diagnose(code, repair)).toEqual([]);
  });
});

/** The ranges whose pages are written; the others follow. */
const written = ['1', '7'];

test.each([...byCode.keys()].filter((code) => written.includes(code[4]!)))(
  '%s has a page',
  (code) => expect(existsSync(`${folder}/${code}.md`)).toBe(true),
);
