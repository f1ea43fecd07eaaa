import { beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ComponentDeclaration } from '../../../src/catalog/component.js';
import { losses } from '../../../src/catalog/losses.js';
import type { LossExpression, LossName } from '../../../src/ir/recipe.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { Head } from '../../../src/runtime/losses/head.js';
import { lossOfHead } from '../../../src/runtime/losses/loss.js';
import { makeTarget } from '../../../src/runtime/losses/target.js';
import * as tf from '../../../src/runtime/tensorflow.js';
import { describeOn } from '../webgpu.js';

interface Case {
  readonly name: string;
  readonly head: 'one' | 'three' | 'alone';
  readonly shape: readonly [count: number, height: number, width: number];
  readonly channels: number;
  readonly mask: readonly number[];
  readonly logits: readonly number[];
}
interface Value {
  readonly loss: LossName;
  readonly options: Readonly<Record<string, unknown>>;
  readonly case: string;
  readonly value: number;
  readonly gradient: readonly number[];
}
const oracle = JSON.parse(readFileSync('test/oracles/loss-definitions.json', 'utf8')) as {
  readonly cases: readonly Case[];
  readonly values: readonly Value[];
};
const cases = new Map(oracle.cases.map((each) => [each.name, each]));
const titled = oracle.values.map(
  (value) => [`${value.loss} ${JSON.stringify(value.options)} of ${value.case}`, value] as const,
);

test('the options of the oracle are those that the catalogue has', () => {
  for (const { loss, options } of oracle.values) {
    const declared: ComponentDeclaration['options'] = losses[loss].options;
    expect(Object.keys(declared)).toEqual(expect.arrayContaining(Object.keys(options)));
    const required = Object.keys(declared).filter((name) => declared[name]!.optional !== true);
    expect(Object.keys(options)).toEqual(expect.arrayContaining(required));
  }
});

function headOf({ head, channels }: Case, gives: Head['gives']): Head {
  return {
    ...{ name: 'mask', channels, classCount: Math.max(2, channels), gives },
    activation: head === 'three' ? 'softmax' : 'sigmoid',
    form: 'classes',
    classifiesImages: false,
  };
}

/** The loss as a function of what the head gives. */
function lossOf({ loss, options, case: name }: Value, gives: Head['gives']) {
  const of = cases.get(name)!;
  const [count, height, width] = of.shape;
  const origin = { file: '', start: 0, end: 0 };
  const expression: LossExpression = { kind: 'loss', loss: { name: loss, options, origin } };
  return (output: tf.Tensor): tf.Scalar =>
    lossOfHead(
      expression,
      headOf(of, gives),
      output as tf.Tensor4D,
      makeTarget(headOf(of, gives), {
        ...{ count, height, width },
        masks: Uint8Array.from(of.mask),
        weights: new Float32Array(of.mask.length).fill(1),
      }),
    );
}

const outputOf = ({ shape, channels, logits }: Case): tf.Tensor4D =>
  tf.tensor4d([...logits], [...shape, channels]);

describeOn(['cpu', 'wasm', 'webgpu', 'tensorflow'], 'losses by their definitions', (engine) => {
  beforeAll(async () => {
    if (engine === 'cpu' || engine === 'wasm') await startEngine(engine);
    await tf.setBackend(engine);
  });

  test.each(titled)('%s', async (_title, value) => {
    const of = cases.get(value.case)!;
    const [found, gradient, ofProbabilities] = tf.tidy(() => {
      const logits = outputOf(of);
      const p = of.head === 'three' ? tf.softmax(logits, -1) : tf.sigmoid(logits);
      const { value: loss, grad } = tf.valueAndGrad(lossOf(value, 'logits'))(logits);
      return [loss, grad, lossOf(value, 'probabilities')(p)];
    });
    const most = Math.max(1, Math.abs(value.value));
    expect(Math.abs((await found.data())[0]! - value.value) / most).toBeLessThan(2e-6);
    expect(Math.abs((await ofProbabilities.data())[0]! - value.value) / most).toBeLessThan(5e-6);
    const largest = Math.max(1e-3, ...value.gradient.map(Math.abs));
    const slopes = await gradient.data();
    expect(slopes.length).toBe(value.gradient.length);
    value.gradient.forEach((expected, at) =>
      expect(Math.abs(slopes[at]! - expected) / largest).toBeLessThan(1e-4),
    );
    tf.dispose([found, gradient, ofProbabilities]);
  });
});
