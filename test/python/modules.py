"""Holds emitted PyTorch files to what our functional network gives.

Takes a folder that holds `cases.json` (test/fidelity/write-cases.ts), with each case's
module and class, and prints what differs: names of the state dict, shapes, what `forward`
and `predict` give, and of a step of training the loss, its gradient and the running
statistics after it.
"""

import copy
import importlib.util
import json
import sys
from functools import partial
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from cases import Case, differences, moved

ROLES = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "alpha": "weight",
    "moving_mean": "running_mean",
    "table": "table",
    "moving_variance": "running_var",
}


def torch_name(weight):
    path, role = weight["name"].rsplit("/", 1)
    return f"{path.replace('/', '.')}.{ROLES[role]}"


def torch_weight(weight, values):
    """A weight, or its gradient, in PyTorch's order of axes."""
    if weight["operation"] == "depthwise_conv" and weight["role"] == "kernel":
        height, width = values.shape[:2]
        return values.permute(2, 3, 0, 1).reshape(-1, 1, height, width)
    return values.permute(3, 2, 0, 1) if values.dim() == 4 else values


def first(values):
    """[N, H, W, C] -> [N, C, H, W]."""
    return values.permute(0, 3, 1, 2)


def moved_first(values, seed, times):
    return moved(first(values), seed, times)


def load(folder, case):
    spec = importlib.util.spec_from_file_location(case["id"], folder / case["file"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, case["class"])()


def as_list(outputs):
    return [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)


def size_of(run):
    return "x".join(map(str, run["image"]["shape"][1:3]))


def loss_of(output, truth, activation, is_logits):
    if activation == "sigmoid":
        if is_logits:
            return F.binary_cross_entropy_with_logits(output, truth)
        return F.binary_cross_entropy(output, truth)
    if is_logits:
        return F.cross_entropy(output, truth)
    return -(output.log() * truth).sum(1).mean()


def numbers_of(network, case, state, dtype, image_of=first):
    """All numbers of a module, by names."""
    written = case.written
    network.to(dtype)
    network.load_state_dict(state, strict=False)
    found = {}
    network.eval()
    for run in written["runs"]:
        image = image_of(case.tensor(run["image"])).to(dtype)
        with torch.no_grad():
            outputs = as_list(network(image))
        for place, output in zip(run["outputs"], outputs):
            found[f"{place['name']} at {size_of(run)}"] = output
        for at, output in enumerate(as_list(network.predict(image))):
            found[f"prediction {at} at {size_of(run)}"] = output
    step = written["step"]
    network.train()
    network.zero_grad(set_to_none=True)
    outputs = as_list(network(image_of(case.tensor(step["image"])).to(dtype)))
    losses = [
        loss_of(output, first(case.tensor(truth)).to(dtype), truth["activation"], is_logits)
        for output, truth, is_logits in zip(outputs, step["truths"], written["logits"])
    ]
    loss = torch.stack(losses).sum()
    if loss.requires_grad:
        loss.backward()
    found["the loss"] = loss.detach()
    for name, each in network.named_parameters():
        gradient = torch.zeros_like(each) if each.grad is None else each.grad.clone()
        found[f"the gradient of {name}"] = gradient
    for name, each in network.state_dict().items():
        found[f"{name} after a step"] = each.clone()
    return found


def ours_of(case):
    """The same numbers of ours."""
    written = case.written
    weights = {weight["name"]: weight for weight in written["weights"]}
    found = {}
    for run in written["runs"]:
        for place, is_logits in zip(run["outputs"], written["logits"]):
            given = case.tensor(place["logits"] if is_logits else place)
            found[f"{place['name']} at {size_of(run)}"] = first(given)
        for at, place in enumerate(run["predictions"]):
            found[f"prediction {at} at {size_of(run)}"] = first(case.tensor(place))
    step = written["step"]
    found["the loss"] = torch.tensor(step["loss"])
    for place in step["gradients"]:
        weight = weights[place["name"]]
        gradient = torch_weight(weight, case.tensor(place))
        found[f"the gradient of {torch_name(weight)}"] = gradient
    for place in step["statistics"]:
        name = torch_name(weights[place["name"]])
        found[f"{name} after a step"] = case.tensor(place)
    return found


def scales_of(case, exact):
    """What counts as the largest value of tensors that are part of more.

    The gradient of a bias before a norm is nothing, that of the kernel beside it is made
    of the same summands; and an error of a logit is one of its probability.
    """
    scales = {}
    layers = {}
    for name, value in exact.items():
        layer = name.rpartition(".")[0]
        if name.startswith("the gradient of "):
            layers[layer] = max(layers.get(layer, 0.0), value.abs().max().item())
    for name in exact:
        if name.startswith("the gradient of "):
            scales[name] = layers[name.rpartition(".")[0]]
    for run in case.written["runs"]:
        size = size_of(run)
        outputs = [exact[f"{place['name']} at {size}"].abs().max() for place in run["outputs"]]
        for at in range(len(run["predictions"])):
            scales[f"prediction {at} at {size}"] = max(1.0, *map(float, outputs))
    return scales


def differs_once_converted(network, case, exact, state):
    """What is no longer the same where norms are those of several processes."""
    again = nn.SyncBatchNorm.convert_sync_batchnorm(copy.deepcopy(network))
    if list(again.state_dict()) != list(network.state_dict()):
        return "SyncBatchNorm changes the names of the state dict"
    again.load_state_dict(state, strict=False)
    again.eval()
    run = case.written["runs"][-1]
    image = first(case.tensor(run["image"])).double()
    with torch.no_grad():
        try:
            outputs = as_list(again(image))
        except AttributeError as error:
            # Numbers that a module reads when it runs go with its class, and it says so.
            if "'SyncBatchNorm' object has no attribute" in str(error):
                return None
            raise
    for place, output in zip(run["outputs"], outputs):
        if not torch.equal(output, exact[f"{place['name']} at {size_of(run)}"]):
            return f"SyncBatchNorm makes another {place['name']}"
    return None


def judge(case, network):
    state = {
        torch_name(weight): torch_weight(weight, case.tensor(weight)).clone()
        for weight in case.written["weights"]
    }
    own = {
        name: list(each.shape)
        for name, each in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    if own != {name: list(each.shape) for name, each in state.items()}:
        lacks, more = sorted(set(state) - set(own)), sorted(set(own) - set(state))
        others = [
            f"{name} {own[name]}, not {list(each.shape)}"
            for name, each in state.items()
            if name in own and own[name] != list(each.shape)
        ]
        return [f"the state dict lacks {lacks}, has {more}; of other shapes are {others}"]
    frozen = {name for name, each in network.named_parameters() if not each.requires_grad}
    expected = {
        torch_name(weight)
        for weight in case.written["weights"]
        if weight["isFrozen"] and not weight["role"].startswith("moving_")
    }
    if frozen != expected:
        return [f"frozen are {sorted(frozen)}, not {sorted(expected)}"]
    ours = ours_of(case)
    exact = numbers_of(network, case, state, torch.float64)
    converted = differs_once_converted(network, case, exact, state)
    if converted is not None:
        return [converted]
    scales = scales_of(case, exact)
    others = [numbers_of(network, case, state, torch.float32)]
    lines = differences(ours, exact, others, scales)
    # Every layer rounds: some units of 32 bits further on a rectifier's corner may lie, where one
    # sign changes the gradients of all that stands before it.
    for times, draws in ((1, 3), (16, 8)):
        if not lines:
            break
        for seed in range(draws):
            near = {name: moved(value, seed, times) for name, value in state.items()}
            moved_image = partial(moved_first, seed=seed, times=times)
            others.append(numbers_of(network, case, near, torch.float64, moved_image))
        lines = differences(ours, exact, others, scales)
    return lines


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    # Every library draws its own numbers.
    F.dropout = F.dropout2d = lambda x, *_: x
    answers = {}
    for written in json.loads((folder / "cases.json").read_text()):
        try:
            answers[written["id"]] = judge(Case(folder, written), load(folder, written))
        except Exception as error:  # noqa: BLE001
            answers[written["id"]] = [f"{type(error).__name__}: {error}"]
    print(json.dumps(answers))


main()
