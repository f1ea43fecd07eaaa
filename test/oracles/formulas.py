"""Weights and images by formula, the same in test/networks/reference.ts, and samples of results.

    u = ((131 i^2 + 1103 i + 7919 (p + 1)) mod 10007) / 10006, s = 2 u - 1
    kernel: amplitude s    bias: 0.1 s    gamma: 0.8 + 0.4 u
    beta and running mean: 0.2 s          running variance: 0.6 + 0.8 u

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
    }[kind]
    return make().astype(np.float32).reshape(shape).astype(np.float64)


def image(shape):
    """In float32, as the engines here are fed."""
    return np.sin(0.05 * np.arange(int(np.prod(shape)))).astype(np.float32).reshape(shape).astype(np.float64)


def samples(array, count):
    """[flat index, value] at even distances, the first and the last among them."""
    flat = np.asarray(array).reshape(-1)
    return [[int(at), float(flat[at])] for at in np.linspace(0, flat.size - 1, count).astype(int)]
