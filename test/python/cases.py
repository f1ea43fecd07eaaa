"""Cases that test/fidelity writes, and the rule by which numbers are the same."""

import torch

# Relative to the largest value.
TOLERANCE = 1e-5

# How much further than rounding carries the target's numbers ours may be: they are other
# sums of up to thousands of products, in another order.
NOISE_FACTOR = 10


class Case:
    """What a network of ours takes and gives. Tensors have our order of axes, [N, H, W, C]."""

    def __init__(self, folder, written):
        self.written = written
        data = bytearray((folder / f"{written['id']}.bin").read_bytes())
        self.numbers = torch.frombuffer(data, dtype=torch.float32)

    def tensor(self, place):
        size = 1
        for axis in place["shape"]:
            size *= axis
        return self.numbers[place["at"] : place["at"] + size].reshape(place["shape"])


def moved(tensor, seed, times=1):
    """Other numbers, of 64 bits: those that 32 bits round to the same ones, or `times` as far."""
    if not tensor.is_floating_point():
        return tensor
    random = torch.Generator().manual_seed(seed)
    share = 2 * torch.rand(tensor.shape, generator=random, dtype=torch.float64) - 1
    return tensor.double() * (1 + times * 2**-24 * share)


def differences(ours, exact, others, scales):
    """Where numbers of ours, of 32 bits, differ from those of the target, of 64, by name.

    Ours may be off by 1e-5 of the largest value of the tensor, or of `scales` where that
    is more. Some networks blow up what 32 bits round: a norm over two values that are
    nearly the same, or sums that cancel. How far they do the target itself tells: `others`
    are its numbers once more, computed with 32 bits, or from weights and images that 32
    bits do not tell from the given ones, or hardly.
    """
    lines = []
    for name, given in ours.items():
        value = exact[name].double()
        if list(given.shape) != list(value.shape):
            lines.append(f"{name} is {list(value.shape)}, not {list(given.shape)}")
            continue
        error, *noises = (
            (each.double() - value).abs().max().item()
            for each in (given, *(other[name] for other in others))
        )
        largest = max(value.abs().max().item(), scales.get(name, 0.0), 1e-30)
        if not error <= max(TOLERANCE * largest, NOISE_FACTOR * max(noises)):
            noise = max(noises) / largest
            lines.append(f"{name} is off by {error / largest:.1e}, rounding by {noise:.1e}")
    return lines
