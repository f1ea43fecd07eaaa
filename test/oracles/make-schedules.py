"""Learning rates of PyTorch's schedulers -> schedules.json.

For 6 epochs of 5 steps the factor on the learning rate at each step; of ReduceLROnPlateau
the factor of each epoch, for a metric that is better the larger it is."""

import json
import torch
from torch.optim import lr_scheduler as lr

EPOCHS, BATCHES = 6, 5


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def by_step(make, position):
    """The factor of each step, `position(step)` being where the scheduler is then."""
    found = []
    for step in range(EPOCHS * BATCHES):
        sgd = optimizer()
        scheduler = make(sgd)
        sgd.step()
        position(scheduler, step)
        found.append(sgd.param_groups[0]["lr"])
    return found


def after(count):
    return lambda scheduler, step: [scheduler.step() for _ in range(count(step))]


epochs = after(lambda step: step // BATCHES)
steps = after(lambda step: step)
cases = [
    ("multi_step", {"after": [1, 4], "factor": 0.3},
     by_step(lambda sgd: lr.MultiStepLR(sgd, [1, 4], 0.3), epochs)),
    ("exponential", {"factor": 0.9}, by_step(lambda sgd: lr.ExponentialLR(sgd, 0.9), epochs)),
    ("cosine_restarts", {"every": 2, "stretch": 1, "floor": 0.1},
     by_step(lambda sgd: lr.CosineAnnealingWarmRestarts(sgd, 2, 1, 0.1),
             lambda scheduler, step: scheduler.step(step / BATCHES))),
    ("cosine_restarts", {"every": 1, "stretch": 2, "floor": 0},
     by_step(lambda sgd: lr.CosineAnnealingWarmRestarts(sgd, 1, 2),
             lambda scheduler, step: scheduler.step(step / BATCHES))),
]
for rise, shape, first, last in ((0.3, "cos", 0.04, 4e-6), (0.45, "linear", 0.1, 0.001)):
    make = lambda sgd: lr.OneCycleLR(
        sgd, 1.0, EPOCHS * BATCHES, pct_start=rise, anneal_strategy=shape,
        cycle_momentum=False, div_factor=1 / first, final_div_factor=first / last)
    options = {"rise": rise, "shape": "cosine" if shape == "cos" else shape, "first": first, "last": last}
    cases.append(("one_cycle", options, by_step(make, steps)))

metrics = [0.2, 0.5, 0.4, 0.5, 0.3, 0.6, 0.1, 0.2, 0.3, 0.2, 0.1, 0.0, 0.1, 0.2, 0.7, 0.1, 0.1, 0.1, 0.1]
plateaus = []
for patience, factor, cooldown, floor in ((2, 0.5, 0, 0), (1, 0.1, 2, 0.02), (3, 0.2, 1, 0)):
    sgd = optimizer()
    scheduler = lr.ReduceLROnPlateau(
        sgd, "max", factor, patience - 1, threshold=0, cooldown=cooldown, min_lr=floor)
    found = []
    for each in metrics:
        scheduler.step(each)
        found.append(sgd.param_groups[0]["lr"])
    options = {"patience": patience, "factor": factor, "cooldown": cooldown, "floor": floor}
    plateaus.append({"options": options, "factors": found})
json.dump({
    "epochs": EPOCHS, "batches": BATCHES, "metrics": metrics, "plateaus": plateaus,
    "schedules": [dict(name=name, options=options, factors=found) for name, options, found in cases],
}, open("schedules.json", "w"), indent=1)
