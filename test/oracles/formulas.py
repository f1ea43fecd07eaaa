"""Weights and images by formula, the same in test/networks/reference.ts, and samples of results.

    u = ((131 i^2 + 1103 i + 7919 (p + 1)) mod 10007) / 10006, s = 2 u - 1
    kernel: amplitude s    bias: 0.1 s    gamma: 0.8 + 0.4 u
    beta and running mean: 0.2 s          running variance: 0.6 + 0.8 u
    slope: 0.3 u

for element i of the p-th weight, in the layout of the library; in an image, sin(0.05 i)
for element i in the order n, c, h, w.
"""
import numpy as np


def weight(position, kind, shape, amplitude):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    u = ((131 * i * i + 1103 * i + 7919 * (position + 1)) % 10007) / 10006.0
    s = 2 * u - 1
    make = {
        "weight": lambda: amplitude * s,
        "bias": lambda: 0.1 * s,
        "gamma": lambda: 0.8 + 0.4 * u,
        "beta": lambda: 0.2 * s,
        "mean": lambda: 0.2 * s,
        "var": lambda: 0.6 + 0.8 * u,
        "slope": lambda: 0.3 * u,
    }[kind]
    return make().astype(np.float32).reshape(shape).astype(np.float64)


def image(shape):
    """In float32, as the engines here are fed."""
    return np.sin(0.05 * np.arange(int(np.prod(shape)))).astype(np.float32).reshape(shape).astype(np.float64)


def samples(array, count):
    """[flat index, value] at even distances, the first and the last among them."""
    flat = np.asarray(array).reshape(-1)
    return [[int(at), float(flat[at])] for at in np.linspace(0, flat.size - 1, count).astype(int)]


def kind_of(owner, leaf):
    """What a weight of a module of PyTorch is to the formulas."""
    if leaf in ("running_mean", "running_var"):
        return leaf[len("running_") :]
    if leaf == "bias":
        return "bias" if hasattr(owner, "kernel_size") else "beta"
    if hasattr(owner, "kernel_size"):
        return "weight"
    return "slope" if type(owner).__name__ == "PReLU" else "gamma"


def fill(module, gain=1):
    """Every weight by its shape alone: two of one shape and kind have the same values."""
    import torch

    owners = dict(module.named_modules())
    state = module.state_dict()
    for name, value in state.items():
        owner, _, leaf = name.rpartition(".")
        if leaf == "num_batches_tracked":
            continue
        shape = list(value.shape)
        amplitude = gain * np.sqrt(6 / np.prod(shape[1:])) if len(shape) == 4 else None
        value.copy_(torch.from_numpy(weight(sum(shape), kind_of(owners[owner], leaf), shape, amplitude)))
    module.load_state_dict(state)
    return module
