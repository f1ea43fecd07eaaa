"""Prediction as a person writes it with PyTorch and Pillow.

    python bench/prediction/by_hand.py MODULE.py CLASS OUT THREADS IMAGE...

Grey images, each brought to mean 0 and deviation 1, whole and one after the other;
writes the mask and the probabilities of each as PNG, and the image with the mask over it. MODULE.py is what unetc makes of
the spec; its weights are new, which costs the same time.
"""

import importlib.util
import sys
from pathlib import Path

import numpy
import torch
from PIL import Image
from torch.nn import functional

module, name, out, threads, *images = sys.argv[1:]
torch.set_num_threads(int(threads))
spec = importlib.util.spec_from_file_location("network", module)
network_module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(network_module)
network = getattr(network_module, name)().eval().to(memory_format=torch.channels_last)
Path(out).mkdir(parents=True, exist_ok=True)

MULTIPLE = 16  # sides that the network takes

with torch.inference_mode():
    for path in images:
        pixels = numpy.asarray(Image.open(path).convert("L"), numpy.float32)
        height, width = pixels.shape
        image = torch.from_numpy((pixels - pixels.mean()) / pixels.std())[None, None]
        edges = (0, -width % MULTIPLE, 0, -height % MULTIPLE)
        image = functional.pad(image, edges, mode="reflect").to(
            memory_format=torch.channels_last
        )
        output = network(image)
        logits = output["mask"] if isinstance(output, dict) else output
        probability = torch.sigmoid(logits)[0, 0, :height, :width]
        levels = (probability * 255).round().to(torch.uint8).numpy()
        stem = Path(out) / Path(path).stem
        Image.fromarray(numpy.where(levels > 127, 255, 0).astype(numpy.uint8)).save(
            f"{stem}.mask.png"
        )
        Image.fromarray(levels).save(f"{stem}.probability.png")
        overlay = numpy.repeat(pixels[..., None], 3, axis=2)
        found = levels > 127
        overlay[found] = overlay[found] / 2 + (127, 0, 0)
        Image.fromarray(overlay.astype(numpy.uint8)).save(f"{stem}.overlay.png")
