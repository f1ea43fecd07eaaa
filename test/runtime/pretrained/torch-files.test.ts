import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTensorFile } from '../../../src/runtime/pretrained/open-tensor-file.js';
import { readPickle } from '../../../src/runtime/pretrained/pytorch/read-pickle.js';
import { TensorFileError } from '../../../src/runtime/pretrained/tensor-file.js';
import { zipFile } from '../../../src/runtime/exports/weights/zip.js';
import { root } from '../../codegen/cases.js';

interface StoredFile {
  readonly name: string;
  readonly file: string;
  readonly tensors: Readonly<Record<string, { shape: number[]; values: number[] }>>;
}

const stored = JSON.parse(
  readFileSync(join(root, 'test/oracles/torch-files.json'), 'utf8'),
) as readonly StoredFile[];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-torch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (bytes: Uint8Array): string => {
  const path = join(folder, 'weights.pth');
  writeFileSync(path, bytes);
  return path;
};

async function reasonOf(bytes: Uint8Array): Promise<string> {
  try {
    (await openTensorFile(write(bytes))).tensors.forEach((tensor) => tensor.read());
  } catch (error) {
    if (error instanceof TensorFileError) return error.reason;
    throw error;
  }
  return 'it was read';
}

test.each(stored.map((each) => [each.name, each] as const))(
  'the tensors of %s',
  async (_, { file, tensors }) => {
    const { format, tensors: found } = await openTensorFile(write(Buffer.from(file, 'base64')));
    expect(format).toBe('PyTorch');
    const weights = found.filter(({ isWhole }) => !isWhole);
    const content = Object.fromEntries(
      weights.map(({ name, shape, read }) => [name, { shape: [...shape], values: [...read()] }]),
    );
    const expected = Object.entries(tensors).map(([name, { shape, values }]) => [
      name,
      { shape, values: [...Float32Array.from(values)] },
    ]);
    expect(content).toEqual(Object.fromEntries(expected));
  },
);

describe('files that are damaged are told, and nothing else happens', () => {
  const bytesOf = (name: string): Buffer =>
    Buffer.from(stored.find((each) => each.name === name)!.file, 'base64');

  test.each(['a state_dict', 'a whole module before 1.6'])('%s, cut short', async (name) => {
    const bytes = bytesOf(name);
    for (let length = 16; length < bytes.length; length += 37) {
      expect(await reasonOf(bytes.subarray(0, length))).not.toBe('it was read');
    }
  });

  test.each(stored.map(({ name }) => name))('%s, with bytes changed', async (name) => {
    const bytes = bytesOf(name);
    for (let at = 5; at < bytes.length; at += 41) {
      const changed = Buffer.from(bytes);
      changed[at] = bytes[at]! ^ 0x55;
      // Whatever it is now, it is read or told.
      expect(typeof (await reasonOf(changed))).toBe('string');
    }
  });

  const archive = (pickle: string | Buffer, more: Readonly<Record<string, string>> = {}): Buffer =>
    Buffer.concat(
      zipFile(
        Object.entries({ 'x/data.pkl': pickle, ...more }).map(([name, content]) => ({
          name,
          content: [Buffer.from(content as string, 'latin1')],
        })),
      ),
    );

  test.each([
    ['nothing of PyTorch', '\u0080\u0002]q\u0000.', {}, 'without a state_dict'],
    ['an unknown instruction', '\u0080\u0002\u00ff.', {}, 'instruction 0xff'],
    ['no end', '\u0080\u0002(', {}, 'damaged or cut short'],
    ['a big-endian machine', '\u0080\u0002]q\u0000.', { 'x/byteorder': 'big' }, 'highest byte'],
  ])('%s', async (_, pickle, more, reason) => {
    expect(await reasonOf(archive(pickle, more))).toContain(reason);
  });

  test('a list within itself', async () => {
    expect(
      await reasonOf(archive('\u0080\u0002}q\u0000X\u0001\u0000\u0000\u0000ah\u0000s.')),
    ).toContain('without a state_dict');
  });
});

test('what a pickle would call is not called', () => {
  const pickle = Buffer.from(
    '\u0080\u0002cos\nsystem\nX\u0005\u0000\u0000\u0000false\u0085R.',
    'latin1',
  );
  expect(readPickle(pickle).value).toMatchObject({
    kind: 'object',
    callee: { kind: 'global', name: 'os.system' },
    args: ['false'],
  });
});
