import { expect, test } from '@jest/globals';
import { messages } from '../../src/diagnostics/messages/index.js';
import { error, type Message } from '../../src/diagnostics/messages/message.js';
import { sentenceShape } from '../../src/diagnostics/sentence-shape.js';

test('names stand for values', () => {
  const message = error(
    'UNET9001',
    (p: { name: string; known: readonly string[]; count: number }) =>
      `"${p.name}" is none of ${p.known.map((known) => `"${known}"`).join(', ')} (${p.count > 1 ? p.count : 'one'}).`,
  );
  expect(sentenceShape(message as Message<never>)).toMatch(
    /^"<name>" is none of <known> \(.*\)\.$/,
  );
});

test.each(Object.entries(messages))('%s has a sentence', (_name, message) => {
  const shape = sentenceShape(message as Message<never>);
  expect(shape).toMatch(/^["<A-Z].*\.$/s);
  expect(shape).not.toMatch(/undefined|NaN|\[object/);
});

test('codes are used once', () => {
  const codes = Object.values(messages).map((message) => message.code);
  expect(new Set(codes).size).toBe(codes.length);
});
