"""A training on nuclei as a person writes it with PyTorch and Pillow.

    python bench/training_by_hand.py DATA OUT EPOCHS THREADS

The network, recipe and data of specs/nuclei.unet: crops of 128 x 128, mirrored both ways, each image
brought to mean 0 and deviation 1; the sum of cross-entropy and a Tversky loss, Adam, a cosine
schedule; whole images are validated after each epoch, and the best weights kept. Prints an
epoch in a line of JSON.
"""

import json
import math
import random
import sys
import time
from pathlib import Path

import numpy
import torch
from PIL import Image
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
from unet_by_hand import ByHand

data, out, epochs, threads = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
BATCH, SIDE, RATE = 4, 128, 0.002


class Pairs(Dataset):
    def __init__(self, folder, trains):
        self.images = sorted((folder / "images").iterdir())
        self.masks = sorted((folder / "masks").iterdir())
        self.trains = trains

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = numpy.asarray(Image.open(self.images[index]).convert("L"), numpy.float32)
        mask = numpy.asarray(Image.open(self.masks[index]).convert("L")) > 0
        image = (image - image.mean()) / image.std()
        if self.trains:
            top = random.randint(0, image.shape[0] - SIDE)
            left = random.randint(0, image.shape[1] - SIDE)
            part = slice(top, top + SIDE), slice(left, left + SIDE)
            image, mask = image[part], mask[part]
            for axis in (0, 1):
                if random.random() < 0.5:
                    image, mask = numpy.flip(image, axis), numpy.flip(mask, axis)
        image, mask = (numpy.ascontiguousarray(each)[None] for each in (image, mask))
        return torch.from_numpy(image), torch.from_numpy(mask).float()


def loss_of(logits, mask):
    p = logits.sigmoid()
    hit = (p * mask).sum()
    missed, false = ((1 - p) * mask).sum(), (p * (1 - mask)).sum()
    tversky = 1 - (hit + 1e-6) / (hit + 0.7 * missed + 0.3 * false + 1e-6)
    return F.binary_cross_entropy_with_logits(logits, mask) + tversky


def main():
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    out.mkdir(parents=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = ByHand(base=8, channels=1, rate=0).to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    workers = {"num_workers": 2, "persistent_workers": True}
    training = DataLoader(Pairs(data / "train", True), BATCH, shuffle=True, **workers)
    checks = DataLoader(Pairs(data / "val", False), 1, **workers)
    steps, step, best = epochs * len(training), 0, -1.0
    for epoch in range(epochs):
        began, seen = time.perf_counter(), 0
        network.train()
        for image, mask in training:
            warm = min(1, (step + 1) / len(training))
            optimizer.param_groups[0]["lr"] = (
                RATE * warm * (1 + math.cos(math.pi * step / steps)) / 2
            )
            image = image.to(device, memory_format=torch.channels_last)
            loss = loss_of(network(image), mask.to(device))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            step, seen = step + 1, seen + len(image)
        took = time.perf_counter() - began
        network.eval()
        counts = torch.zeros(2, dtype=torch.float64)
        with torch.inference_mode():
            for image, mask in checks:
                image = image.to(device, memory_format=torch.channels_last)
                found, mask = network(image).cpu() > 0, mask > 0
                counts += torch.stack([2 * (found & mask).sum(), found.sum() + mask.sum()])
        dice = (counts[0] / counts[1]).item()
        if dice > best:
            best = dice
            torch.save(network.state_dict(), out / "best.pt")
        print(json.dumps({"imagesPerSecond": seen / took, "dice": dice}), flush=True)


if __name__ == "__main__":
    main()
