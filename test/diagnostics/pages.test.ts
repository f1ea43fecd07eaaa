import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { messages } from '../../src/diagnostics/messages/index.js';
import type { Message } from '../../src/diagnostics/messages/message.js';
import { sentenceShape } from '../../src/diagnostics/sentence-shape.js';

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

/** The ranges whose pages are written; the others follow. */
const written = [7];

test.each([...byCode.keys()].filter((code) => written.includes(Number(code[4]))))(
  '%s has a page',
  (code) => expect(existsSync(`${folder}/${code}.md`)).toBe(true),
);
