"""One side of engines.ts, a process of its own: for each line on its input it runs so many
training steps of a U-Net and prints the milliseconds of one as JSON.

    python bench/pytorch_steps.py emitted|hand FOLDER PIXELS FILTERS THREADS

"emitted" is the step of the train.py in FOLDER, which unetc has made; "hand" the same network
and step as a person writes them.
"""

import json
import sys
import time
from pathlib import Path

kind, folder, *numbers = sys.argv[1:]
pixels, filters, threads = map(int, numbers)

import torch
from PIL import Image
from torch.nn import functional as F
from unet_by_hand import ByHand

BATCH = 4
torch.set_num_threads(threads)
torch.manual_seed(0)
image = torch.rand(BATCH, 3, pixels, pixels)
mask = torch.randint(0, 2, (BATCH, pixels, pixels))


def emitted():
    data, code = Path(folder, f"data-{pixels}"), Path(folder, f"code-{filters}")
    for number in range(BATCH + 1):
        split = data / ("train" if number < BATCH else "val")
        levels = (255 * mask[number % BATCH]).to(torch.uint8).numpy()
        for part in ("images", "masks"):
            (split / part).mkdir(parents=True, exist_ok=True)
        Image.fromarray(levels).convert("RGB").save(split / "images" / f"{number}.png")
        Image.fromarray(levels).save(split / "masks" / f"{number}.png")
    sys.path.insert(0, str(code))
    import train

    out = Path(folder, f"run-{pixels}")
    sys.argv = ["train.py", "--data", str(data), "--out", str(out), "--workers", "0"]
    run = train.Run(train.read_arguments())
    run.network.train()
    return lambda: run.step([image, mask], BATCH, train.LEARNING_RATE).tolist()


def by_hand():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = ByHand(base=filters, rate=0).to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    x = image.to(device).contiguous(memory_format=torch.channels_last)
    truth = mask.to(device).unsqueeze(1).float()
    network.train()

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            logits = network(x)
        loss = F.binary_cross_entropy_with_logits(logits.float(), truth)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


step = emitted() if kind == "emitted" else by_hand()
print("ready", flush=True)
for line in sys.stdin:
    times = int(line.split()[1])
    start, used = time.perf_counter(), time.process_time()
    for _ in range(times):
        step()
    wall, cpu = time.perf_counter() - start, time.process_time() - used
    print(json.dumps({"cpu": 1000 * cpu / times, "wall": 1000 * wall / times}), flush=True)
