"""Emitted PyTorch modules of specs/ as numbers: those that test/golden keeps and that take
a width, `base`, and channels.

At base 4, in float64, with the weights of formulas.py: the position is that of a name
among all names of the state dict in the order of their texts. Holds for each output of `forward` samples, and of one step of training, without dropout,
the mean of all outputs times cos(i) and the L2 norm of its gradient by weight.

    python3 make-emitted-modules.py
"""

import importlib.util
import inspect
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import formulas

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
SAMPLES = 8
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


def size_for(module, cls):
    """The least legal size that is at least 24, and the next one for the width."""
    check = getattr(module, "check_size", None) or (lambda height, width: None)
    legal = []
    for size in range(24, 700):
        try:
            check(size, size)
        except ValueError:
            continue
        legal.append(size)
        if len(legal) == 2:
            break
    if not legal:
        return None
    height, width = legal[0], legal[-1]
    try:
        check(height, width)
    except ValueError:
        width = height
    return height, width


def entry(name, module, cls):
    parameters = inspect.signature(cls.__init__).parameters
    if "base" not in parameters or "channels" not in parameters:
        return None
    given = {"base": 4}
    network = cls(**given).double()
    names = fill(network)
    size = size_for(module, cls)
    if size is None:
        return None
    channels = parameters["channels"].default
    shape = [2, channels, *size]
    image = torch.from_numpy(formulas.image(shape))
    counts = []
    for each in network.modules():
        if isinstance(each, nn.BatchNorm2d):
            each.register_forward_pre_hook(
                lambda norm, given: counts.append(given[0].numel() // norm.num_features)
            )
    network.eval()
    with torch.no_grad():
        outputs = as_list(network(image))
    # Norms over fewer values blow up what 32 bits round.
    if min(counts, default=8) < 8:
        return None
    network.train()
    trained = as_list(network(image))
    loss = sum(
        (each * torch.cos(torch.arange(each.numel(), dtype=each.dtype)).reshape(each.shape)).mean()
        for each in trained
    )
    loss.backward()
    gradients = {
        name: float(each.grad.norm()) for name, each in network.named_parameters() if each.grad is not None
    }
    return dict(
        spec=name,
        model=cls.__name__,
        set={key: str(value) for key, value in given.items()},
        input=shape,
        outputs=[
            dict(shape=list(each.shape), largest=float(each.abs().max()), samples=formulas.samples(each, SAMPLES))
            for each in outputs
        ],
        loss=float(loss.detach()),
        gradients=[rounded(gradients.get(name, 0.0)) for name in names],
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
found = []
for path in sorted((ROOT / "specs").glob("*.unet")):
    module = load(ROOT / "test/golden" / path.stem / "out.py")
    for cls in models_of(module):
        made = entry(path.stem, module, cls)
        if made is not None:
            print(path.stem, made["input"])
            found.append(shortened(made))
lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in found)
(FOLDER / "emitted-modules.json").write_text(f'{{"modules":[\n{lines}\n]}}\n')
