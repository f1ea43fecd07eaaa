import {
  probabilityHelper,
  type MeasuredHead,
  type ProbabilityHelper,
} from './probability-helpers.js';

/** Functions that metrics are made with. */
export type MetricHelper =
  | 'counts_of'
  | 'soft_counts_of'
  | 'classified_counts_of'
  | 'of_image'
  | 'mean_of'
  | 'metric_of'
  | ProbabilityHelper
  | 'distances_of'
  | 'f1_of';

/** Counts of pixels, by class. */
const countsOf = (
  classes: number,
): string => `def counts_of(predicted: Tensor, mask: Tensor) -> Tensor:
    """True positives, false positives, false negatives by class: [3, classes]."""
    counted = mask != IGNORED
    pairs = ${classes} * mask[counted] + predicted[counted]
    matrix = torch.bincount(pairs, minlength=${classes ** 2}).view(${classes}, ${classes}).double()
    right = matrix.diagonal()
    return torch.stack([right, matrix.sum(0) - right, matrix.sum(1) - right])
`;

const softCountsOf = (
  channels: number,
  classes: number,
): string => `def soft_counts_of(p: Tensor, mask: Tensor) -> Tensor:
    """The same of probabilities in place of pixels."""
    counted = mask != IGNORED
    p = p.movedim(1, -1)[counted].double()
${channels === 1 ? '    p = torch.cat([1 - p, p], 1)\n' : ''}    truth = F.one_hot(mask[counted], ${classes}).double()
    right, predicted, actual = (each.sum(0) for each in (p * truth, p, truth))
    return torch.stack([right, predicted - right, actual - right])
`;

const classifiedCountsOf = (
  channels: number,
): string => `def classified_counts_of(told: Tensor, mask: Tensor) -> Tensor:
    """What is right, wrong and missed by class of one image, and in a last row that it
    is one image, and how far it is right: [4, classes].
    """
    told = told.flatten().double()
    truth = classes_in(mask, ${channels}).flatten().double()
    right = 1 - (told - truth).abs().amax()
${channels === 1 ? '    told, truth = (torch.cat([1 - each, each]) for each in (told, truth))\n' : ''}    found = told * truth
    last = torch.zeros_like(told)
    last[0], last[1] = 1, right
    return torch.stack([found, told - found, truth - found, last])
`;

const plain: Readonly<
  Record<
    Exclude<
      MetricHelper,
      ProbabilityHelper | 'counts_of' | 'soft_counts_of' | 'classified_counts_of' | 'distances_of'
    >,
    string
  >
> = {
  of_image: `def of_image(over: Tensor, under: Tensor) -> Tensor:
    """The values of one image, 0 where it has none, and which classes have one."""
    has = under > 0
    return torch.stack([torch.where(has, over / under, 0.0), has.double()])
`,
  mean_of: `def mean_of(sums: Tensor) -> Metric:
    """The mean of the images that have a value, from sums of what \`of_image\` gives."""
    return metric_of(sums[0], sums[1])
`,
  f1_of: `def f1_of(there: Tensor, back: Tensor, tolerance: float) -> Tensor:
    """2 P R / (P + R) of the parts of outlines that are near the other one."""
    near = torch.stack([(way <= tolerance).double().mean() for way in (there, back)])
    return 2 * near.prod() / near.sum().clamp(min=1e-300)
`,
  metric_of: `def metric_of(over: Tensor, under: Tensor) -> Metric:
    """Values by class, None where there is nothing to measure, and the mean of those
    of the foreground.
    """
    pairs = zip(over.tolist(), under.tolist(), strict=True)
    classes = [a / b if b > 0 else None for a, b in pairs]
    known = [value for value in classes[1:] if value is not None]
    mean = sum(known) / len(known) if known else None
    return {"mean": mean, "classes": classes}
`,
};

/** Distances between outlines, of classes that are in one of the masks at least. */
const distancesOf = (classes: number): string => `def distances_of(
    predicted: Tensor,
    mask: Tensor,
    measure: Callable[[Tensor, Tensor], Tensor],
    alone: float | None = None,
) -> Tensor:
    """What is measured in the distances between the outlines of each class in two
    masks, there and back, in pixels; where one alone has the class a number, or the
    diagonal of the image. Outlines are pixels of a class beside such as are not.
    """
    counted = mask != IGNORED
    values, has = torch.zeros(2, ${classes}, dtype=torch.float64, device=mask.device)
    for each in range(${classes}):
        ours, theirs = ((found == each) & counted for found in (predicted, mask))
        one, other = outline(ours[0]), outline(theirs[0])
        if len(one) == 0 and len(other) == 0:
            continue
        has[each] = 1
        if len(one) == 0 or len(other) == 0:
            sides = (counted[0].any(axis).sum().item() for axis in (0, 1))
            values[each] = math.hypot(*sides) if alone is None else alone
            continue
        values[each] = measure(nearest_of(one, other), nearest_of(other, one))
    return torch.stack([values, has])


def outline(inside: Tensor) -> Tensor:
    """Places of the pixels of a mask that lie at its edge: [P, 2]."""
    wide = F.pad(inside, (1, 1, 1, 1))
    beside = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return (inside & ~beside).nonzero().double()


def nearest_of(places: Tensor, others: Tensor) -> Tensor:
    """The distance from each place to the nearest of the others."""
    mode = "donot_use_mm_for_euclid_dist"
    parts = places.chunk(len(places) // 1024 + 1)
    distances = (torch.cdist(part, others, compute_mode=mode) for part in parts)
    return torch.cat([each.amin(1) for each in distances])
`;

/** The text of a helper for a head; ruff's formatter leaves each as it is. */
export function metricHelper(
  name: MetricHelper,
  { channels, classes, classifiesImages }: MeasuredHead,
): string {
  switch (name) {
    case 'counts_of':
      return countsOf(classes);
    case 'soft_counts_of':
      return softCountsOf(channels, classes);
    case 'classified_counts_of':
      return classifiedCountsOf(channels);
    case 'distances_of':
      return distancesOf(classes);
    case 'chances_of':
    case 'ranks_of':
    case 'areas_of':
    case 'bins_of':
    case 'calibration_of':
      return probabilityHelper(name, { channels, classes, classifiesImages });
    default:
      return plain[name];
  }
}

/** The order of helpers in a file. */
export const metricHelpers = [
  'counts_of',
  'soft_counts_of',
  'classified_counts_of',
  'of_image',
  'distances_of',
  'f1_of',
  'chances_of',
  'ranks_of',
  'areas_of',
  'bins_of',
  'calibration_of',
  'mean_of',
  'metric_of',
] as const satisfies readonly MetricHelper[];
