import { printNumber } from '../../../python/formulas.js';
import type { ComponentCall, LossName } from '../../../../ir/recipe.js';
import { classWeightsOf, numberOf, optionalNumberOf } from './options.js';
import type { LossBody } from './loss-body.js';

/**
 * Writes a loss that is a mean over pixels. Pixel by pixel it is [N, 1, h, w], or
 * [N, C, h, w] where channels are independent; sources of the formulas stand with the
 * losses of the catalogue.
 *
 * @param maps places of the weight maps that multiply it, in `maps`.
 * @returns the mean.
 */
export function writePixelLoss(
  body: LossBody,
  call: ComponentCall<LossName>,
  maps: readonly number[],
): string {
  const losses = pixelLosses[call.name]!(body, call);
  const weights = classWeightsOf(call);
  const factors = [
    ...(weights === undefined ? [] : [classFactor(body, weights)]),
    ...maps.map((at) => `maps[:, ${at}:${at + 1}]`),
  ];
  const weighed = factors.reduce(
    (all, factor) => body.value('weighed', `${all} * ${factor}`),
    losses,
  );
  return `${body.helper('mean_of_pixels')}(${weighed}, counts)`;
}

type WritePixelLoss = (body: LossBody, call: ComponentCall<LossName>) => string;

/** Those that have the form, by name. */
export const pixelLosses: Partial<Readonly<Record<LossName, WritePixelLoss>>> = {
  bce: (body, call) =>
    crossEntropyOfEach(body, numberOf(call, 'label_smoothing', 0), optionalNumberOf(call, 'clip')),
  cross_entropy: (body, call) => crossEntropy(body, numberOf(call, 'label_smoothing', 0)),
  focal: (body, call) => {
    const gamma = printNumber(numberOf(call, 'gamma'));
    const loss = body.value('focal', focalText(body, gamma));
    const alpha = optionalNumberOf(call, 'alpha');
    if (alpha === undefined) return loss;
    const balance = [alpha, Number((1 - alpha).toPrecision(12))].map(printNumber).join(', ');
    return `${loss} * torch.where(${foreground(body)}, ${balance})`;
  },
  soft_dice_hybrid: (body, call) => {
    const log = logOfTruth(body);
    const p = body.value('chance', `${log}.exp()`);
    const loss = body.value('hybrid', `-(${log} + 2 * ${p} / (${p}.square() + 1))`);
    return call.options['background'] === false ? `${loss} * ${foreground(body)}` : loss;
  },
  mse: (body) => ofErrors(body, 'mse_loss'),
  mae: (body) => ofErrors(body, 'l1_loss'),
  huber: (body, call) =>
    ofErrors(body, 'huber_loss', `, delta=${printNumber(numberOf(call, 'delta'))}`),
};

/** A loss of probabilities against the truth; of classes that exclude each other their mean. */
function ofErrors(body: LossBody, name: string, options = ''): string {
  const text = `F.${name}(${body.probabilities()}, truth, reduction="none"${options})`;
  const loss = body.value(name.replace(/_loss$/, ''), text);
  return body.isExclusive ? `${loss}.mean(1, keepdim=True)` : loss;
}

/** The cross-entropy that fits an output. */
export const entropyOf = (body: LossBody, smoothing: number): string =>
  body.isExclusive ? crossEntropy(body, smoothing) : crossEntropyOfEach(body, smoothing);

/** Where a channel is true; of classes that exclude each other, where any but the first is. */
const foreground = ({ isExclusive }: LossBody): string =>
  isExclusive ? '(truth[:, :1] == 0)' : '(truth == 1)';

/** The cross-entropy of every channel for itself. */
function crossEntropyOfEach(body: LossBody, smoothing: number, clip?: number): string {
  const { given } = body;
  const truth = smoothed(body, smoothing, 2);
  if (body.output.gives === 'logits' && clip === undefined) {
    const text = `F.binary_cross_entropy_with_logits(${given}, ${truth}, reduction="none")`;
    return body.value('bce', text);
  }
  if (body.output.gives === 'logits') {
    const most = `clamp(max=${printNumber(-Math.log(clip!))})`;
    const hit = body.value('hit', `${truth} * F.softplus(-logits).${most}`);
    const miss = body.value('miss', `(1 - ${truth}) * F.softplus(logits).${most}`);
    return body.value('bce', `${hit} + ${miss}`);
  }
  const log = (p: string): string =>
    clip === undefined
      ? `${body.helper('log_of')}(${p})`
      : `${/^\w+$/.test(p) ? p : `(${p})`}.clamp(min=${printNumber(clip)}).log()`;
  const hit = body.value('hit', `${truth} * ${log(given)}`);
  const miss = body.value('miss', `(1 - ${truth}) * ${log(`1 - ${given}`)}`);
  return body.value('bce', `-(${hit} + ${miss})`);
}

/** The truth, of which a part is spread over all classes. */
function smoothed(body: LossBody, smoothing: number, classes: number): string {
  if (smoothing === 0) return 'truth';
  const kept = printNumber(Number((1 - smoothing).toPrecision(12)));
  return body.value('smooth', `truth * ${kept} + ${printNumber(smoothing / classes)}`);
}

/** The cross-entropy of classes that exclude each other. */
function crossEntropy(body: LossBody, smoothing: number): string {
  const { gives, classifiesImages, channels } = body.output;
  if (gives === 'logits' && !classifiesImages) {
    const smooth = smoothing === 0 ? '' : `, label_smoothing=${printNumber(smoothing)}`;
    const options = `ignore_index=IGNORED, reduction="none"${smooth}`;
    return `${body.value('entropy', `F.cross_entropy(logits, mask, ${options})`)}.unsqueeze(1)`;
  }
  const truth = smoothed(body, smoothing, channels);
  const logs = gives === 'logits' ? 'logits.log_softmax(1)' : `${body.helper('log_of')}(given)`;
  return body.value('entropy', `-(${truth} * ${logs}).sum(1, keepdim=True)`);
}

/** The log of the probability of what is true. */
const logOfTruth = (body: LossBody): string => body.value('log', `-${entropyOf(body, 0)}`);

function focalText(body: LossBody, gamma: string): string {
  if (!body.isExclusive && body.output.gives === 'logits') {
    const signed = body.value('signed', 'logits * (2 * truth - 1)');
    return `F.softplus(-${signed}) * torch.exp(-${gamma} * F.softplus(${signed}))`;
  }
  const log = logOfTruth(body);
  const missing = body.value('missing', `F.relu(1 - ${log}.exp()) + 1e-7`);
  return `-(${missing}**${gamma}) * ${log}`;
}

/** The factor of every pixel by its class, the background first. */
export function classFactor(body: LossBody, weights: readonly number[]): string {
  const list = weights.map(printNumber).join(', ');
  if (body.output.channels === 1) {
    const [background, other] = weights.map(printNumber);
    return `torch.where(truth == 1, ${decimal(other!)}, ${decimal(background!)})`;
  }
  const row = body.value('weights', `${body.given}.new_tensor([${list}]).view(-1, 1, 1)`);
  return body.isByChannel ? row : `(truth * ${row}).sum(1, keepdim=True)`;
}

/** A number that Python takes for no whole one. */
const decimal = (text: string): string => (/^-?\d+$/.test(text) ? `${text}.0` : text);
