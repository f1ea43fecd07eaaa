import { describe, expect, test } from '@jest/globals';
import { createMessageFilter } from '../../src/lsp/message-frames.js';

const message = (id: number, text = ''): string => JSON.stringify({ jsonrpc: '2.0', id, text });
const framed = (body: string, length = Buffer.byteLength(body)): string =>
  `Content-Length: ${length}\r\n\r\n${body}`;

/** The ids of the messages that come through, in whatever pieces they go in, and what was told. */
async function pass(
  input: string,
  pieces = input.length,
): Promise<{ readonly ids: readonly number[]; readonly reported: readonly string[] }> {
  const reported: string[] = [];
  const filter = createMessageFilter((problem) => reported.push(problem));
  const bytes = Buffer.from(input);
  for (let at = 0; at < bytes.length; at += pieces) filter.write(bytes.subarray(at, at + pieces));
  filter.end();
  const chunks: Buffer[] = [];
  for await (const chunk of filter) chunks.push(chunk as Buffer);
  const output = Buffer.concat(chunks).toString('utf8');
  const ids: number[] = [];
  for (let rest = output; rest !== '';) {
    const [header, length] = /^Content-Length: (\d+)\r\n\r\n/.exec(rest)!;
    const body = Buffer.from(rest).subarray(header.length, header.length + Number(length));
    ids.push((JSON.parse(body.toString('utf8')) as { id: number }).id);
    rest = Buffer.from(rest)
      .subarray(header.length + body.length)
      .toString('utf8');
  }
  return { ids, reported };
}

const good = framed(message(1, 'ü€😀')) + framed(message(2));

describe('messages', () => {
  test.each([1, 2, 3, 7, 1000])('come through in pieces of %d bytes', async (pieces) => {
    expect(await pass(good, pieces)).toEqual({ ids: [1, 2], reported: [] });
  });

  test('come through with other headers, in any order and case', async () => {
    const body = message(1);
    const type = 'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n';
    const length = `Content-Length: ${body.length}\r\n`;
    const input = `${type}${length}\r\n${body}${length}${type}\r\n${body}${length.toLowerCase()}\r\n${body}`;
    expect(await pass(input)).toEqual({ ids: [1, 1, 1], reported: [] });
  });

  test('come through when they are long, also in small pieces', async () => {
    const input = framed(message(1, 'x'.repeat(300_000))) + framed(message(2));
    expect(await pass(input, 1000)).toEqual({ ids: [1, 2], reported: [] });
  });

  test('may hold what looks like a header in a text', async () => {
    const input = framed(message(1, 'Content-Length: 5\r\n\r\n')) + framed(message(2));
    expect((await pass(input)).ids).toEqual([1, 2]);
  });
});

describe('what is no message is passed over and told, and the next one comes through', () => {
  test.each([
    ['bytes', 'nonsense'],
    ['lines', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['zeros', '\0'.repeat(100)],
    ['an empty line', '\r\n\r\n'],
    ['a negative length', 'Content-Length: -5\r\n\r\n{}'],
    ['a length that is no number', 'Content-Length: five\r\n\r\n{}'],
    ['an empty length', 'Content-Length: \r\n\r\n{}'],
    ['a huge length', 'Content-Length: 99999999999999999999\r\n\r\n'],
    ['a length of gigabytes', 'Content-Length: 4000000000\r\n\r\n{}'],
    ['a length that is too large', framed(message(9), 100_000)],
    ['a length that is larger by one', framed(message(9), message(9).length + 1)],
    ['a length that is too small', framed(message(9), 7)],
    ['a body that is no JSON', framed('{"id":')],
    ['an empty body', framed('')],
    ['a header without an end', `Content-Length: 5 ${'x'.repeat(5000)}`],
    ['many of them', 'Content-Length: x\r\n\r\n'.repeat(20)],
  ])('%s', async (_, input) => {
    for (const pieces of [1, 5, 100_000]) {
      const { ids, reported } = await pass(input + good, pieces);
      expect(ids.filter((id) => id !== 9)).toEqual([1, 2]);
      expect(reported.length).toBeGreaterThan(0);
    }
  });

  test('a message whose length is too large is not lost', async () => {
    expect((await pass(framed(message(9), 100_000) + good)).ids).toEqual([9, 1, 2]);
  });

  test('bytes without end are not kept', async () => {
    const filter = createMessageFilter(() => undefined);
    filter.resume();
    const chunk = Buffer.alloc(2 ** 20, 0x78);
    for (let at = 0; at < 64; at++) {
      await new Promise<void>((done) => filter.write(chunk, () => done()));
    }
    filter.end();
    expect(filter.readableLength).toBe(0);
  });
});
