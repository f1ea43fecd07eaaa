"""PyTorch's MaxUnpool2d in float64, and its gradient: the entries of that name in ops.json.

Images as test/runtime/primitives/oracles.test.ts states them; what is pooled and the gradient
that comes back are formulas of the flat index, written below.
Run with PyTorch 2: python3 make-max-unpools.py >> the end of the list in ops.json
"""
import json
import math

import torch
from torch.nn import functional as F

# Shape of what is pooled, window, stride, padding, ceil_mode.
CASES = [
    ([1, 2, 6, 5], 2, 2, 0, False),
    ([2, 2, 5, 7], 2, 2, 0, True),
    ([1, 1, 7, 8], 3, 3, 1, False),
    ([1, 2, 8, 9], 2, 3, 0, False),
]


def filled(shape, value):
    values = [value(i) for i in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


lines = []
for shape, kernel, stride, padding, ceil in CASES:
    # Many of these are 0, so that windows have several largest values.
    pooled = filled(shape, lambda i: max(0.0, math.cos(1.7 * i)))
    options = dict(padding=padding, ceil_mode=ceil, return_indices=True)
    made, indices = F.max_pool2d(pooled, kernel, stride, **options)
    x = filled(made.shape, lambda i: math.sin(0.3 * i) + 0.1 * (i % 5)).requires_grad_()
    y = F.max_unpool2d(x, indices, kernel, stride, padding, output_size=shape[2:])
    y.backward(filled(shape, lambda i: math.cos(0.2 * i)))
    entry = dict(op="max_unpool2d", x_shape=list(x.shape), pooled_shape=shape, kernel=kernel)
    entry |= dict(stride=stride, padding=padding, ceil=ceil, y_shape=list(y.shape))
    for name, tensor in (("y", y), ("dx", x.grad)):
        entry[name] = [round(v, 10) for v in tensor.detach().flatten().tolist()]
    lines.append(json.dumps(entry))
print(",\n".join(lines))
