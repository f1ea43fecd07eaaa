"""Asks emitted training scripts for numbers.

Takes a folder that holds `cases.json`: for each case the folder of its files, outputs of
the network with masks and weight maps, probabilities of images with their masks, steps
whose learning rate is wanted, and gradients for some steps of the optimizer. Prints what
the scripts give for them.
"""

import importlib
import json
import sys
from pathlib import Path

import torch
from torch import nn


def load(folder):
    for name in ("train", "data", "small"):
        sys.modules.pop(name, None)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("train")
    finally:
        sys.path.pop(0)


def tensor(case, dtype=torch.float32):
    return torch.tensor(case["values"], dtype=dtype).reshape(case["shape"])


def losses(train, case):
    outputs = [tensor(each).requires_grad_() for each in case["outputs"]]
    targets = [tensor(case["mask"], torch.int64)]
    targets += [tensor(case["maps"])] if "maps" in case else []
    if len(outputs) == 1:
        values = train.loss_of(outputs[0], *targets).view(1)
        total = values[0]
    else:
        named = next(value for name, value in vars(train).items() if name.endswith("Outputs"))
        values = train.losses_of(named(*outputs), *targets)
        total = (values * values.new_tensor(train.WEIGHTS)).sum()
    total.backward()
    return {
        "losses": values.tolist(),
        "total": total.item(),
        "gradients": [each.grad.flatten().tolist() for each in outputs],
    }


def metrics(train, images):
    sums = sum(train.measure(tensor(each["p"]), tensor(each["mask"], torch.int64)) for each in images)
    return {"metrics": train.metrics_of(sums), "unpredicted": train.never_predicted(sums)}


def steps(train, case):
    network = nn.Module()
    for name, each in case["weights"].items():
        network.register_parameter(name, nn.Parameter(tensor(each)))
    optimizer = train.make_optimizer(network)
    for number, gradients in enumerate(case["gradients"]):
        for group in optimizer.param_groups:
            group["lr"] = train.rate_of(number, 2, 5)
        for name, each in network.named_parameters():
            each.grad = tensor(gradients[name])
        optimizer.step()
    return {name: each.flatten().tolist() for name, each in network.named_parameters()}


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    answers = {}
    for case in json.loads((folder / "cases.json").read_text()):
        train = load(folder / case["name"])
        answers[case["name"]] = {
            **losses(train, case),
            **metrics(train, case["images"]),
            "rates": [train.rate_of(step, *case["epochs"]) for step in range(case["steps"])],
            "weights": steps(train, case["optimizer"]),
        }
    print(json.dumps(answers))


main()
