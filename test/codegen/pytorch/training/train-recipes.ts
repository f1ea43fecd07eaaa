/** A small network with a head of its own, and the recipe that it is trained by. */
export const specOf = (head: string, recipe: string, more = ''): string => `
model Small {
  input image: [H, W, 1]
  wires {
    a = image -> conv(4, 3) -> batch_norm -> relu
    b = a -> max_pool(2) -> conv(4, 3) -> relu
    c = b -> bilinear(2) -> conv(4, 3) -> relu
${more}
  }
  ${head}
}

train Small {
  ${recipe}
}
`;

const one = 'head mask: c -> conv(1, 1) -> sigmoid';
const logits = 'head mask: c -> conv(1, 1)';
const three = 'head mask: c -> conv(3, 1) -> softmax';
const alone = 'head mask: c -> conv(3, 1) -> sigmoid';
const blocked = 'head mask: c -> conv(1, 1) -> last';

/** Recipes that together use every component and every form of head, by name. */
export const recipes: Readonly<Record<string, string>> = {
  bce: specOf(
    one,
    'loss: bce\n  optimizer: sgd(0.1, momentum: 0.9, nesterov: true)\n  schedule: poly(0.9)',
  ),
  clip: specOf(
    logits,
    'loss: bce(clip: 0.0000001, label_smoothing: 0.1)\n  optimizer: sgd(0.1, nesterov: true)\n  schedule: constant(warmup: 0.5)',
  ),
  weights: specOf(
    one,
    'loss: 2 * bce(class_weights: [1, 3]) + 0.5 * focal(gamma: 1.5, alpha: 0.25)\n  optimizer: adamw(0.001)\n  schedule: step(3, 0.5, warmup: 1)',
  ),
  exclusive: specOf(
    three,
    'loss: cross_entropy(label_smoothing: 0.1, class_weights: [1, 2, 3]) + dice(class_weights: [0, 1, 2])\n  metrics: [dice, iou, accuracy, specificity, hausdorff]\n  optimizer: rmsprop(0.001, momentum: 0.9)\n  classes: [none, one, "two or more"]',
  ),
  alone: specOf(
    alone,
    'loss: bce(class_weights: [1, 2, 3]) + tversky(alpha: 0.3) + focal(class_weights: [3, 2, 1])\n  metrics: [iou(per: image), dice(soft: true)]\n  optimizer: rmsprop(0.01)',
  ),
  regions: specOf(
    three,
    'loss: iou(epsilon: 0) + focal_tversky(gamma: 0.5) + dice(per: image) + tversky(per: image, alpha: 0.6, class_weights: [1, 2, 3])\n  metrics: [hausdorff(percentile: 100), dice(threshold: 0.3), recall]',
  ),
  hybrid: specOf(
    three,
    'loss: soft_dice_hybrid(background: false) + focal(alpha: 0.75) + soft_dice_hybrid(class_weights: [1, 2, 1])',
  ),
  bare: specOf(
    one,
    'loss: bce_iou\n  metrics: [iou(epsilon: 0.0001), dice(threshold: 0.3), precision(threshold: 0.6)]',
  ),
  patient: specOf(
    one,
    'loss: bce\n  patience: 4\n  schedule: plateau(2, 0.5, cooldown: 1, floor: 0.01)',
  ),
  milestones: specOf(one, 'loss: bce\n  schedule: multi_step([1, 3], 0.3, warmup: 0.5)'),
  averaged: specOf(one, 'loss: bce\n  clip: norm(0.5)\n  accumulate: 2\n  ema: 0.99'),
  clipped: specOf(one, 'loss: bce\n  clip: value(0.1)'),
  exponential: specOf(one, 'loss: bce\n  schedule: exponential(0.9)'),
  restarts: specOf(one, 'loss: bce\n  schedule: cosine_restarts(1, stretch: 2, warmup: 0.5)'),
  again: specOf(one, 'loss: bce\n  schedule: cosine_restarts(2, floor: 0.1)'),
  cycle: specOf(one, 'loss: bce\n  schedule: one_cycle'),
  lines: specOf(one, 'loss: bce\n  schedule: one_cycle(shape: linear, rise: 0.5)'),
  outlines: specOf(
    three,
    'loss: cross_entropy\n  metrics: [surface_distance, boundary_f1, boundary_f1(tolerance: 1), hausdorff]',
  ),
  ranked: specOf(
    one,
    'loss: bce\n  metrics: [auc, calibration_error, boundary_f1(threshold: 0.4)]',
  ),
  calibrated: specOf(
    three,
    'loss: cross_entropy\n  metrics: [calibration_error, auc, dice, calibration_error(bins: 4)]',
  ),
  classifiedByRanks: specOf(
    'head kind: b -> global_avg_pool -> conv(3, 1)',
    'loss: bce\n  metrics: [auc, calibration_error, dice]\n  sizes: crop(32)',
  ),
  classifiedByRank: specOf(
    'head kind: b -> global_avg_pool -> conv(1, 1) -> sigmoid',
    'loss: bce\n  metrics: [calibration_error(bins: 5), auc]\n  sizes: crop(32)',
  ),
  scaled: specOf(one, 'loss: 0.25 * bce_iou + 0.5 * soft_dice_hybrid(background: false)'),
  similar: specOf(
    one,
    'loss: ms_ssim + 0.5 * ms_ssim(luminance: every, normalize: true) + ms_ssim(window: 7, sigma: 1, luminance: repeated)',
  ),
  errors: specOf(
    three,
    'loss: mse(class_weights: [1, 2, 3]) + 0.5 * mae + huber(delta: 0.2) * borders\n  metrics: [dice]',
  ),
  errorsOfOne: specOf(one, 'loss: mse + huber + mae(class_weights: [0.5, 2])'),
  hardest: specOf(
    three,
    'loss: topk_cross_entropy + topk_cross_entropy(share: 0.5, label_smoothing: 0.1, class_weights: [1, 2, 3])',
  ),
  hardestOfOne: specOf(one, 'loss: topk_cross_entropy(share: 0.25, class_weights: [1, 3])'),
  sorted: specOf(
    three,
    'loss: lovasz_softmax + lovasz_softmax(per: image, class_weights: [0, 1, 2]) + lovasz_softmax(classes: all)',
  ),
  sortedAlone: specOf(
    alone,
    'loss: lovasz_hinge + lovasz_hinge(per: batch, class_weights: [1, 2, 3]) + 0.5 * lovasz_softmax',
  ),
  sortedGiven: specOf(blocked, 'loss: lovasz_hinge + topk_cross_entropy').concat(
    '\nblock last() = sigmoid\n',
  ),
  shapes: specOf(
    three,
    'loss: generalized_dice + 0.01 * boundary + boundary(class_weights: [1, 2, 0]) + cl_dice + 2 * cl_dice(iterations: 1, per: image, class_weights: [1, 1, 2])',
  ),
  shapesOfOne: specOf(
    one,
    'loss: generalized_dice(per: image) + generalized_dice + boundary + cl_dice(epsilon: 0.5)',
  ),
  mapped: specOf(
    three,
    'loss: cross_entropy * borders(w0: 10, sigma: 5) + 2 * dice + focal * borders(w0: 3, sigma: 2)',
  ),
  resized: specOf(one, 'loss: bce + dice\n  sizes: resize(64)'),
  tiles: specOf(one, 'loss: bce + dice\n  sizes: tile(32, overlap: 8)'),
  padded: specOf(one, 'loss: dice\n  sizes: pad'),
  half: specOf('head mask: b -> conv(1, 1) -> sigmoid', 'loss: bce + dice\n  sizes: crop(32)'),
  given: specOf(
    blocked,
    'loss: bce(label_smoothing: 0.2) + focal + bce(clip: 0.001) + soft_dice_hybrid + dice',
  ).concat('\nblock last() = sigmoid\n'),
  supervised: specOf(
    'head mask: c -> conv(1, 1) -> sigmoid { supervise: [b], weights: [0.75, 0.25] }',
    'loss: bce + dice\n  metrics: [dice]',
  ),
  heads: specOf(
    'head mask: c -> conv(3, 1) -> softmax\n  head edge: b -> conv(3, 1) -> softmax\n  head kind: b -> global_avg_pool -> conv(3, 1)',
    'loss: cross_entropy * borders + dice\n  loss kind: bce',
  ),
  classified: specOf(
    'head kind: b -> global_avg_pool -> conv(3, 1) -> softmax',
    'loss: cross_entropy + focal\n  metrics: [accuracy, dice, specificity]\n  sizes: crop(32)',
  ),
  classifiedInTiles: specOf(
    'head kind: b -> global_avg_pool -> conv(1, 1) -> sigmoid',
    'loss: bce\n  metrics: [dice(soft: true), recall]\n  sizes: tile(32, overlap: 8)',
  ),
  dropped: specOf(one, 'loss: bce', '    d = c -> dropout(0.5)').replace(
    'head mask: c',
    'head mask: d',
  ),
};
