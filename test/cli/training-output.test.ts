import { expect, test } from '@jest/globals';
import { createOutput } from '../../src/cli/output.js';
import { createWatcher } from '../../src/cli/training-output.js';
import type { TrainingEvent } from '../../src/runtime/training/events.js';

const step = (batch: number): TrainingEvent => ({
  ...{ kind: 'step', epoch: 1, epochs: 2, batch, batches: 100 },
  ...{ loss: 0.5, predicted: undefined, imagesPerSecond: 4, secondsLeft: 61 },
});
const validation: TrainingEvent = {
  ...{ kind: 'validation', epoch: 1, epochs: 2 },
  ...{ image: 3, images: 9 },
};
const stopped: TrainingEvent = { kind: 'stopped', epoch: 1, step: 9 };

/** What is written for events, each at a second. */
function written(
  isTerminal: boolean,
  events: readonly (readonly [number, TrainingEvent])[],
): string {
  let text = '';
  let now = 0;
  const sink = { colour: false, width: 100, isTerminal };
  const output = createOutput({ ...sink, write: (part) => (text += part) });
  const watch = createWatcher(output, () => now);
  for (const [second, event] of events) {
    now = second * 1000;
    watch(event);
  }
  return text;
}

test('where nobody watches, a line every five seconds, which begin anew behind other lines', () => {
  const text = written(false, [
    ...([1, 2, 4].map((second) => [second, step(second)]) as [number, TrainingEvent][]),
    [5, step(5)],
    [9, step(9)],
    [10, validation],
    [12, stopped],
    [16, step(16)],
    [17, step(17)],
  ]);
  expect(text).toBe(
    [
      'epoch 1/2  step 5/100  loss 0.5000  4.0 images/s  1:01 left',
      'epoch 1/2  validating 3/9',
      'stopped in epoch 1, after step 9',
      'epoch 1/2  step 17/100  loss 0.5000  4.0 images/s  1:01 left',
      '',
    ].join('\n'),
  );
});

test('on a terminal, a bar that is drawn again ten times a second', () => {
  const text = written(true, [
    [0, step(1)],
    [0.05, step(2)],
    [0.1, step(3)],
  ]);
  expect(text.match(/loss 0.5000/g)).toHaveLength(2);
  expect(text).not.toContain('\n');
});
