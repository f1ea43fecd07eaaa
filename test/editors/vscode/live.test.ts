import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Live } from '../../../editors/vscode/src/live.js';

interface Question {
  readonly signal: AbortSignal;
  readonly answer: (text: string) => void;
  readonly fail: (error: Error) => void;
}

let questions: Question[];
let shown: unknown[];
let live: Live<string>;

beforeEach(() => {
  jest.useFakeTimers();
  [questions, shown] = [[], []];
  live = new Live<string>({
    ask: (signal) =>
      new Promise((answer, fail) => {
        questions.push({ signal, answer, fail });
      }),
    show: (text) => shown.push(text),
    fail: (error) => shown.push(error),
    pause: 100,
  });
});
afterEach(() => void jest.useRealTimers());

test('an answer that comes late is not shown after a newer one', async () => {
  const [first, second] = [live.refresh(), live.refresh()];
  questions[1]!.answer('new');
  await second;
  questions[0]!.answer('old');
  await first;
  expect(shown).toEqual(['new']);
});

test('an older question is called off', () => {
  void live.refresh();
  expect(questions[0]!.signal.aborted).toBe(false);
  void live.refresh();
  expect(questions.map(({ signal }) => signal.aborted)).toEqual([true, false]);
});

test('a late failure is not told', async () => {
  const [first, second] = [live.refresh(), live.refresh()];
  questions[0]!.fail(new Error('cancelled'));
  questions[1]!.answer('new');
  await Promise.all([first, second]);
  expect(shown).toEqual(['new']);
});

test('a question that fails is told', async () => {
  const requested = live.refresh();
  const error = new Error('no');
  questions[0]!.fail(error);
  await requested;
  expect(shown).toEqual([error]);
});

test('changes are gathered until they pause', async () => {
  for (let change = 0; change < 10; change += 1) {
    live.refreshSoon();
    await jest.advanceTimersByTimeAsync(50);
  }
  expect(questions).toHaveLength(0);
  await jest.advanceTimersByTimeAsync(50);
  expect(questions).toHaveLength(1);
});

test('nothing is asked or shown after the end', async () => {
  const requested = live.refresh();
  live.refreshSoon();
  live.stop();
  questions[0]!.answer('text');
  await requested;
  await jest.advanceTimersByTimeAsync(1000);
  expect(questions).toHaveLength(1);
  expect(shown).toEqual([]);
});
