/** Functions that losses of sorted pixels, outlines and skeletons call, as ruff's formatter leaves them. */
export const regionHelpers = {
  of_all_pixels: `def of_all_pixels(values: Tensor) -> Tensor:
    """While training, values of this process to those of all, on the last axis."""
    if not (dist.is_initialized() and torch.is_grad_enabled()):
        return values
    sizes = torch.zeros(dist.get_world_size(), dtype=torch.long, device=values.device)
    rank = dist.get_rank()
    sizes[rank] = values.shape[-1]
    dist.all_reduce(sizes)
    around = (int(sizes[:rank].sum()), int(sizes[rank + 1 :].sum()))
    return of_all_processes(F.pad(values, around))
`,
  mean_of_hardest: `def mean_of_hardest(losses: Tensor, counts: Tensor, share: float) -> Tensor:
    """The mean of the largest losses: of a share of the pixels that count."""
    number = of_all_processes(counts.sum()).item() * losses.shape[1]
    largest = of_all_pixels((losses * counts).flatten())
    return largest.topk(max(1, int(share * number))).values.mean()
`,
  generalized_dice: `def generalized_dice(sums: Tensor, epsilon: float) -> Tensor:
    """The generalised Dice loss from sums of p t, of p and of t by class (Sudre et al.
    2017). Weights 1 / t^2 are parts of the largest; a class that is not there weighs as
    the rarest one that is.
    """
    overlap, predicted, actual = sums.unbind()
    there = actual > 0
    rarest = actual.where(there, math.inf).amin(-1, keepdim=True)
    weights = torch.where(there, (rarest / actual).square(), 1.0)
    over = 2 * (weights * overlap).sum(-1) + epsilon
    under = (weights * (predicted + actual)).sum(-1) + epsilon
    return 1 - over / under
`,
  lovasz: `def lovasz(errors: Tensor, truth: Tensor) -> Tensor:
    """The Lovász extension of the Jaccard loss of rows of pixels (Berman et al. 2018):
    errors, the largest first, times what each adds to the loss of those before it.
    """
    errors, order = errors.sort(1, descending=True)
    truth = truth.gather(1, order)
    positives = truth.sum(1, keepdim=True)
    missed = positives - truth.cumsum(1)
    union = missed + torch.arange(1, errors.shape[1] + 1, device=errors.device)
    slopes = truth / union
    slopes += (1 - truth) * missed / (union * (union - 1).clamp(min=1))
    slopes[:, :1] += positives == 0
    return (errors * slopes).sum(1)
`,
  lovasz_of_images: `def lovasz_of_images(errors: Tensor, truth: Tensor) -> Tensor:
    """The same of each image and class: [N, C]."""
    rows = [each.flatten(0, 1).flatten(1) for each in (errors, truth)]
    return lovasz(*rows).view(truth.shape[:2])
`,
  mean_of_present: `def mean_of_present(values: Tensor, weights: Tensor) -> Tensor:
    """The mean over classes by their weights; 0 where all of these are 0."""
    totals = weights.sum(-1)
    return (values * weights).sum(-1) / totals.where(totals > 0, 1.0)
`,
  signed_distances: `def signed_distances(truth: Tensor, counts: Tensor) -> Tensor:
    """Distances to the outlines of what is true, [N, C, H, W], as the boundary loss has
    them (Kervadec et al. 2019): outside to the nearest pixel inside, inside negative, 1
    less than to the nearest outside. Where there is no outline they are 0.
    """
    counted = counts > 0
    inside, outside = (truth > 0) & counted, (truth == 0) & counted
    has = (inside.amax((2, 3)) & outside.amax((2, 3)))[:, :, None, None]
    there, back = distances_to(inside | ~has), distances_to(outside | ~has)
    signed = torch.where(inside, 1 - back, there)
    return signed.where(has & counted, 0.0)


def distances_to(marked: Tensor) -> Tensor:
    """Exact distances to the nearest pixel that is marked: along columns, then rows."""
    height, width = marked.shape[2:]
    far = height + width
    rows = torch.arange(height, device=marked.device).float()[:, None]
    above = torch.where(marked, rows, -far).cummax(2).values
    below = torch.where(marked, rows, height + far).flip(2).cummin(2).values.flip(2)
    squares = torch.minimum(rows - above, below - rows).square()
    least = squares.clone()
    for step in range(1, width):
        if step**2 >= least.max():
            break
        for one, other in ((step, 0), (0, step)):
            shown = least[..., one : width - other]
            moved = squares[..., other : width - one] + step**2
            shown.copy_(torch.minimum(shown, moved))
    return least.sqrt()
`,
  soft_skeleton: `def soft_skeleton(image: Tensor, iterations: int) -> Tensor:
    """What openings take away, over and over from what is eroded (Shit et al. 2021)."""
    thinner = eroded(image)
    skeleton = F.relu(image - F.max_pool2d(thinner, 3, 1, 1))
    for _ in range(iterations):
        image, thinner = thinner, eroded(thinner)
        ridge = F.relu(image - F.max_pool2d(thinner, 3, 1, 1))
        skeleton = skeleton + F.relu(ridge - skeleton * ridge)
    return skeleton


def eroded(image: Tensor) -> Tensor:
    """The least of each pixel and its four neighbours."""
    down = F.max_pool2d(-image, (3, 1), 1, (1, 0))
    across = F.max_pool2d(-image, (1, 3), 1, (0, 1))
    return -torch.maximum(down, across)
`,
} as const;
