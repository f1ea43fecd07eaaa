import { regionHelpers } from './region-helpers.js';

/** Functions that losses call. */
export type LossHelper =
  | 'mean_of_pixels'
  | 'mean_of_images'
  | 'sums_of_classes'
  | 'sums_of_images'
  | 'log_of'
  | 'nearest'
  | 'classes_in'
  | 'of_all_pixels'
  | 'mean_of_hardest'
  | 'generalized_dice'
  | 'lovasz'
  | 'lovasz_of_images'
  | 'mean_of_present'
  | 'signed_distances'
  | 'soft_skeleton';

/** In the order in which a file has them; ruff's formatter leaves each as it is. */
export const lossHelpers: Readonly<Record<LossHelper, string>> = {
  mean_of_pixels: `def mean_of_pixels(losses: Tensor, counts: Tensor) -> Tensor:
    """The mean over the pixels that count, and over channels that are independent."""
    sums = torch.stack([(losses * counts).sum(), counts.sum() * losses.shape[1]])
    total, number = of_all_processes(sums).unbind()
    return total / number.clamp(min=1)
`,
  mean_of_images: `def mean_of_images(losses: Tensor) -> Tensor:
    """The mean over images and classes of losses, [N, C]."""
    sums = torch.stack([losses.sum(), losses.new_tensor(losses.numel())])
    total, number = of_all_processes(sums).unbind()
    return total / number
`,
  sums_of_classes: `def sums_of_classes(p: Tensor, truth: Tensor) -> Tensor:
    """Sums of p t, of p and of t over all images, by class: [3, C]."""
    sums = [each.sum((0, 2, 3)) for each in (p * truth, p, truth)]
    return of_all_processes(torch.stack(sums))
`,
  sums_of_images: `def sums_of_images(p: Tensor, truth: Tensor) -> Tensor:
    """Sums of p t, of p and of t, by image and class: [3, N, C]."""
    return torch.stack([each.sum((2, 3)) for each in (p * truth, p, truth)])
`,
  log_of: `def log_of(p: Tensor) -> Tensor:
    """Logs of probabilities, at least -100 and without a slope where p is 0."""
    log = p.clamp(min=1e-12).log()
    return log + (p.log().clamp(min=-100) - log).detach()
`,
  nearest: `def nearest(planes: Tensor, like: Tensor) -> Tensor:
    """Masks, or weight maps, at the size of an output: each pixel takes the nearest."""
    for axis in (-2, -1):
        old, new = planes.shape[axis], like.shape[axis]
        steps = torch.arange(new, device=planes.device)
        planes = planes.index_select(axis, (2 * steps + 1) * old // (2 * new))
    return planes
`,
  classes_in: `def classes_in(mask: Tensor, channels: int) -> Tensor:
    """What is true of whole images, [N, C, 1, 1]: of one channel whether any class but
    the background occurs, of several first whether none does, then each.
    """
    found = [((mask == each).flatten(1).any(1)) for each in range(1, channels)]
    some = ((mask > 0) & (mask != IGNORED)).flatten(1).any(1)
    planes = [some] if channels == 1 else [~some, *found]
    return torch.stack(planes, 1).float()[:, :, None, None]
`,
  ...regionHelpers,
};
