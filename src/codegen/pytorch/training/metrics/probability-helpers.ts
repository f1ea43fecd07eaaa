/** Functions of metrics that look at probabilities as they are. */
export type ProbabilityHelper =
  'chances_of' | 'ranks_of' | 'areas_of' | 'bins_of' | 'calibration_of';

/** What the functions are written for. */
export interface MeasuredHead {
  readonly channels: number;
  readonly classes: number;
  readonly classifiesImages: boolean;
}

/** Whether one class of each pixel is the likeliest. */
export const hasLikeliest = ({ channels, classifiesImages }: MeasuredHead): boolean =>
  channels > 1 && !classifiesImages;

/** The text of a helper for a head; ruff's formatter leaves each as it is. */
export function probabilityHelper(name: ProbabilityHelper, head: MeasuredHead): string {
  switch (name) {
    case 'chances_of':
      return chancesOf(head);
    case 'ranks_of':
      return ranksOf;
    case 'areas_of':
      return areasOf;
    case 'bins_of':
      return binsOf(head);
    case 'calibration_of':
      return calibrationOf(head);
  }
}

const chancesOf = ({ channels, classes, classifiesImages }: MeasuredHead): string => {
  const both = '    p, truth = (torch.cat([1 - each, each], 1) for each in (p, truth))\n';
  if (classifiesImages) {
    return `def chances_of(p: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Probabilities of classes and which are true of one image: [1, classes]."""
    p = p.flatten(1).double()
    truth = classes_in(mask, ${channels}).flatten(1).double()
${channels === 1 ? both : ''}    return p, truth
`;
  }
  return `def chances_of(p: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Probabilities and truth of classes, of pixels that count: [P, classes]."""
    counted = mask != IGNORED
    p = p.movedim(1, -1)[counted].double()
${channels === 1 ? '    p = torch.cat([1 - p, p], 1)\n' : ''}    return p, F.one_hot(mask[counted], ${classes}).double()
`;
};

/** The bins of \`src/runtime/metrics/ranks.ts\`. */
const ranksOf = `def ranks_of(p: Tensor, mask: Tensor) -> Tensor:
    """How many probabilities of each class are in each of 14850 bins, first those where
    it is not true, then where it is: 256 bins for each halving of a probability, or of
    its distance to 1.
    """
    p, truth = chances_of(p, mask)
    low = p < 0.5
    least = torch.where(low, p, 1 - p).clamp(min=0).float()
    bins = ((least.view(torch.int32) >> 15) - 24832).clamp(min=0)
    bins = torch.where(low, bins, 14849 - bins) + 14850 * truth.long()
    counts = [each.bincount(minlength=29700) for each in bins.unbind(1)]
    return torch.stack(counts, 1).double()
`;

const areasOf = `def areas_of(ranks: Tensor) -> Metric:
    """Areas under ROC curves: parts of pairs where what is true ranks higher."""
    no, yes = ranks[:14850], ranks[14850:]
    higher = (yes * (no.cumsum(0) - no / 2)).sum(0)
    return metric_of(higher, no.sum(0) * yes.sum(0))
`;

const binsOf = (head: MeasuredHead): string => {
  const first = `def bins_of(p: Tensor, mask: Tensor, number: int) -> Tensor:
    """How many probabilities are in each bin, their sums, and how many are right, by
    class${hasLikeliest(head) ? '; then the same of the likeliest class, in the first column' : ''}.
    """
    p, truth = chances_of(p, mask)
`;
  const columns = hasLikeliest(head) ? head.classes + 1 : head.classes;
  const likeliest = `    best = p.argmax(1, keepdim=True)
    p, truth = (torch.cat([each, each.gather(1, best)], 1) for each in (p, truth))
`;
  const sums = `    bins = (p * number).long().clamp(0, number - 1)
    bins += number * torch.arange(${columns}, device=p.device)
    parts = (torch.ones_like(p), p, truth)
    sums = [
        bins.flatten().bincount(each.flatten(), ${columns} * number).view(${columns}, number).T
        for each in parts
    ]
`;
  const last = hasLikeliest(head)
    ? `    table = torch.cat(sums)
    likeliest = F.pad(table[:, -1:], (0, ${head.classes - 1}))
    return torch.cat([table[:, :-1], likeliest])
`
    : '    return torch.cat(sums)\n';
  return `${first}${hasLikeliest(head) ? likeliest : ''}${sums}${last}`;
};

const calibrationOf = (head: MeasuredHead): string => {
  const parts = hasLikeliest(head) ? 2 : 1;
  const mean = hasLikeliest(head)
    ? `    metric = metric_of(wrong[0], all_of_them[0])
    if all_of_them[1, 0] > 0:
        metric["mean"] = (wrong[1, 0] / all_of_them[1, 0]).item()
    return metric
`
    : '    return metric_of(wrong[0], all_of_them[0])\n';
  return `def calibration_of(bins: Tensor) -> Metric:
    """The mean distance between probabilities and how often they are right."""
    count, p, right = bins.view(${parts}, 3, -1, ${head.classes}).unbind(1)
    wrong, all_of_them = (p - right).abs().sum(1), count.sum(1)
${mean}`;
};
