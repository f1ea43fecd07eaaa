/** What the script calls the network. */
export interface ScriptNetwork {
  /** The class in `network.py`. */
  readonly className: string;
  /** The field of the head in what `predict` gives; undefined where it gives one tensor. */
  readonly field: string | undefined;
}

/**
 * The text of `python/predict.py` of a package: it paints masks with the PyTorch module beside it, and
 * checks that it finds in the sample what unetc found. Laid out as ruff's formatter does by default.
 */
export function predictScript({ className, field }: ScriptNetwork): string {
  return script
    .replace('@CLASS@', className)
    .replace('@FIELD@', field === undefined ? '' : `.${field}`);
}

const script = `# Made by unetc: predicts with the network of this package, in PyTorch.
"""Paints masks of images, or checks that the sample gives what it gave in unetc.

python predict.py IMAGE... --out DIR
python predict.py --check
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from safetensors.torch import load_file
from torch.nn import functional as F

from network import @CLASS@ as Network

PACKAGE = Path(__file__).resolve().parent.parent
FACTS: dict[str, Any] = json.loads((PACKAGE / "network.json").read_text("utf-8"))
PREDICTION: dict[str, Any] = FACTS["prediction"]

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

# ITU-R BT.601 luma.
LUMA = (0.299, 0.587, 0.114)
# Programs add up in different orders: probabilities may differ by this.
TOLERANCE = 1e-4
# Outputs that have to be resized are avoided by up to so many pixels more.
EXACT_WITHIN = 32


def load_network() -> Network:
    """The network with its weights, ready to predict."""
    network = Network()
    network.load_state_dict(load_file(PACKAGE / "weights.safetensors"), strict=True)
    return network.eval()


def read_image(path: Path) -> Floats:
    """An image as values from 0 to 1, [height, width, channels of the network]."""
    if path.suffix == ".npy":
        samples: NDArray[Any] = np.load(path)
        has_alpha = False
    else:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened)
            has_alpha = "A" in image.getbands() or "transparency" in image.info
            if has_alpha:
                image = image.convert("LA" if image.mode == "LA" else "RGBA")
            elif image.mode in ("P", "1", "CMYK", "YCbCr"):
                image = image.convert("RGB")
            samples = np.asarray(image)
    if samples.ndim == 2:
        samples = samples[:, :, np.newaxis]
    largest = {"uint8": 255.0, "uint16": 65535.0}.get(samples.dtype.name, 1.0)
    low, high = FACTS["scaling"].get("range") or (0.0, largest)
    values = (samples.astype(np.float64) - low) / (high - low)
    channels: int = FACTS["input"]["channels"]
    if values.shape[2] == channels:
        return values.astype(np.float32)
    if has_alpha:
        # Laid over black.
        values = values[:, :, :-1] * (samples[:, :, -1:] / largest)
    if values.shape[2] == 3 and channels == 1:
        values = values @ np.array(LUMA)[:, np.newaxis]
    elif values.shape[2] == 1 and channels == 3:
        values = np.repeat(values, 3, axis=2)
    if values.shape[2] != channels:
        found = samples.shape[2]
        raise ValueError(f"{path}: {found} channels; the network takes {channels}.")
    return values.astype(np.float32)


def scaled(values: Floats) -> Floats:
    """What training made of values from 0 to 1."""
    scaling: dict[str, Any] = FACTS["scaling"]
    statistics = scaling.get("statistics")
    if statistics is None:
        deviation = float(values.std(dtype=np.float64))
        mean = float(values.mean(dtype=np.float64))
        # An image of one value becomes 0.
        return (
            (values - mean) / (deviation if deviation >= 1 / 25600 else 1.0)
        ).astype(np.float32)
    if scaling.get("order") is not None:
        values = values[:, :, scaling["order"]]
    mean_of: NDArray[np.float64] = np.array(statistics["mean"])
    deviation_of: NDArray[np.float64] = np.array(statistics["deviation"])
    return ((values - mean_of) / deviation_of).astype(np.float32)


def is_exact(scale: float) -> bool:
    """Whether an output has whole pixels for each of the image's, or the other way round."""
    return any(abs(each - round(each)) < 1e-9 for each in (scale, 1 / scale))


def window(axis: str, size: int) -> tuple[int, int]:
    """The input that covers so many pixels of an axis, and how many its output lacks."""
    facts, policy = FACTS["input"][axis], PREDICTION["sizes"]
    covers = {cover["remainder"]: cover for cover in PREDICTION["cover"][axis]}
    fixed = policy.get(axis) if policy["kind"] in ("resize", "tile") else None
    first = max(size, min(legal["from"] for legal in facts["legal"]))
    last = first + max(cover["taken"] for cover in covers.values())
    last += 2 * facts["modulus"] + EXACT_WITHIN
    least: tuple[int, int] | None = None
    for given in range(size, last + 1) if fixed is None else [fixed]:
        if least is not None and given > least[0] + EXACT_WITHIN:
            break
        for legal in facts["legal"]:
            cover = covers[legal["remainder"]]
            is_legal = given % facts["modulus"] == legal["remainder"] % facts["modulus"]
            is_within = legal["from"] <= given <= legal.get("to", math.inf)
            if not (is_legal and is_within) or given - cover["taken"] < size:
                continue
            if policy["kind"] == "resize" and given - cover["taken"] != size:
                raise ValueError(
                    f"Resize the {axis} of the image: {size} to {given - cover['taken']}."
                )
            if is_exact(cover["scale"]):
                return given, cover["taken"]
            least = least or (given, cover["taken"])
    if least is None:
        raise ValueError(
            f"The network takes no image with a {axis} of {size} at once: cut it."
        )
    return least


def probabilities(network: Network, values: Floats) -> Floats:
    """[height, width, channels] of the image; of a network that classifies images [1, 1, channels]."""
    height, width, _ = values.shape
    edges, places, covered = [], [], []
    for axis, size in (("height", height), ("width", width)):
        given, lacks = window(axis, size)
        before = (given - lacks - size) // 2
        edges.append((before + lacks // 2, given - size - before - lacks // 2))
        places.append(slice(before, before + size))
        covered.append(given - lacks)
    padded = np.pad(scaled(values), (*edges, (0, 0)), mode="reflect")
    image = torch.from_numpy(np.ascontiguousarray(padded.transpose(2, 0, 1)))
    with torch.inference_mode():
        found: torch.Tensor = network.predict(image[None])@FIELD@
        if PREDICTION["classifiesImages"]:
            return found.reshape(1, 1, -1).numpy()
        if list(found.shape[2:]) != covered:
            # An output of another resolution stands for this part.
            found = F.interpolate(found, covered, mode="bilinear", antialias=True)
    return found[0].numpy().transpose(1, 2, 0)[places[0], places[1]]


def classes_of(found: Floats) -> Bytes:
    """The class of each pixel, before post-processing."""
    if found.shape[2] == 1:
        above: NDArray[np.bool_] = found[:, :, 0] > PREDICTION["threshold"]
        return above.astype(np.uint8)
    likeliest: NDArray[np.int64] = found.argmax(axis=2)
    return likeliest.astype(np.uint8)


def paint(classes: Bytes, path: Path) -> None:
    """Writes a mask: 0 and 255, or of more classes their numbers as indices of a palette."""
    legend = PREDICTION["legend"]
    if len(legend) <= 2:
        Image.fromarray(classes * np.uint8(255)).save(path)
        return
    picture = Image.fromarray(classes).convert("P")
    colours = [entry.get("colour", "#000000") for entry in legend]
    picture.putpalette(
        [part for colour in colours for part in bytes.fromhex(colour[1:])]
    )
    picture.save(path)


def check() -> bool:
    """Whether the sample gives what it gave where the package was made."""
    sample = FACTS["sample"]
    found = probabilities(load_network(), read_image(PACKAGE / sample["image"]))
    expected: Floats = np.load(PACKAGE / sample["probabilities"])
    if found.shape != expected.shape:
        print(f"The sample gives {found.shape}; expected {expected.shape}.")
        return False
    largest = float(np.abs(found - expected).max())
    print(
        f"Largest difference of a probability: {largest:.1e}; allowed: {TOLERANCE:.0e}."
    )
    if PREDICTION["classifiesImages"] or PREDICTION["post"]:
        return largest <= TOLERANCE
    masks: Bytes = np.load(PACKAGE / sample["classes"])
    different = int((classes_of(found) != masks).sum())
    allowed = masks.size // 100_000
    print(f"Pixels of another class: {different}; allowed: {allowed}.")
    return largest <= TOLERANCE and different <= allowed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", nargs="*", type=Path, metavar="IMAGE")
    parser.add_argument(
        "--out", type=Path, default=Path("."), help="the folder for the masks"
    )
    parser.add_argument(
        "--check", action="store_true", help="compare the sample, paint nothing"
    )
    words = parser.parse_args()
    if words.check:
        return 0 if check() else 1
    if not words.images:
        parser.error("no image is given")
    if PREDICTION["post"]:
        print("The post-processing of the recipe is left to unetc.", file=sys.stderr)
    network = load_network()
    words.out.mkdir(parents=True, exist_ok=True)
    for path in words.images:
        found = probabilities(network, read_image(path))
        if PREDICTION["classifiesImages"]:
            print(f"{path}: {', '.join(f'{value:.4f}' for value in found.ravel())}")
            continue
        place = words.out / f"{path.stem}.mask.png"
        paint(classes_of(found), place)
        print(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
