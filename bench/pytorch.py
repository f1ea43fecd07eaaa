"""An emitted U-Net against one as people write it by hand, of the same size.

    python bench/pytorch.py FILE.py CLASS [--device cpu|cuda] [--base 16] [--size 96] [--batch 2]
                            [--rounds 31] [--threads 1] [--bf16] [--channels-last] [--compile]

FILE.py is what unetc makes of specs/unet-padded.unet. Both networks have the same
weights, take turns, and do a step of training (cross-entropy, Adam) and a prediction.
Prints medians in milliseconds and how many times as fast the emitted one is.
"""

import argparse
import contextlib
import importlib.util
import statistics
import time

import torch
from torch.nn import functional as F
from unet_by_hand import ByHand


def emitted(path, name, base):
    spec = importlib.util.spec_from_file_location("emitted", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)(base=base)


def same_weights(ours, theirs):
    """Both list their layers in the order of the forward pass; shapes tell a mistake."""
    own, other = ours.state_dict(), theirs.state_dict()
    for name, value in zip(own, other.values(), strict=True):
        own[name].copy_(value)


def measured(network, image, target, options):
    def sync():
        if options.device == "cuda":
            torch.cuda.synchronize()

    def cast():
        if options.bf16:
            return torch.autocast(options.device, torch.bfloat16)
        return contextlib.nullcontext()

    # Of one thread, its own time: other programs do not count.
    is_alone = options.device == "cpu" and options.threads == 1
    clock = time.process_time if is_alone else time.perf_counter
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)
    run = torch.compile(network) if options.compile else network

    def step():
        network.train()
        optimizer.zero_grad(set_to_none=True)
        with cast():
            loss = F.binary_cross_entropy_with_logits(run(image), target)
        loss.backward()
        optimizer.step()

    def predict():
        network.eval()
        with torch.inference_mode(), cast():
            run(image)

    def timed(call):
        sync()
        start = clock()
        call()
        sync()
        return 1000 * (clock() - start)

    return {"step": lambda: timed(step), "predict": lambda: timed(predict)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("name")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--base", type=int, default=16)
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    networks = {
        "emitted": emitted(options.file, options.name, options.base),
        "by hand": ByHand(base=options.base),
    }
    same_weights(*networks.values())
    image = torch.rand(options.batch, 3, options.size, options.size, device=options.device)
    target = (torch.rand_like(image[:, :1]) > 0.5).float()
    order = torch.channels_last if options.channels_last else torch.contiguous_format
    image = image.contiguous(memory_format=order)
    calls = {
        name: measured(each.to(options.device, memory_format=order), image, target, options)
        for name, each in networks.items()
    }
    for kind in ("step", "predict"):
        times = {name: [] for name in calls}
        # The first rounds allocate, and compile.
        for round in range(-2, options.rounds):
            names = list(calls) if round % 2 == 0 else list(calls)[::-1]
            for name in names:
                took = calls[name][kind]()
                if round >= 0:
                    times[name].append(took)
        medians = {name: statistics.median(each) for name, each in times.items()}
        ratio = medians["by hand"] / medians["emitted"]
        cells = ", ".join(f"{name} {each:.1f} ms" for name, each in medians.items())
        print(f"{kind:8} {cells}: {ratio:.2f} x as fast")


main()
