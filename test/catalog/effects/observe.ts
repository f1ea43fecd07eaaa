import * as tf from '../../../src/runtime/tensorflow.js';
import { compileText, type CompiledModel } from '../../../src/compile.js';
import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import type { TrainRecipe } from '../../../src/ir/recipe.js';
import { planScaling } from '../../../src/ir/scaling.js';
import { axisSizes } from '../../../src/ir/sizes/sizes.js';
import { buildAugmentation } from '../../../src/runtime/data/augment/build.js';
import {
  drawAugmentations,
  placesOf,
  samplePixels,
} from '../../../src/runtime/data/augment/draw.js';
import { drawValidation, groupOf } from '../../../src/runtime/data/draw-parts.js';
import { blurPixels } from '../../../src/runtime/data/gaussian.js';
import { classesOfProbabilities } from '../../../src/runtime/data/overlay.js';
import { separate } from '../../../src/runtime/instances/separate.js';
import { imageToPixels } from '../../../src/runtime/data/channels.js';
import { createPixels, type ClassMask, type Pixels } from '../../../src/runtime/data/pixels.js';
import { planPrediction } from '../../../src/runtime/data/prediction-plan.js';
import { applyScaling, measureScaling } from '../../../src/runtime/data/scaling.js';
import { readSizePolicy } from '../../../src/ir/sizes/size-policy.js';
import { batchGeometry } from '../../../src/runtime/data/training-sample.js';
import { readOutputs } from '../../../src/runtime/losses/head.js';
import { lossOfHead } from '../../../src/runtime/losses/loss.js';
import { weightMapsOfAll } from '../../../src/runtime/losses/loss-terms.js';
import { makeTarget } from '../../../src/runtime/losses/target.js';
import { MetricSet } from '../../../src/runtime/metrics/metric-set.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { initialiseWeights, WeightStore } from '../../../src/runtime/network/weights.js';
import { makeMask, maskRule } from '../../../src/runtime/post/mask-rule.js';
import { Random } from '../../../src/runtime/random.js';
import { buildClipping, buildOptimizer } from '../../../src/runtime/training/build-optimizer.js';
import { plateauAfter, type PlateauState } from '../../../src/runtime/training/plateau.js';
import { buildSchedule } from '../../../src/runtime/training/schedule.js';
import { weightPlanes } from '../../../src/runtime/training/weight-planes.js';

/** What a spec comes to: numbers that its options decide, or the codes of what it is told. */
export type Observation =
  | { readonly kind: 'numbers'; readonly numbers: string }
  | { readonly kind: 'told'; readonly codes: readonly string[] };

/** Warnings that say of an option that it changes nothing. */
const idleCodes = ['UNET5018', 'UNET5019'];

/** Compiles a spec and looks at what it comes to. */
function observe(text: string, look: (model: CompiledModel) => unknown): Observation {
  const { models, diagnostics } = compileText('test.unet', text);
  const [model] = models;
  const codes = diagnostics.map(({ code }) => code);
  const isIdle = codes.some((code) => idleCodes.includes(code));
  if (model === undefined || hasErrors(diagnostics) || isIdle) return { kind: 'told', codes };
  let seen: unknown;
  tf.tidy(() => {
    seen = look(model);
  });
  return { kind: 'numbers', numbers: JSON.stringify(seen) };
}

const valuesOf = (tensor: tf.Tensor): unknown => [tensor.shape, Array.from(tensor.dataSync())];

/** Numbers that are the same in every run. */
function drawn(count: number, label: string, low = 0, high = 1): Float32Array {
  const random = new Random(1).fork(label);
  return Float32Array.from({ length: count }, () => random.uniform(low, high));
}

/** The value of a layer in training on a fixed image with fixed weights, and the weights that new ones start with. */
export function observeLayer(step: string, source = 'image'): Observation {
  const text = `model Test {
  input image: [H, W, 8]
  wires {
    small = image -> max_pool(2)
    tiny = image -> max_pool(3)
    odd = image -> crop([0, 3, 0, 3])
    large = image -> pad(1)
    huge = image -> pad(2)
    smooth = image -> bilinear(2) -> max_pool(2)
    stepped = image -> nearest(2) -> max_pool(2)
    a = ${source} -> ${step}
    b = [
      a, small -> global_avg_pool, tiny -> global_avg_pool, odd -> global_avg_pool,
      large -> global_avg_pool, huge -> global_avg_pool, smooth, stepped
    ] -> concat if false else a
  }
  head mask: identity
}`;
  return observe(text, ({ graph }) => {
    const random = new Random(1);
    const weights = new WeightStore(graph, ({ name, shape }) =>
      drawn(
        shape.reduce((size, length) => size * length, 1),
        name,
        0.5,
        1.5,
      ),
    );
    const image = tf.tensor4d(drawn(2 * 12 * 12 * 8, 'image', -1, 1), [2, 12, 12, 8]);
    const { outputs, updates } = buildFunctionalNetwork(graph).forward(weights, image, {
      training: true,
      random,
    });
    const starts = initialiseWeights(graph, random);
    return [
      [...outputs.values(), ...updates.values()].map(valuesOf),
      starts.specs.map(({ name }) => [name, valuesOf(starts.get(name))]),
    ];
  });
}

/** The heads that losses meet. */
export const heads = [
  'conv(1, 1)',
  'conv(1, 1) -> sigmoid',
  'conv(2, 1)',
  'conv(2, 1) -> sigmoid',
  'conv(3, 1)',
  'conv(3, 1) -> softmax',
  'conv(3, 1) -> sigmoid',
] as const;

function observeRecipe(
  fields: string,
  look: (recipe: TrainRecipe, model: CompiledModel) => unknown,
  head: string = heads[0],
): Observation {
  const text = `model Test {
  input image: [H, W, 3]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: ${head}
}
train Test { ${fields} }`;
  return observe(text, (model) => look(model.recipe, model));
}

const side = 24;

/** A fixed mask of `count` images, the classes in squares; the first image has no class but the background. */
const masksOf = (count: number, classes: number): Uint8Array =>
  Uint8Array.from({ length: count * side * side }, (_, at) => {
    const inside = at % (side * side);
    if (at < side * side) return 0;
    return (Math.floor(inside / side / 8) + Math.floor((inside % side) / 5)) % classes;
  });

/** The loss of fixed values of a head. */
export function observeLoss(loss: string, head: string): Observation {
  return observeRecipe(
    `loss: ${loss}`,
    ({ losses }, { graph }) => {
      const [output] = readOutputs(graph, losses);
      const of = output!.head;
      const target = makeTarget(of, {
        count: 2,
        height: side,
        width: side,
        masks: masksOf(2, of.classCount),
        weights: new Float32Array(2 * side * side).fill(1),
      });
      const values = tf.tensor4d(drawn(2 * side * side * of.channels, 'output', -9, 9), [
        2,
        side,
        side,
        of.channels,
      ]);
      const given =
        of.gives === 'logits'
          ? values
          : of.activation === 'softmax'
            ? tf.softmax(values)
            : tf.sigmoid(values);
      return valuesOf(lossOfHead(output!.loss, of, given, target));
    },
    head,
  );
}

export const observeWeightMap = (map: string): Observation =>
  observeRecipe(`loss: bce * ${map}`, ({ losses }) => {
    const mask: ClassMask = { height: side, width: side, data: masksOf(2, 2).slice(side * side) };
    const pixels = createPixels(side, side, 1);
    const addPlanes = weightPlanes(weightMapsOfAll(losses), [0.5, 2]);
    const { planes } = addPlanes({ name: 'a', pixels, mask } as Parameters<typeof addPlanes>[0]);
    return planes!.map((plane) => [...plane]);
  });

export const observeMetric = (metric: string, head: string): Observation =>
  observeRecipe(
    `metrics: [${metric}]`,
    ({ metrics, losses }, { graph }) => {
      const { channels, classCount } = readOutputs(graph, losses)[0]!.head;
      const set = new MetricSet(metrics, classCount);
      const size = side * side;
      const masks = masksOf(2, classCount);
      for (const image of [0, 1, 2]) {
        const truth = masks.slice(Math.min(image, 1) * size, (Math.min(image, 1) + 1) * size);
        // More probable towards the right, so that other thresholds give other outlines; in the
        // last image where the class is, one pixel aside, so that objects are found.
        const data = drawn(size * channels, `image ${image}`, 0, 0.2).map((value, at) => {
          const pixel = Math.floor(at / channels);
          const beside = truth[pixel - side - 1] ?? 0;
          const isThere = channels === 1 ? beside !== 0 : beside === at % channels;
          const [low, high] = image < 2 ? [0, 0.8] : isThere ? [0.2, 0.6] : [0, 0];
          return (
            (image < 2 || channels === 1 ? 1 : 5) * (value + low + high * ((pixel % side) / side))
          );
        });
        if (channels > 1) data.set(tf.softmax(tf.tensor2d(data, [size, channels])).dataSync());
        set.add(
          { height: side, width: side, channels, data },
          { height: side, width: side, data: truth },
        );
      }
      return [...set.values().values()];
    },
    head,
  );

/** A weight after each of three steps with fixed gradients. */
export const observeOptimizer = (optimizer: string): Observation =>
  observeRecipe(`optimizer: ${optimizer}`, (recipe) => {
    const { optimizer: built, learningRate } = buildOptimizer(recipe.optimizer);
    const variable = tf.variable(tf.tensor2d([0.5, -1, 2, 0.25], [2, 2]));
    const steps = [0, 1, 2].map((step) => {
      const gradient = tf.tensor2d(drawn(4, `gradient ${step}`, -1, 1), [2, 2]);
      built.apply([{ name: 'w', variable }], new Map([['w', gradient]]), learningRate);
      return valuesOf(variable);
    });
    variable.dispose();
    built.dispose();
    return steps;
  });

/** The factors of all steps of a training. */
export const observeSchedule = (schedule: string): Observation =>
  observeRecipe(`schedule: ${schedule}`, (recipe) => {
    const factor = buildSchedule(recipe.schedule, 4, 10);
    let plateau: PlateauState | undefined;
    const reduced = Array.from({ length: 12 }, (_, epoch) => {
      plateau = plateauAfter(recipe.schedule, plateau, epoch === 0);
      return plateau?.factor ?? 1;
    });
    return [...Array.from({ length: 40 }, (_, step) => factor(step)), ...reduced];
  });

/** Gradients after they were clipped. */
export const observeClipping = (clipping: string): Observation =>
  observeRecipe(`clip: ${clipping}`, (recipe) =>
    tf.tidy(() => {
      const gradients = { a: tf.tensor([3, -0.2]), b: tf.tensor([-4]) };
      const clipped = Object.values(buildClipping(recipe.clip!)(gradients));
      return clipped.flatMap((each) => [...each.dataSync()]);
    }),
  );

/** What becomes of an image in a dozen draws. */
export const observeAugmentation = (augmentation: string): Observation =>
  observeRecipe(`augment: [${augmentation}]`, ({ augment }) => {
    const image: Pixels = { height: 9, width: 8, channels: 3, data: drawn(216, 'image', 0.2, 0.8) };
    return Array.from({ length: 12 }, (_, seed) => {
      const { warp, retouches } = drawAugmentations(
        augment.map(buildAugmentation),
        new Random(seed),
        image,
      );
      const result = samplePixels(image, placesOf(warp ?? (() => undefined), image), image);
      for (const retouch of retouches) retouch(result);
      return [...result.data];
    });
  });

/** The sizes of a batch, and the windows of a prediction. */
export const observeSizePolicy = (policy: string): Observation =>
  observeRecipe(`sizes: ${policy}`, (recipe, { graph, sizes }) => {
    const planes = {
      height: axisSizes(graph, sizes.height),
      width: axisSizes(graph, sizes.width),
      output: 'mask',
      classifiesImages: false,
    };
    const read = readSizePolicy(recipe.sizes);
    const { value } = planPrediction(64, 64, read, planes, recipe.sizes.origin);
    return [
      batchGeometry(read, planes, [{ height: 64, width: 64 }]),
      value?.rows,
      value?.columns,
      value?.windowCount,
    ];
  });

/** What the network sees of the values of a file. */
export const observeScaling = (scaling: string): Observation =>
  observeRecipe(`scaling: ${scaling}`, (recipe) => {
    const plan = planScaling(recipe.scaling, 3);
    const data = Uint8Array.from({ length: 4 * 3 }, (_, at) => (at * 37) % 256);
    const pixels = imageToPixels(
      { width: 4, height: 1, channels: 3, depth: 8, data },
      3,
      plan.range,
    );
    applyScaling(pixels.data, 3, measureScaling(pixels, plan));
    return [...pixels.data];
  });

/** Where the pairs of a recipe are found. */
export const observePairing = (pairing: string): Observation =>
  observeRecipe(`pairs: ${pairing}`, (recipe) => recipe.data.pairs);

/** What a head of two channels learns beside one that learns the masks. */
export const observeTarget = (target: string): Observation => {
  const text = `model Test {
  input image: [H, W, 3]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: conv(1, 1) -> sigmoid
  head other: a -> conv(2, 1)
}
train Test { target other: ${target} }`;
  return observe(text, ({ recipe }) => recipe.data.targets);
};

/** Which of some pairs validate, or where it is said. */
export const observeSplit = (split: string): Observation =>
  observeRecipe(`split: ${split}`, ({ data }) => {
    const names = Array.from({ length: 40 }, (_, at) => `p${at % 9}_${at}`);
    const rule = data.split;
    if (rule.kind !== 'fraction' && rule.kind !== 'folds') return rule;
    const drawn = drawValidation(
      names.map((name) => ({ name })),
      rule,
    )!;
    return names.filter((name) => drawn.has(groupOf({ name }, rule)));
  });

/** The mask that is painted of some probabilities; a training has found another threshold. */
export const observePostStep = (step: string): Observation =>
  observeRecipe(`post: ${step}`, (recipe) => {
    const data = drawn(576, 'noise', 0.25, 1);
    const pixels: Pixels = { height: 24, width: 24, channels: 1, data };
    return [...makeMask([pixels], maskRule(recipe, 0.4)).data];
  });

/** The objects that grow over what a second head predicts. */
function observeGuided(separation: string): Observation {
  const text = `model Test {
  input image: [H, W, 3]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: conv(1, 1)
  head far: a -> conv(1, 1)
}
train Test { target far: distance, objects: ${separation} }`;
  return observe(text, ({ recipe }) => {
    const side = 40;
    const data = drawn(side * side, 'guided', 0.15, 1);
    const pixels: Pixels = { height: side, width: side, channels: 1, data };
    blurPixels(pixels, 0.7);
    const mask = classesOfProbabilities(pixels, 0.5);
    return [...separate(mask, pixels, recipe.post.objects!).labels];
  });
}

/** The objects of some probabilities: of one channel, or where a network learns borders of three. */
export const observeSeparation = (separation: string): Observation => {
  if (separation.startsWith('head_watershed')) return observeGuided(separation);
  const hasBorder = separation.includes('border');
  const channels = hasBorder ? 3 : 1;
  return observeRecipe(
    `objects: ${separation}`,
    ({ post }) => {
      const side = 40;
      const pixels: Pixels = {
        ...{ height: side, width: side, channels },
        data: drawn(side * side * channels, 'objects', hasBorder ? 0 : 0.15, 1),
      };
      blurPixels(pixels, hasBorder ? 0 : 0.7);
      const mask = classesOfProbabilities(pixels, 0.5);
      return [...separate(mask, pixels, post.objects!).labels];
    },
    `conv(${channels}, 1)`,
  );
};
