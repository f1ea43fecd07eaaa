import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { join } from 'node:path';
import { graphWeights } from '../../../src/codegen/tfjs/weights.js';
import type { Batch } from '../../../src/runtime/data/batches.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { evaluateSplit } from '../../../src/runtime/prediction/evaluate-split.js';
import { openRun } from '../../../src/runtime/prediction/open-run.js';
import type { TrainingEvent } from '../../../src/runtime/training/events.js';
import { renderBar, renderLines } from '../../../src/runtime/training/progress.js';
import { describeNetwork } from '../../../src/runtime/training/network-interface.js';
import { checkNetwork } from '../../../src/runtime/training/setup.js';
import { makeTargets } from '../../../src/runtime/training/targets.js';
import { compiled, logOf, openWorkshop, trained, type Workshop } from './support.js';

const spec = (predict: string, classes = 2): string => `
model Guided {
  input image: [H, W, 1]
  encoder plain { widths: [4, 8, 8], stage: conv(width, 3) -> relu, down: max_pool(2) }
  skip nested {}
  decoder { up: nearest(2), stage: conv(width, 3) -> relu }
  head present: e3 -> dropout(0.2) -> conv(${classes}, 1) -> global_max_pool -> sigmoid
  head mask: conv(1, 1) -> sigmoid -> [identity, present -> is_largest(1)] -> multiply {
    supervise: all
    weights: [1, 3]
    predict: ${predict}
  }
}
train Guided {
  loss: dice
  loss present: 0.5 * bce
  optimizer: adam(lr: 0.01)
  sizes: crop(24)
  epochs: 2
  batch: 2
}
`;

let shop: Workshop;

beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
});
afterAll(() => shop.remove());

describe.each(['main', 'average'])('a run that predicts the %s', (predict) => {
  const out = (): string => join(shop.folder, predict);
  let told: readonly TrainingEvent[] = [];

  test('trains every head', async () => {
    const run = compiled(spec(predict));
    const { value, diagnostics, events } = await trained({ data: shop.data, out: out(), run });
    told = events;
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(value?.kind).toBe('finished');
    const losses = logOf(out()).flatMap((entry) => {
      const { kind, loss } = entry as { kind: string; loss: number };
      return kind === 'step' ? [loss] : [];
    });
    expect(losses.every(Number.isFinite)).toBe(true);
  });

  test('logs the loss of every output, of which the loss is the weighted sum', () => {
    const epochs = logOf(out()).flatMap((entry) => {
      const given = entry as { kind: string; loss: number; losses: Record<string, number> };
      return given.kind === 'epoch' ? [given] : [];
    });
    expect(epochs).toHaveLength(2);
    for (const { loss, losses } of epochs) {
      expect(Object.keys(losses)).toEqual(['present', 'mask_x1_1', 'mask']);
      const mask = (losses['mask_x1_1']! + 3 * losses['mask']!) / 4;
      expect(losses['present']! + mask).toBeCloseTo(loss, 5);
    }
  });

  test('shows the losses of training and validation of the same head', () => {
    const epochs = told.filter((event) => event.kind === 'epoch');
    const logged = logOf(out()).filter((entry) => (entry as { kind: string }).kind === 'epoch');
    expect(epochs).toHaveLength(2);
    for (const [at, event] of epochs.entries()) {
      const { losses, validation } = logged[at] as {
        losses: Record<string, number>;
        validation: { head: string; loss: number };
      };
      const main = losses['mask']!;
      const own = predict === 'main' ? main : (losses['mask_x1_1']! + 3 * main) / 4;
      expect(event.predicted).toEqual({ head: 'mask', loss: expect.closeTo(own, 6) });
      expect(validation).toMatchObject({ head: 'mask', loss: event.validationLoss });
      const [line] = renderLines(event);
      const both = `loss of mask ${own.toFixed(4)}  validation ${validation.loss.toFixed(4)}  `;
      expect(line).toContain(both);
      expect(line).toContain(`  all losses ${event.loss.toFixed(4)}  `);
    }
    const steps = told.filter((event) => event.kind === 'step');
    const last = steps.findLast(({ epoch }) => epoch === 2)!;
    expect(last.predicted).toEqual(epochs[1]!.predicted);
    expect(renderBar(last, '', 200)).toContain(`loss of mask ${last.predicted!.loss.toFixed(4)}`);
  });

  test('evaluates every column and their mean', async () => {
    const { value: run } = await openRun(out(), 'last');
    const { value } = await evaluateSplit(run!, shop.data, 'val');
    expect([...value!.others.keys()]).toEqual(['mask/mask_x1_1', 'mask/mask', 'mask/average']);
    const dice = (name: string): number => value!.others.get(name)!.get('dice')!.mean!;
    const predicted = value!.metrics.get('dice')!.mean!;
    expect(dice(predict === 'main' ? 'mask/mask' : 'mask/average')).toBeCloseTo(predicted, 6);
  });
});

test('what is predicted needs neither supervised heads nor dropout', async () => {
  const { value: run } = await openRun(join(shop.folder, 'main'), 'last');
  const names = graphWeights(run!.run.model.graph).map(({ name }) => name);
  expect(names.some((name) => name.startsWith('mask_x1_1/'))).toBe(true);
  const predictor = await run!.createPredictor();
  const data = new Float32Array(32 * 32).fill(0.4);
  const image = { height: 32, width: 32, channels: 1, data };
  const { value } = await predictor.predict(image, { file: '', start: 0, end: 0 });
  expect([...value!.probabilities.data].every((p) => p >= 0 && p <= 1)).toBe(true);
  expect(value!.others.size).toBe(0);
  predictor.dispose();
});

describe('targets of whole images', () => {
  const batch: Batch = {
    names: ['a', 'b'],
    count: 2,
    inputHeight: 2,
    inputWidth: 2,
    outputHeight: 2,
    outputWidth: 2,
    channels: 1,
    images: new Float32Array(8),
    masks: Uint8Array.from([0, 0, 1, 0, 0, 255, 1, 0]),
    weights: Float32Array.from([1, 1, 1, 1, 1, 1, 0, 1]),
    planes: [],
    targets: new Map(),
  };
  const truthOf = (classes: number): readonly number[] => {
    const { model, recipe } = compiled(spec('main', classes));
    const { outputs } = describeNetwork(compiled(spec('main', classes)));
    const given = new Map(
      model.graph.outputs.map(({ name }) => [name, tf.zeros([2, 2, 2, 1]) as tf.Tensor4D]),
    );
    const target = makeTargets(outputs, recipe.losses, batch, given).get('present')!;
    return [...target.truth.dataSync()];
  };

  test('tell background alone from what occurs; pixels that do not count are not seen', () => {
    expect(truthOf(2)).toEqual([0, 1, 1, 0]);
  });

  test('need a channel, or one for each class', () => {
    const codes = (classes: number): readonly string[] =>
      checkNetwork(compiled(spec('main', classes))).map(({ code }) => code);
    expect(codes(2)).toEqual([]);
    expect(codes(5)).toEqual(['UNET6119']);
  });
});
