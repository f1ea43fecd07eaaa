# Made by unetc from net.unet; edits are lost.
"""Images and masks as Net is trained on them, from the folders train/images,
train/masks and val/images, val/masks, or from shards train-*.tar and val-*.tar of
NAME.image.png and NAME.mask.png.

What is drawn for a sample follows from the seed, the epoch and its index alone, as in
unetc: workers, processes and resumes change nothing.
"""

import io
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile
from torch import Tensor
from torch.utils.data import Dataset, Sampler

Pixels = NDArray[np.float32]
Doubles = NDArray[np.floating[Any]]
Levels = NDArray[np.int64]
Mask = NDArray[np.uint8]
Places = NDArray[np.int64]

FORMATS = ("PNG", "JPEG", "TIFF")
ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".npy")
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I;16B")
# The class of pixels that have none.
IGNORED = 255


class DataError(Exception):
    """What is wrong with the data, for people."""


class Part(NamedTuple):
    """A file, or a member of a tar shard: `size` bytes from `offset` on."""

    path: Path
    label: str
    offset: int = 0
    size: int = -1

    def read(self) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)


class Item(NamedTuple):
    """An image with its mask."""

    name: str
    image: Part
    mask: Part
    # The class of each level of the mask.
    levels: tuple[tuple[int, int], ...] = ()
    height: int = 0
    width: int = 0


def find_items(data: Path) -> tuple[list[Item], list[Item]]:
    """The pairs for training and those for validation, in the order of their names:
    of the folders train/images, train/masks and val/images, val/masks, or of the
    shards train-*.tar and val-*.tar. Raises DataError.
    """
    training, validation = pairs_of(data, "train"), pairs_of(data, "val")
    levels = meaning_of(training + validation)
    training, validation = (
        [item._replace(levels=levels) for item in items]
        for items in (training, validation)
    )
    training, validation = map(with_sizes, (training, validation))
    return training, validation


def meaning_of(items: list[Item]) -> tuple[tuple[int, int], ...]:
    """What the levels of masks mean, which all of them say together: 0 and 1 are the
    classes, or 0 and any other level.
    """
    found: set[int] = set()
    with ThreadPoolExecutor() as pool:
        for levels in pool.map(lambda item: np.unique(read_levels(item.mask)), items):
            found.update(levels.tolist())
    known = sorted(found)
    if found <= {0, 1, IGNORED} and (1 in found or found <= {0}):
        return ((0, 0), (1, 1), (IGNORED, IGNORED))
    if len(known) == 1:
        return ((0, 0), (known[0], 1))
    if len(known) == 2 and known[0] == 0:
        return ((0, 0), (known[1], 1))
    raise DataError(f"masks of two classes hold 0 and one other level; found {known}")


def with_sizes(items: list[Item]) -> list[Item]:
    """The same pairs with the sizes of their images."""
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda item: size_of(item.image), items)
        return [item._replace(height=h, width=w) for item, (h, w) in zip(items, found)]


def pairs_of(data: Path, split: str) -> list[Item]:
    """The pairs of one part of the data."""
    shards = sorted(data.glob(f"{split}-*.tar"))
    if shards:
        # "train-00000-of-00012.tar" says how many there are.
        for shard in shards:
            total = shard.stem.partition("-of-")[2]
            if total.isdecimal() and int(total) != len(shards):
                raise DataError(
                    f"{data} has {len(shards)} of {int(total)} {split} shards"
                )
        return [item for shard in shards for item in pairs_in(shard)]
    images, masks = files_in(data / split / "images"), files_in(data / split / "masks")
    lone = [part.label for name, part in images.items() if name not in masks]
    problems = [f"{label} has no mask" for label in lone]
    lone = [part.label for name, part in masks.items() if name not in images]
    problems += [f"{label} has no image" for label in lone]
    if problems:
        raise DataError("\n".join(problems))
    return [Item(name, image, masks[name]) for name, image in images.items()]


def files_in(folder: Path) -> dict[str, Part]:
    """The images of a folder by path without ending, in order."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; it is to hold images")
    found: dict[str, Part] = {}
    for way in sorted(paths_below(folder), key=in_javascript):
        path = folder / way
        if path.suffix.lower() not in ENDINGS:
            continue
        name = way.removesuffix(path.suffix)
        if name in found:
            raise DataError(f"{found[name].label} and {path} have one name")
        found[name] = Part(path, str(path))
    if not found:
        raise DataError(f"{folder} holds no images")
    return found


def paths_below(
    folder: Path,
    way: str = "",
    above: tuple[Path, ...] = (),
) -> Iterator[str]:
    """The files of a folder and of those inside of it, but for hidden ones, as paths
    from there; links that lead back up are not followed.
    """
    above = (*above, folder.resolve())
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            yield way + path.name
        elif path.resolve() not in above:
            yield from paths_below(path, f"{way}{path.name}/", above)


def in_javascript(name: str) -> bytes:
    """What JavaScript compares of a text: units of UTF-16."""
    return name.encode("utf-16-be", "surrogatepass")


def pairs_in(shard: Path) -> list[Item]:
    """The pairs of a shard, in its order; their bytes are read when they are needed."""
    found: dict[str, dict[str, Part]] = {}
    try:
        with tarfile.open(shard, "r:") as tar:
            for member in tar:
                name, _, ending = PurePosixPath(member.name).name.partition(".")
                # Files without a name are hidden ones, as macOS adds them.
                if not member.isfile() or name == "":
                    continue
                key = str(PurePosixPath(member.name).with_name(name))
                part = Part(
                    shard, f"{shard}: {member.name}", member.offset_data, member.size
                )
                parts, kind = found.setdefault(key, {}), ending.partition(".")[0]
                if kind in parts:
                    raise DataError(f"{part.label} is there twice")
                parts[kind] = part
    except (OSError, tarfile.TarError) as problem:
        raise DataError(f"{shard} cannot be read: {problem}") from problem
    items: list[Item] = []
    for name, parts in found.items():
        if "image" not in parts or "mask" not in parts:
            raise DataError(f"{shard}: {name} is not whole: it has {', '.join(parts)}")
        items.append(Item(name, parts["image"], parts["mask"]))
    return items


def decode(part: Part) -> tuple[Image.Image, int]:
    """An image file as it is stored, upright, and the bits of its samples; refused
    where Pillow would change them.
    """
    content = part.read()
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        # A PNG says depth and kind of colour in its header.
        is_png = image.format == "PNG"
        bits, is_grey = (content[24], content[25] == 0) if is_png else (8, False)
        bands = len(image.getbands())
        if isinstance(image, TiffImageFile):
            if image.n_frames > 1:
                raise DataError(f"{part.label} has several pages; make a file of each")
            bands = image.tag_v2.get(277, 1)
            is_grey = bands == 1
            bits = max(image.tag_v2.get(258, (8,)))
        if bits == 16 and not is_grey:
            raise DataError(f"{part.label}: of 16 bits Pillow reads grey images alone")
        if image.mode not in MODES or bands != len(image.getbands()):
            raise DataError(f"{part.label} is of a kind ({image.mode}) not read here")
        ImageOps.exif_transpose(image, in_place=True)
        image.load()
    except UnidentifiedImageError as problem:
        known = ", ".join(FORMATS)
        raise DataError(f"{part.label} is no image of {known}") from problem
    except (OSError, SyntaxError, ValueError) as problem:
        raise DataError(f"{part.label} cannot be read: {problem}") from problem
    return image, bits


def as_seen(image: Image.Image) -> Image.Image:
    """Grey or RGB, perhaps with alpha: palettes and transparent values as they look."""
    if image.mode == "1" and "transparency" not in image.info:
        return image.convert("L")
    if image.mode == "P" or "transparency" in image.info:
        grey = image.mode in ("1", "L")
        alpha = "transparency" in image.info
        return image.convert(("L" if grey else "RGB") + ("A" if alpha else ""))
    return image


def size_of(part: Part) -> tuple[int, int]:
    """Height and width of an image, upright, from its header."""
    try:
        with Image.open(io.BytesIO(part.read()), formats=FORMATS) as image:
            width, height = image.size
            turned = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
    except UnidentifiedImageError as problem:
        known = ", ".join(FORMATS)
        raise DataError(f"{part.label} is no image of {known}") from problem
    except (OSError, SyntaxError, ValueError) as problem:
        raise DataError(f"{part.label} cannot be read: {problem}") from problem
    return (width, height) if turned else (height, width)


def read_pixels(part: Part) -> Pixels:
    """An image as values of 0 to 1, [H, W, 3]."""
    stored = np.asarray(as_seen(decode(part)[0]))
    samples = stored.astype(np.float64).reshape(*stored.shape[:2], -1)
    bands = samples.shape[2]
    largest = 65535 if stored.dtype.itemsize == 2 else 255
    unit: float | Doubles = 1 / largest
    if bands in (2, 4):
        # What is transparent is dark.
        unit = unit * (samples[..., -1:] / largest)
        samples = samples[..., :-1]
    values = samples * unit
    return np.broadcast_to(values, (*values.shape[:2], 3)).astype(np.float32)


def read_levels(part: Part) -> Levels:
    """What a mask stores, [H, W]: grey levels, or indices into its palette."""
    image, bits = decode(part)
    seen = as_seen(image)
    refuse_alpha(seen, image.mode == "P", part)
    if image.format == "JPEG":
        # Its values are blurred: what is nearer to white counts as white.
        samples = np.asarray(seen).astype(np.int64).reshape(*seen.size[::-1], -1)
        bright = samples.sum(2) >= 128 * samples.shape[2]
        return np.where(bright, 255, 0).astype(np.int64)
    stored = np.asarray(image).astype(np.int64)
    if image.format != "PNG" and image.mode in ("1", "P"):
        stored = np.asarray(seen).astype(np.int64)
    elif image.mode == "P":
        palette = np.array(image.getpalette("RGB"), np.int64).reshape(-1, 3)
        greys = palette[:, 0]
        is_grey = (palette == greys[:, None]).all()
        return greys[stored].astype(np.int64) if is_grey else stored
    elif image.mode == "L" and bits < 8:
        # Pillow stretches 2 and 4 bits to 8.
        stored //= 255 // (2**bits - 1)
    if stored.ndim == 2:
        return stored
    grey: Levels = stored[..., 0]
    if stored.shape[2] >= 3 and (stored[..., :3] != grey[..., None]).any():
        raise DataError(f"{part.label} is in colour; grey levels say what is meant")
    return grey


def refuse_alpha(seen: Image.Image, is_palette: bool, part: Part) -> None:
    """Raises where the alpha channel of a mask says what its colours do not."""
    if seen.mode not in ("LA", "RGBA"):
        return
    samples = np.asarray(seen)
    colour, alpha = samples[..., :-1], samples[..., -1]
    is_shape = (colour == colour[0, 0]).all() and (alpha != alpha[0, 0]).any()
    hides = not is_palette and colour[alpha == 0].any()
    if is_shape or hides:
        raise DataError(f"{part.label} has an alpha channel; save it without")


def read_mask(item: Item) -> Mask:
    """The classes of a mask, [H, W]; IGNORED where a pixel has none."""
    levels = read_levels(item.mask)
    found = np.full(levels.shape, -1, np.int64)
    for level, number in item.levels:
        found[levels == level] = number
    if (found < 0).any():
        y, x = np.argwhere(found < 0)[0]
        raise DataError(
            f"{item.mask.label} holds {levels[y, x]} at ({y}, {x}): no class"
        )
    return found.astype(np.uint8)


WORD = 0xFFFFFFFF


def mix(value: int) -> int:
    """Mixes the bits of a word."""
    value ^= value >> 16
    value = value * 0x21F0AAAD & WORD
    value ^= value >> 15
    value = value * 0x735A2D97 & WORD
    return value ^ value >> 15


class Random:
    """Random numbers of a seed, as unetc draws them: xoshiro128** (Blackman and Vigna
    2018), started by SplitMix with words of 32 bits.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed & WORD
        words = [mix(self.seed + n * 0x9E3779B9 & WORD) for n in range(1, 5)]
        self.a, self.b, self.c, self.d = words

    def fork(self, label: str) -> "Random":
        """A stream of its own, fixed by seed and label, whatever else was drawn."""
        found = 0x811C9DC5 ^ mix(self.seed + 0x85EBCA6B & WORD)
        for sign in label:
            found = (found ^ ord(sign)) * 0x01000193 & WORD
        return Random(mix(found))

    def bits(self) -> int:
        """A uniform integer of 32 bits."""
        product = self.b * 5 & WORD
        result = (product << 7 | product >> 25) * 9 & WORD
        c, d = self.c ^ self.a, self.d ^ self.b
        self.a, self.b, self.c = self.a ^ d, self.b ^ c, c ^ self.b << 9 & WORD
        self.d = (d << 11 | d >> 21) & WORD
        return result

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A uniform number in [low, high)."""
        return low + (high - low) * (self.bits() / 2**32)

    def integer(self, n: int) -> int:
        """A uniform integer in [0, n), without bias."""
        value = self.bits()
        while value >= 2**32 - 2**32 % n:
            value = self.bits()
        return value % n

    def permutation(self, n: int) -> list[int]:
        """The integers below n in random order (Fisher and Yates)."""
        values = list(range(n))
        for last in range(n - 1, 0, -1):
            other = self.integer(last + 1)
            values[last], values[other] = values[other], values[last]
        return values


class Window(NamedTuple):
    """How the network's output lies in its input along one axis: its pixels stand for
    the `cover` pixels that begin `margin` pixels after the input's start.
    """

    input: int
    margin: int
    cover: int
    output: int

    def inputs(self, start: int) -> Doubles:
        """Places of the input's pixels, where the output starts at one."""
        return np.arange(self.input) + float(start - self.margin)

    def outputs(self, start: int) -> Doubles:
        """Places of the output's pixels."""
        step = self.cover / self.output
        return start + (np.arange(self.output) + 0.5) * step - 0.5


def covering(size: int) -> Window:
    """The smallest legal input that holds `size` pixels."""
    whole = max(-(-size // 4) * 4, 4)
    return Window(whole, 0, whole, whole)


def place(size: int, cover: int, random: Random | None = None) -> int:
    """Where the output starts on an axis of the image: anywhere, or in the middle."""
    if size <= cover:
        return -((cover - size) // 2)
    return (size - cover) // 2 if random is None else random.integer(size - cover + 1)


def reflect(positions: Doubles, n: int) -> Doubles:
    """Positions inside 0 to n - 1 that mirrors at the first and the last pixel show."""
    last = n - 1
    if last == 0:
        return np.zeros_like(positions)
    folded = np.abs(positions) % (2 * last)
    return np.where(folded <= last, folded, 2 * last - folded)


class Images(Dataset[tuple[Tensor, Tensor]]):
    """Samples by (epoch, index): an image [C, H, W], scaled; the classes of its mask
    [H, W], IGNORED where a pixel has none or lies outside the image.

    With `augment` as they are trained on, else whole, each of a size of its own: then
    the output stands for all of the mask, and is resized to it where its size differs.
    """

    def __init__(self, items: list[Item], seed: int, augment: bool) -> None:
        self.items, self.seed, self.augment = items, seed, augment

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, key: tuple[int, ...]) -> tuple[Tensor, Tensor]:
        index = key[1]
        item = self.items[index]
        pixels, mask = read_pixels(item.image), read_mask(item)
        if pixels.shape[:2] != mask.shape:
            raise DataError(f"{item.image.label} and its mask differ in size")
        if self.augment:
            height, width = covering(key[2]), covering(key[3])
        else:
            height = covering(pixels.shape[0])
            width = covering(pixels.shape[1])
            height = height._replace(output=height.cover)
            width = width._replace(output=width.cover)
        top = place(pixels.shape[0], height.cover)
        left = place(pixels.shape[1], width.cover)
        image = cut(pixels, height.inputs(top), width.inputs(left))
        first = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))
        y, x = height.outputs(top), width.outputs(left)
        rows, columns, inside = nearest(mask.shape, y, x)
        classes = np.where(inside, mask[rows, columns], IGNORED).astype(np.int64)
        return first, torch.from_numpy(classes)


def cut(pixels: Pixels, y: Doubles, x: Doubles) -> Pixels:
    """The part of an image at some rows and columns, which mirrors fill outside."""
    rows, columns = reflect(y, pixels.shape[0]), reflect(x, pixels.shape[1])
    return pixels[rows.astype(np.int64)[:, None], columns.astype(np.int64)]


def nearest(
    shape: tuple[int, ...], y: Doubles, x: Doubles
) -> tuple[Places, Places, NDArray[np.bool_]]:
    """The pixels of a mask at some rows and columns, and which of these lie inside."""
    inside_y = (y >= -0.5) & (y < shape[0] - 0.5)
    inside_x = (x >= -0.5) & (x < shape[1] - 0.5)
    rows = np.floor(reflect(y, shape[0]) + 0.5).astype(np.int64)
    columns = np.floor(reflect(x, shape[1]) + 0.5).astype(np.int64)
    return rows[:, None], columns, inside_y[:, None] & inside_x


class Order(Sampler[list[tuple[int, ...]]]):
    """The batches of an epoch in random order, of each the part of one process:
    keys of `Images`, with the size that holds
    all images of the batch. The last batch may be smaller; one with fewer
    images than processes is left out.
    """

    def __init__(
        self, items: list[Item], batch: int, seed: int, rank: int = 0, world: int = 1
    ) -> None:
        self.items, self.batch, self.seed = items, batch, seed
        self.rank, self.world = rank, world
        self.epoch, self.start = 0, 0

    def set_epoch(self, epoch: int, start: int = 0) -> None:
        """Says which epoch is next, from 0 on, and how many of its batches are done."""
        self.epoch, self.start = epoch, start

    def __len__(self) -> int:
        """The batches of a whole epoch."""
        whole, rest = divmod(len(self.items), self.batch)
        return whole + (rest >= self.world)

    def __iter__(self) -> Iterator[list[tuple[int, ...]]]:
        stream = Random(self.seed).fork(f"epoch {self.epoch}").fork("order")
        order = stream.permutation(len(self.items))
        for number in range(self.start, len(self)):
            batch = order[number * self.batch : (number + 1) * self.batch]
            height = max(self.items[index].height for index in batch)
            width = max(self.items[index].width for index in batch)
            own = batch[self.rank :: self.world]
            yield [(self.epoch, index, height, width) for index in own]
