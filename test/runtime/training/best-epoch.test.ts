import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { compiled, openWorkshop, smallSpec, trained, type Workshop } from './support.js';

let workshop: Workshop;

beforeAll(async () => {
  await startEngine('wasm');
  workshop = await openWorkshop();
});
afterAll(() => workshop.remove());

test.each([
  ['dice', (value: number, best: number) => value > best],
  ['hausdorff', (value: number, best: number) => value < best],
])('the best epoch by %s is the one that has the best so far', async (metric, isBetter) => {
  const text = smallSpec
    .replace('metrics: [dice, iou]', `metrics: [${metric}]`)
    .replace('epochs: 2', 'epochs: 5');
  const { events } = await trained({
    data: workshop.data,
    out: join(workshop.folder, metric),
    run: compiled(text),
  });
  const epochs = events.flatMap((event) => (event.kind === 'epoch' ? [event] : []));
  expect(epochs).toHaveLength(5);
  let best: number | undefined;
  for (const { metrics, isBest } of epochs) {
    const [value] = [...metrics.values()].map(({ mean }) => mean);
    expect(isBest).toBe(best === undefined || isBetter(value!, best));
    if (isBest) best = value;
  }
  expect(new Set(epochs.map(({ isBest }) => isBest)).size).toBe(2);
});
