import type { ComponentCall, LossName } from '../../../../ir/recipe.js';
import { printNumber } from '../../../python/formulas.js';
import type { LossBody } from './loss-body.js';
import { classWeightsOf, numberOf } from './options.js';
import { classFactor, entropyOf } from './pixel-losses.js';
import { meanByClass } from './region-losses.js';

type WriteWholeLoss = (body: LossBody, call: ComponentCall<LossName>) => string;

/** Losses that look at images as wholes, each with the text of its value. */
export const wholeLosses: Partial<Readonly<Record<LossName, WriteWholeLoss>>> = {
  topk_cross_entropy: (body, call) => {
    const losses = entropyOf(body, numberOf(call, 'label_smoothing', 0));
    const weights = classWeightsOf(call);
    const weighed =
      weights === undefined
        ? losses
        : body.value('weighed', `${losses} * ${classFactor(body, weights)}`);
    const share = printNumber(numberOf(call, 'share'));
    body.helper('of_all_pixels');
    return `${body.helper('mean_of_hardest')}(${weighed}, counts, ${share})`;
  },
  generalized_dice: (body, call) => {
    const isByImage = call.options['per'] === 'image';
    const sums = body.helper(isByImage ? 'sums_of_images' : 'sums_of_classes');
    const both = (name: string): string => `torch.cat([1 - ${name}, ${name}], 1) * counts`;
    const [p, truth] =
      body.output.channels > 1
        ? [body.counted(), 'truth']
        : [body.value('p', both(body.probabilities())), body.value('truth_of_both', both('truth'))];
    const epsilon = printNumber(numberOf(call, 'epsilon'));
    const value = `${body.helper('generalized_dice')}(${sums}(${p}, ${truth}), ${epsilon})`;
    return isByImage ? `${body.helper('mean_of_images')}(${value})` : value;
  },
  lovasz_hinge: (body, call) => {
    const logits =
      body.output.gives === 'logits'
        ? 'logits'
        : body.value('logit', `${log(body, 'given')} - ${log(body, '1 - given')}`);
    const hinge = body.value('hinge', `F.relu(1 - ${logits} * (2 * truth - 1)) * counts`);
    const values = body.value('lovasz_of_classes', lovaszOf(body, call, hinge));
    return meanByClass(body, values, classWeightsOf(call), call.options['per'] === 'image');
  },
  lovasz_softmax: (body, call) => {
    const isByImage = call.options['per'] === 'image';
    const weights = classWeightsOf(call);
    const errors = body.value('errors', `truth + ${body.counted()} * (1 - 2 * truth)`);
    const values = body.value('lovasz_of_classes', lovaszOf(body, call, errors));
    if (call.options['classes'] === 'all' || !body.isExclusive) {
      return meanByClass(body, values, weights, isByImage);
    }
    const present = body.value(
      'present',
      isByImage ? 'truth.amax((2, 3))' : `${rowsOf(body, 'truth')}.amax(1)`,
    );
    const list = weights?.map(printNumber).join(', ');
    const factors = list === undefined ? present : `${present} * truth.new_tensor([${list}])`;
    const mean = `${body.helper('mean_of_present')}(${values}, ${factors})`;
    return isByImage ? `${body.helper('mean_of_images')}(${mean})` : mean;
  },
  boundary: (body, call) => {
    const weights = classWeightsOf(call);
    const signed = body.value('signed', `${body.helper('signed_distances')}(truth, counts)`);
    const products = body.value('products', `${body.probabilities()} * ${signed}`);
    const losses = ((): string => {
      if (body.output.channels === 1) return products;
      if (weights === undefined) return `${products}[:, 1:].mean(1, keepdim=True)`;
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const list = weights.map((weight) => printNumber(weight / total)).join(', ');
      const row = body.value('shares', `truth.new_tensor([${list}]).view(-1, 1, 1)`);
      return `(${products} * ${row}).sum(1, keepdim=True)`;
    })();
    return `${body.helper('mean_of_pixels')}(${losses}, counts)`;
  },
  cl_dice: (body, call) => {
    const isByImage = call.options['per'] === 'image';
    const sums = body.helper(isByImage ? 'sums_of_images' : 'sums_of_classes');
    const skeleton = body.helper('soft_skeleton');
    const iterations = numberOf(call, 'iterations');
    const epsilon = numberOf(call, 'epsilon');
    const e = epsilon === 0 ? '' : ` + ${printNumber(epsilon)}`;
    const part = (name: string, of: string, region: string): string => {
      const made = body.value('skeleton', `${skeleton}(${of}, ${iterations})`);
      const shares = body.values(
        ['inside', 'whole'],
        `${sums}(${made}, ${region})[:2].unbind()`,
      ) as readonly [string, string];
      return body.value(name, `(${shares[0]}${e}) / (${shares[1]}${e})`);
    };
    const p = body.counted();
    const precision = part('precision', p, 'truth');
    const sensitivity = part('sensitivity', 'truth', p);
    const both = `2 * ${precision} * ${sensitivity} / (${precision} + ${sensitivity})`;
    const { channels } = body.output;
    const weights =
      classWeightsOf(call) ??
      (channels === 1 ? undefined : Array.from({ length: channels }, (_, at) => Math.min(at, 1)));
    return meanByClass(body, body.value('unlike', `1 - ${both}`), weights, isByImage);
  },
};

const log = (body: LossBody, p: string): string => `${body.helper('log_of')}(${p})`;

/** The Lovász losses of classes, [C] of a batch or [N, C] of its images. */
function lovaszOf(body: LossBody, { options }: ComponentCall<LossName>, errors: string): string {
  const lovasz = body.helper('lovasz');
  if (options['per'] !== 'image') {
    return `${lovasz}(${rowsOf(body, errors)}, ${rowsOf(body, 'truth')})`;
  }
  return `${body.helper('lovasz_of_images')}(${errors}, truth)`;
}

/** The pixels of each class, of all images and processes: [C, P]. */
const rowsOf = (body: LossBody, name: string): string =>
  body.value('rows', `${body.helper('of_all_pixels')}(${name}.movedim(1, 0).flatten(1))`);
