import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { trainingStep } from '../../src/runtime/network/training-step.js';
import { Optimizer } from '../../src/runtime/network/optimizers/optimizer.js';
import { sgd } from '../../src/runtime/network/optimizers/sgd.js';
import { weightsFromValues } from '../../src/runtime/network/weights.js';
import { compileSpec, referenceImage, referenceWeights, trainings } from './reference.js';

describe.each(['wasm', 'cpu'] as const)('on %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine);
  });

  test.each(trainings)('$id follows the reference losses', (run) => {
    const model = compileSpec(run.network, run.set);
    const [n, c, h, w] = run.input;
    const weights = weightsFromValues(model.graph, referenceWeights(model, run.weights));
    const network = buildFunctionalNetwork(model.graph);
    const image = tf.tensor4d(referenceImage(run.input), [n, h, w, c]);
    const target = tf.oneHot(
      tf.tensor3d(referenceLabels(n, h, w, run.classes), [n, h, w], 'int32'),
      run.classes,
    ) as tf.Tensor4D;
    const optimizer = new Optimizer(sgd());
    const loss = (outputs: ReadonlyMap<string, tf.Tensor4D>): tf.Scalar =>
      tf.tidy(() => {
        const logits = outputs.get('mask')!;
        return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), -1))) as tf.Scalar;
      });

    const before = new Map(
      graphWeights(model.graph).map(({ name }) => [name, weights.get(name).clone()]),
    );
    const losses = run.losses.map((_, step) => {
      const value = trainingStep(
        { network, weights, optimizer, loss },
        { image, learningRate: run.learningRate },
      );
      if (step === 0) checkFirstGradients();
      const [number] = value.dataSync();
      value.dispose();
      return number!;
    });
    for (const [step, expected] of run.losses.entries()) {
      expect(Math.abs(losses[step]! - expected)).toBeLessThan(1e-4);
    }

    /** Plain descent: the first step's gradient is what the weights lost, over the rate. */
    function checkFirstGradients(): void {
      const trainable = graphWeights(model.graph).filter((spec) => spec.trainable);
      expect(trainable.length).toBe(run.gradientNorms.length);
      for (const [position, { name }] of trainable.entries()) {
        const norm = tf.tidy(
          () =>
            tf.norm(tf.sub(before.get(name)!, weights.get(name))).dataSync()[0]! / run.learningRate,
        );
        const expected = run.gradientNorms[position]!;
        expect(Math.abs(norm - expected)).toBeLessThan(1e-4 + 1e-3 * expected);
      }
    }
  });
});

function referenceLabels(n: number, h: number, w: number, classes: number): Int32Array {
  const labels = new Int32Array(n * h * w);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < h; b++)
      for (let c = 0; c < w; c++) {
        labels[(a * h + b) * w + c] = (a + 3 * b + 5 * c + Math.floor((b * c) / 7)) % classes;
      }
  return labels;
}
