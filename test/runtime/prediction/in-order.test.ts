import { expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { inOrder } from '../../../src/runtime/prediction/in-order.js';

/** Work that ends when it is told to. */
function controlled(): {
  readonly begun: number[];
  readonly open: (item: number, pixels: number) => void;
  readonly end: (item: number, error?: Error) => void;
  readonly work: Parameters<typeof inOrder<number, string>>[1];
} {
  const begun: number[] = [];
  const calls = new Map<
    number,
    { opened: (pixels: number) => void; end: (error?: Error) => void }
  >();
  return {
    begun,
    open: (item, pixels) => calls.get(item)!.opened(pixels),
    end: (item, error) => calls.get(item)!.end(error),
    work: (item, opened) => {
      begun.push(item);
      return new Promise((resolve, reject) => {
        const end = (error?: Error): void => (error ? reject(error) : resolve(`done ${item}`));
        calls.set(item, { opened, end });
      });
    },
  };
}

/** What comes out, and how it ends. */
function collected(results: AsyncIterable<readonly [number, string]>): {
  readonly given: string[];
  readonly end: Promise<string>;
} {
  const given: string[] = [];
  const read = async (): Promise<string> => {
    try {
      for await (const [, value] of results) given.push(value);
      return 'end';
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { given, end: read() };
}

const items = Array.from({ length: 20 }, (_, at) => at);
const small = 1000;

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await setImmediate();
}

test('the next image begins when the size of the one before is known, eight at a time', async () => {
  const { begun, open, work } = controlled();
  collected(inOrder(items, work));
  await settle();
  expect(begun).toEqual([0]);
  for (let item = 0; item < 8; item++) {
    open(item, small);
    await settle();
    expect(begun).toHaveLength(Math.min(8, item + 2));
  }
});

test('results come in the order of the images, whichever ends first', async () => {
  const { open, end, work } = controlled();
  const { given, end: over } = collected(inOrder([0, 1, 2], work));
  for (const item of [0, 1, 2]) {
    await settle();
    open(item, small);
  }
  end(2);
  end(1);
  await settle();
  expect(given).toEqual([]);
  end(0);
  expect(await over).toBe('end');
  expect(given).toEqual(['done 0', 'done 1', 'done 2']);
});

test('large images wait for each other', async () => {
  const { begun, open, end, work } = controlled();
  collected(inOrder(items, work));
  await settle();
  open(0, 2 ** 24);
  await settle();
  expect(begun).toEqual([0]);
  end(0);
  await settle();
  expect(begun).toEqual([0, 1]);
  open(1, 2 ** 23);
  await settle();
  open(2, 2 ** 23);
  await settle();
  expect(begun).toEqual([0, 1, 2]);
});

test('after a failure nothing is begun, and what was under way is given first', async () => {
  const { begun, open, end, work } = controlled();
  const { given, end: over } = collected(inOrder(items, work));
  for (const item of [0, 1, 2]) {
    await settle();
    open(item, small);
  }
  await settle();
  end(1, new Error('no memory'));
  await settle();
  open(3, small);
  end(3);
  end(2);
  end(0);
  expect(await over).toBe('no memory');
  expect(begun).toEqual([0, 1, 2, 3]);
  expect(given).toEqual(['done 0', 'done 2', 'done 3']);
});
