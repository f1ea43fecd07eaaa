"""Emitted PyTorch modules of specs/ as numbers: those that test/golden keeps.

At base 4 where a module takes it, else at full width, in float64, with the weights of formulas.py: the position
is that of a name among all names of the state dict in the order of their texts. Holds for
each output of `forward` samples, and of one step of training, without dropout, the mean of
all outputs times cos(i) and the L2 norm of its gradient by weight.

The norms must be such that float32 can give them, which this script tries in PyTorch:

- At a rectifier's corner rounding decides. In mobile-unet at 2 x 3 x 64 x 96, 16 of 5 million
  values have another sign in float32 than in float64; norms are then off by up to 2.4e-2,
  with the signs of float64 by 1.5e-5, with a smooth function for all rectifiers by 2.2e-6.
  More values are more such signs: no size is free of them, one is enough, and other orders of
  sums have other signs. So the network is moved: every weight and pixel by up to UNITS units
  of rounding. Where that moves a norm by more than FLOAT32_ERROR, and less with swish for all
  rectifiers, the step is that of the network with swish (`smooth`). Outputs are always those
  of the network itself.
- A batch norm over few values divides by a small deviation. In eff-unet at 2 x 3 x 32 x 64
  it has 4 values, and norms are off by up to 6.9e-3 even with the signs of float64; at
  64 x 96 it has 12, and they are off by 2.9e-5. So the image is the least of 24 or more
  with FEWEST_VALUES.

Outputs may be off by 1e-5 of the largest value, or where one unit of rounding in weights and
image moves them further, by that (`rounding`); norms by a thousandth, or by four times what
UNITS move them (`moved`) where that is more: our kernels round in every layer.

    python3 make-emitted-modules.py [spec ...]
"""

import copy
import importlib.util
import inspect
import json
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import formulas

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
SAMPLES = 8
FEWEST_VALUES = 8
UNITS = 8
DRAWS = 3
FLOAT32_ERROR = 2e-4
MOVED_ERROR = 2.5e-4
OUTPUT_ERROR = 1e-5
RECTIFIERS = ["relu", "relu6", "leaky_relu"]
KINDS = {"running_mean": "mean", "running_var": "var", "bias": "bias", "weight": "weight"}


def load(path):
    spec = importlib.util.spec_from_file_location(path.parent.name.replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def models_of(module):
    """The classes that predict."""
    own = [each for each in vars(module).values() if inspect.isclass(each)]
    return [each for each in own if each.__module__ == module.__name__ and hasattr(each, "predict")]


def kind_of(name, shape):
    role = name.rsplit(".", 1)[-1]
    if role == "weight" and len(shape) == 1:
        return "gamma"
    return KINDS[role]


def fill(network):
    state = network.state_dict()
    names = sorted(name for name in state if not name.endswith("num_batches_tracked"))
    transposed = {
        f"{path}.weight" for path, each in network.named_modules() if isinstance(each, nn.ConvTranspose2d)
    }
    for position, name in enumerate(names):
        shape = list(state[name].shape)
        kind = kind_of(name, shape)
        amplitude = None
        if kind == "weight":
            fan_in = shape[0] if name in transposed else int(np.prod(shape[1:]))
            amplitude = float(np.sqrt(6 / fan_in))
        value = formulas.weight(position, kind, shape, amplitude)
        state[name].copy_(torch.from_numpy(value))
    return names


def as_list(outputs):
    return [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)


def sizes_for(module):
    """Legal sizes from 24 on: heights, each with the next one for the width where that is legal."""
    check = getattr(module, "check_size", None) or (lambda height, width: None)

    def is_legal(height, width):
        try:
            check(height, width)
        except ValueError:
            return False
        return True

    legal = [size for size in range(24, 700) if is_legal(size, size)]
    for height, width in zip(legal, [*legal[1:], *legal[-1:]]):
        yield (height, width) if is_legal(height, width) else (height, height)


def fewest_values(network, image):
    """Of those that a batch norm takes its statistics of."""
    counts = []
    hooks = [
        each.register_forward_pre_hook(
            lambda norm, given: counts.append(given[0].numel() // norm.num_features)
        )
        for each in network.modules()
        if isinstance(each, nn.BatchNorm2d)
    ]
    with torch.no_grad():
        network(image)
    for hook in hooks:
        hook.remove()
    return min(counts, default=FEWEST_VALUES)


def in_float32(network, image, units, seed=1):
    """The network and image in float32, each number moved by up to so many units of rounding."""
    random = torch.Generator().manual_seed(seed)

    def moved(tensor):
        if not tensor.is_floating_point():
            return tensor
        share = 2 * torch.rand(tensor.shape, generator=random, dtype=torch.float64) - 1
        return (tensor * (1 + units * 2**-23 * share)).float()

    own = copy.deepcopy(network)
    with torch.no_grad():
        own.load_state_dict({name: moved(each) for name, each in network.state_dict().items()})
    return own.float(), moved(image)


def step(network, image):
    """The loss and its gradient's norms by name."""
    network = copy.deepcopy(network).train()
    loss = torch.zeros((), dtype=image.dtype)
    for each in as_list(network(image)):
        waves = torch.cos(torch.arange(each.numel(), dtype=torch.float64)).to(image.dtype)
        loss = loss + (each * waves.reshape(each.shape)).mean()
    loss.backward()
    norms = {name: each.grad for name, each in network.named_parameters()}
    return float(loss.detach()), {
        name: 0.0 if grad is None else float(grad.norm()) for name, grad in norms.items()
    }


def norm_error(network, image, norms):
    """How far norms are off once a network and image are moved, as a share of each: the worst of DRAWS.

    Those of biases before norms are zero; what float32 finds instead is rounding, 2.4e-6
    in unet-plus-plus.
    """
    nothing = 1e-5 * max(norms.values())
    draws = [step(*in_float32(network, image, UNITS, seed))[1] for seed in range(DRAWS)]
    return max(
        max(0.0, abs(found[name] - norm) - nothing) / max(norm, nothing)
        for found in draws
        for name, norm in norms.items()
    )


def output_error(rounded, outputs):
    """The same of each output, as a share of its largest value."""
    network, image = rounded
    with torch.no_grad():
        found = as_list(network(image))
    return [float((a - b).abs().max() / b.abs().max()) for a, b in zip(found, outputs)]


@contextmanager
def smooth_rectifiers():
    kept = {name: getattr(F, name) for name in RECTIFIERS}
    for name in RECTIFIERS:
        setattr(F, name, lambda x, *_, **__: F.silu(x))
    try:
        yield
    finally:
        for name, function in kept.items():
            setattr(F, name, function)


def entry(name, module, cls):
    parameters = inspect.signature(cls.__init__).parameters
    given = {"base": 4} if "base" in parameters else {}
    network = cls(**given).double().eval()
    names = fill(network)
    channels = parameters["channels"].default
    for size in sizes_for(module):
        shape = [2, channels, *size]
        image = torch.from_numpy(formulas.image(shape))
        if fewest_values(network, image) >= FEWEST_VALUES:
            break
    with torch.no_grad():
        outputs = as_list(network(image))
    loss, norms = step(network, image)
    rounding = output_error(in_float32(network, image, units=1), outputs)
    error = norm_error(network, image, norms)
    smooth = False
    print(f"{name} {shape}: rounding moves outputs by {max(rounding):.1e}, norms by {error:.1e}", end="")
    if error > FLOAT32_ERROR:
        with smooth_rectifiers():
            other = step(network, image)
            smooth_error = norm_error(network, image, other[1])
        print(f", with swish by {smooth_error:.1e}", end="")
        smooth = smooth_error < error
        if smooth:
            (loss, norms), error = other, smooth_error
    print(flush=True)
    return dict(
        spec=name,
        set={key: str(value) for key, value in given.items()},
        input=shape,
        outputs=[
            dict(
                shape=list(each.shape),
                largest=float(each.abs().max()),
                **({"rounding": off} if off > OUTPUT_ERROR else {}),
                samples=formulas.samples(each, SAMPLES),
            )
            for each, off in zip(outputs, rounding)
        ],
        smooth=smooth,
        **({"moved": error} if error > MOVED_ERROR else {}),
        loss=loss,
        gradients=[rounded(norms.get(each, 0.0)) for each in names],
    )


def rounded(value):
    return float(f"{value:.7g}")


def shortened(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    return [shortened(each) for each in value] if isinstance(value, list) else value


F.dropout = F.dropout2d = lambda x, *_: x
target = FOLDER / "emitted-modules.json"
wanted = sys.argv[1:]
found = {}
if wanted:
    found = {each["spec"]: each for each in json.loads(target.read_text())["modules"]}
for path in sorted((ROOT / "specs").glob("*.unet")):
    if wanted and path.stem not in wanted:
        continue
    module = load(ROOT / "test/golden" / path.stem / "out.py")
    (cls,) = models_of(module)
    found[path.stem] = shortened(entry(path.stem, module, cls))
    lines = ",\n".join(json.dumps(found[each], separators=(",", ":")) for each in sorted(found))
    target.write_text(f'{{"modules":[\n{lines}\n]}}\n')
