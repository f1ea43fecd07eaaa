import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../../src/runtime/tensorflow.js';
import { emitPyTorch } from '../../../../src/codegen/pytorch/emit.js';
import { unpredictedClasses } from '../../../../src/runtime/prediction/check-found.js';
import { readOutputs, type TrainedOutput } from '../../../../src/runtime/losses/head.js';
import { lossOfOutputs } from '../../../../src/runtime/losses/loss.js';
import { weightMapsOfAll } from '../../../../src/runtime/losses/loss-terms.js';
import { truthOfImage } from '../../../../src/runtime/losses/target.js';
import { MetricSet } from '../../../../src/runtime/metrics/metric-set.js';
import { mainHead } from '../../../../src/ir/graph-heads.js';
import type { CompiledModel } from '../../../../src/compile.js';
import { Random } from '../../../../src/runtime/random.js';
import { buildOptimizer } from '../../../../src/runtime/training/build-optimizer.js';
import { buildSchedule } from '../../../../src/runtime/training/schedule.js';
import { makeTargets } from '../../../../src/runtime/training/targets.js';
import { findTrainingPython } from '../../../python/find-python.js';
import { preloaded } from '../../../python/preloaded.js';
import { askScripts, filesOf, type PlainTensor, type Question } from './ask-scripts.js';
import { recipes } from './train-recipes.js';

const python = findTrainingPython();
const live = python === undefined ? describe.skip : describe;

const [height, width, count] = [24, 20, 2];
const [batches, epochs] = [3, 4];

/** What a network could give, its masks and its weights, with what ours makes of them. */
interface Asked {
  readonly question: Question;
  readonly model: CompiledModel;
  readonly outputs: readonly TrainedOutput[];
  readonly tensors: readonly tf.Tensor4D[];
  readonly masks: Uint8Array;
  readonly planes: readonly Float32Array[];
  /** By image: probabilities, channels last, and classes. */
  readonly images: readonly { readonly p: Float32Array; readonly mask: Uint8Array }[];
}

live('what scripts compute is what unetc computes', () => {
  const asked = new Map(Object.entries(recipes).map(([name, text]) => [name, ask(name, text)]));
  let answers: ReturnType<typeof askScripts>;
  beforeAll(() => {
    answers = askScripts(
      preloaded(python!),
      [...asked.values()].map(({ question }) => question),
    );
  });

  test.each([...asked.keys()])('losses and their gradients: %s', (name) => {
    const { model, outputs, tensors, masks, planes } = asked.get(name)!;
    const { losses, total, gradients } = answers[name]!;
    const own: number[] = [];
    const batch = {
      ...{
        count,
        inputHeight: height,
        inputWidth: width,
        channels: 1,
        targets: new Map(),
        names: [],
      },
      ...{ outputHeight: height, outputWidth: width, images: new Float32Array(0) },
      ...{ masks, planes, weights: new Float32Array(masks.length).fill(1) },
    };
    const loss = (...given: tf.Tensor[]): tf.Scalar => {
      const named = new Map(outputs.map(({ head }, at) => [head.name, given[at] as tf.Tensor4D]));
      const targets = makeTargets(outputs, model.recipe.losses, batch, named);
      return lossOfOutputs(outputs, named, targets, (_, each) => own.push(each.dataSync()[0]!));
    };
    const { value, grads } = tf.valueAndGrads(loss)([...tensors]);
    expect(value.dataSync()[0]).toBeCloseTo(total, 4);
    expect(off(own, losses)).toBeLessThan(1e-5);
    for (const [at, grad] of grads.entries()) {
      const first = tf.transpose(grad, [0, 3, 1, 2]).dataSync();
      expect(off(first, gradients[at]!)).toBeLessThan(1e-5);
    }
  });

  test.each([...asked.keys()])('metrics: %s', (name) => {
    const { model, outputs, images } = asked.get(name)!;
    const { head } = outputs.find((each) => each.head.name === mainHead(model.graph).name)!;
    const { channels, classifiesImages } = {
      channels: head.channels,
      classifiesImages: head.classifiesImages,
    };
    const set = new MetricSet(model.recipe.metrics, head.classCount, classifiesImages);
    for (const { p, mask } of images) {
      if (classifiesImages) {
        const given = { probabilities: [...p], isExclusive: head.activation === 'softmax' };
        set.addClassified(given, truthOfImage(channels, mask));
        set.endImage();
      } else {
        set.add({ height, width, channels, data: p }, { height, width, data: mask });
      }
    }
    const { metrics, unpredicted } = answers[name]!;
    const found = [...set.valuesOfSet()];
    expect(Object.keys(metrics)).toEqual(found.map(([label]) => label));
    for (const [label, { mean, classes }] of found) {
      const values = [mean ?? null, ...classes.map((each) => each ?? null)];
      const given = [metrics[label]!.mean, ...metrics[label]!.classes];
      expect([label, given.map((each) => each === null)]).toEqual([
        label,
        values.map((each) => each === null),
      ]);
      expect(off(values.map(Number), given.map(Number))).toBeLessThan(1e-6);
    }
    expect(unpredicted).toEqual(unpredictedClasses(set.counts()));
  });

  test.each([...asked.keys()])('learning rates and steps of the optimizer: %s', (name) => {
    const { model, question } = asked.get(name)!;
    const { rates, weights } = answers[name]!;
    const { schedule, optimizer: call } = model.recipe;
    const { optimizer, learningRate } = buildOptimizer(call);
    const factor = buildSchedule(schedule, epochs, batches);
    expect(
      off(
        rates.map((_, step) => learningRate * factor(step)),
        rates,
      ),
    ).toBeLessThan(1e-12);
    const own = buildSchedule(schedule, 5, 2);
    const variables = Object.entries(question.optimizer.weights).map(([key, each]) => ({
      name: key,
      variable: tf.variable(tensorOf(each)),
    }));
    for (const [step, gradients] of question.optimizer.gradients.entries()) {
      const given = new Map(Object.entries(gradients).map(([key, each]) => [key, tensorOf(each)]));
      optimizer.apply(variables, given, learningRate * own(step));
    }
    for (const { name: key, variable } of variables) {
      expect(off(variable.dataSync(), weights[key]!)).toBeLessThan(1e-5);
    }
  });
});

/** The largest difference, relative to the largest value. */
function off(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length);
  const values = Array.from(ours);
  const most = Math.max(1e-6, ...values.map(Math.abs));
  return Math.max(0, ...values.map((each, at) => Math.abs(each - theirs[at]!))) / most;
}

const tensorOf = ({ shape, values }: PlainTensor): tf.Tensor => tf.tensor([...values], [...shape]);

function ask(name: string, text: string): Asked {
  const { model, files } = filesOf(text);
  const { graph, recipe } = model;
  const random = new Random(11).fork(name);
  const { models } = emitPyTorch([model], { file: 'small.unet' }).value!;
  const outputs = readOutputs(graph, recipe.losses).map((output, at): TrainedOutput => {
    const { isLogits } = models[0]!.outputs[at]!;
    return { ...output, head: { ...output.head, gives: isLogits ? 'logits' : 'probabilities' } };
  });
  const main = outputs.find(({ head }) => head.name === mainHead(graph).name)!.head;
  const classes = main.classCount;
  const values = (length: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length }, () => random.uniform(low, high));
  const sizeOf = ({ head }: TrainedOutput): readonly [number, number] => {
    if (head.classifiesImages) return [1, 1];
    return head.name === 'mask_b' || head.name === 'edge'
      ? [height / 2, width / 2]
      : [height, width];
  };
  const tensors = outputs.map((output) => {
    const [h, w] = sizeOf(output);
    const [low, high] = output.head.gives === 'logits' ? [-4, 4] : [0.02, 0.98];
    const shape: [number, number, number, number] = [count, h, w, output.head.channels];
    return tf.tensor4d(values(count * h * w * output.head.channels, low, high), shape);
  });
  const maskOf = (images: number): Uint8Array =>
    Uint8Array.from({ length: images * height * width }, (_, at) =>
      // The last image is background alone; some pixels have no class.
      random.uniform() < 0.05 ? 255 : at >= 2 * height * width ? 0 : random.integer(classes),
    );
  const masks = maskOf(count);
  const planes = weightMapsOfAll(recipe.losses).map(() => values(masks.length, 0.5, 3));
  const images = [0, 1, 2].map((image) => {
    const [h, w] = main.classifiesImages ? [1, 1] : [height, width];
    const p = values(h * w * main.channels, 0, 1);
    const area = height * width;
    return { p, mask: maskOf(3).slice(image * area, (image + 1) * area) };
  });
  const first = (
    data: Float32Array,
    shape: readonly [number, number, number, number],
  ): PlainTensor =>
    tf.tidy(() => {
      const turned = tf.transpose(tf.tensor4d(data, [...shape]), [0, 3, 1, 2]);
      return { shape: turned.shape, values: [...turned.dataSync()] };
    });
  const gradientOf = (): Readonly<Record<string, PlainTensor>> => ({
    kernel: { shape: [3, 2, 1, 2], values: [...values(12, -1, 1)] },
    bias: { shape: [3], values: [...values(3, -1, 1)] },
  });
  const question: Question = {
    ...{ name, files, epochs: [batches, epochs], steps: batches * epochs },
    outputs: tensors.map((each) => first(each.dataSync<'float32'>().slice(), each.shape)),
    mask: { shape: [count, height, width], values: [...masks] },
    ...(planes.length > 0 && {
      maps: {
        shape: [count, planes.length, height, width],
        values: [0, 1].flatMap((image) =>
          planes.flatMap((plane) => [
            ...plane.slice(image * height * width, (image + 1) * height * width),
          ]),
        ),
      },
    }),
    images: images.map(({ p, mask }) => ({
      p: first(
        p,
        main.classifiesImages ? [1, 1, 1, main.channels] : [1, height, width, main.channels],
      ),
      mask: { shape: [1, height, width], values: [...mask] },
    })),
    optimizer: { weights: gradientOf(), gradients: Array.from({ length: 6 }, gradientOf) },
  };
  return { question, model, outputs, tensors, masks, planes, images };
}
