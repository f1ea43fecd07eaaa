import { printNumber } from '../../../python/formulas.js';
import type { ComponentCall, LossName } from '../../../../ir/recipe.js';
import type { LossBody } from './loss-body.js';
import { classWeightsOf, numberOf } from './options.js';

/** Sums of p t, of p and of t by class. */
interface ClassSums {
  readonly overlap: string;
  readonly predicted: string;
  readonly actual: string;
}

type WriteRegionLoss = (sums: ClassSums, call: ComponentCall<LossName>, body: LossBody) => string;

/** Losses of sums by class: how each is made of them. */
export const regionLosses: Partial<Readonly<Record<LossName, WriteRegionLoss>>> = {
  dice: ({ overlap, predicted, actual }, call) => {
    const e = epsilonOf(call);
    return `1 - (2 * ${overlap}${e}) / (${predicted} + ${actual}${e})`;
  },
  iou: ({ overlap, predicted, actual }, call) => {
    const e = epsilonOf(call);
    const top = e === '' ? overlap : `(${overlap}${e})`;
    return `1 - ${top} / (${predicted} + ${actual} - ${overlap}${e})`;
  },
  tversky: (sums, call, body) => tversky(sums, call, body),
  focal_tversky: (sums, call, body) => {
    const distance = body.value('distance', tversky(sums, call, body));
    return `(F.relu(${distance}) + 1e-12) ** ${printNumber(numberOf(call, 'gamma'))}`;
  },
  bce_iou: ({ overlap, predicted, actual }, call) => {
    const e = epsilonOf(call);
    const top = e === '' ? overlap : `(${overlap}${e})`;
    return `1 - ${top} / (${predicted} + ${actual} - ${overlap})`;
  },
};

const epsilonOf = (call: ComponentCall<LossName>): string => {
  const epsilon = numberOf(call, 'epsilon');
  return epsilon === 0 ? '' : ` + ${printNumber(epsilon)}`;
};

function tversky(
  { overlap, predicted, actual }: ClassSums,
  call: ComponentCall<LossName>,
  body: LossBody,
): string {
  const alpha = numberOf(call, 'alpha');
  const e = epsilonOf(call);
  const [miss, wrong] = [alpha, Number((1 - alpha).toPrecision(12))].map(printNumber);
  const missed = body.value('missed', `${miss!} * (${actual} - ${overlap})`);
  const extra = body.value('wrong', `${wrong!} * (${predicted} - ${overlap})`);
  const top = e === '' ? overlap : `(${overlap}${e})`;
  return `1 - ${top} / (${overlap}${e} + ${missed} + ${extra})`;
}

/** Writes a loss of regions; returns its mean over classes, or over images and classes. */
export function writeRegionLoss(body: LossBody, call: ComponentCall<LossName>): string {
  const isByImage = call.options['per'] === 'image';
  const sums = isByImage ? 'sums_of_images' : 'sums_of_classes';
  const names = ['overlap', 'predicted', 'actual'];
  const text = `${body.helper(sums)}(${body.counted()}, truth).unbind()`;
  const [overlap, predicted, actual] = body.values(names, text) as [string, string, string];
  const name = call.name === 'bce_iou' ? 'iou' : call.name;
  const parts = { overlap, predicted, actual };
  const loss = body.value(name, regionLosses[call.name]!(parts, call, body));
  return meanByClass(body, loss, classWeightsOf(call), isByImage);
}

/** The mean of values by class, [C] of a batch or [N, C] of its images, weighted where there are weights. */
export function meanByClass(
  body: LossBody,
  values: string,
  weights: readonly number[] | undefined,
  isByImage: boolean,
): string {
  const list = weights?.map(printNumber).join(', ');
  const factors =
    list === undefined ? undefined : body.value('weights', `truth.new_tensor([${list}])`);
  const weighed = factors === undefined ? values : `${values} * ${factors}`;
  const mean = isByImage
    ? `${body.helper('mean_of_images')}(${weighed})`
    : factors === undefined
      ? `${values}.mean()`
      : `(${weighed}).mean()`;
  return factors === undefined ? mean : `${mean} / ${factors}.mean()`;
}
