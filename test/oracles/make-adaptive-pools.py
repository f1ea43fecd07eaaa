"""PyTorch's AdaptiveAvgPool2d in float64: the entries of that name in ops.json.

Images as test/runtime/primitives/oracles.test.ts states them.
Run with PyTorch 2: python3 make-adaptive-pools.py >> the end of the list in ops.json
"""
import json
import math

import torch

SHAPES = [([2, 3, 7, 5], [3, 2]), ([1, 2, 6, 6], [2, 3]), ([1, 2, 2, 3], [3, 5]), ([1, 1, 11, 13], [6, 6])]
lines = []
for shape, size in SHAPES:
    values = [math.sin(0.3 * i) + 0.1 * (i % 5) for i in range(math.prod(shape))]
    x = torch.tensor(values, dtype=torch.float64).reshape(shape)
    y = torch.nn.functional.adaptive_avg_pool2d(x, size)
    entry = dict(op="adaptive_avg_pool2d", x_shape=shape, size=size, y_shape=list(y.shape))
    lines.append(json.dumps({**entry, "y": [round(v, 10) for v in y.flatten().tolist()]}))
print(",\n".join(lines))
