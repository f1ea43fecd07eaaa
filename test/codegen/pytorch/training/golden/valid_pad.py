# Made by unetc from net.unet; edits are lost.
"""Images and masks as Net is trained on them, from the folders train/images,
train/masks and val/images, val/masks, or from shards train-*.tar and val-*.tar of
NAME.image.png and NAME.mask.png.

What is drawn for a sample follows from the seed, the epoch and its index alone, as in
unetc: workers, processes and resumes change nothing.
"""

import io
import itertools
import math
import struct
import tarfile
import zlib
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
# Samples as files have them.
Stored = NDArray[Any]
Places = NDArray[np.int64]

FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")
ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".npy")
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I;16B")
TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
TIFF_TYPES = ("u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8")
# The class of pixels that have none.
IGNORED = 255
# The class of each level of the masks.
LEVELS = ((0, 0), (1, 1), (2, 2), (255, IGNORED))


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
    height: int = 0
    width: int = 0


def find_items(data: Path) -> tuple[list[Item], list[Item]]:
    """The pairs for training and those for validation, in the order of their names:
    of the folders train/images, train/masks and val/images, val/masks, or of the
    shards train-*.tar and val-*.tar. Raises DataError.
    """
    training, validation = pairs_of(data, "train"), pairs_of(data, "val")
    training, validation = map(with_sizes, (training, validation))
    return training, validation


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
            bands = image.tag_v2.get(277, 1)
            is_grey = bands == 1
            bits = max(image.tag_v2.get(258, (8,)))
        if image.format == "WEBP" and getattr(image, "n_frames", 1) > 1:
            raise DataError(f"{part.label} has several pages; make a file of each")
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


def raw_samples(part: Part) -> tuple[Stored, bool] | None:
    """The samples of a file that Pillow does not read, [H, W, C], of 8 or 16 bits or
    float32, and whether the last channel is alpha; None for a picture.
    """
    content = part.read()
    try:
        if content.startswith(b"\x93NUMPY"):
            return npy_samples(content), False
        if content[:4] in TIFF_HEADS:
            return tiff_samples(content)
    except DataError as problem:
        raise DataError(f"{part.label} {problem}") from problem
    except (struct.error, zlib.error, KeyError, IndexError, ValueError) as problem:
        raise DataError(f"{part.label} cannot be read: {problem}") from problem
    return None


def npy_samples(content: bytes) -> Stored:
    """An array of numpy: (H, W) or (H, W, C)."""
    array = np.load(io.BytesIO(content), allow_pickle=False)
    if array.dtype.kind not in "buif" or array.dtype.str[1:] in ("f2", "f16"):
        raise DataError(f"holds numbers of the type {array.dtype}")
    if array.ndim not in (2, 3) or array.size == 0:
        raise DataError(f"has the shape {array.shape}; expected (H, W) or (H, W, C)")
    return as_depth(array.reshape(*array.shape[:2], -1))


def as_depth(array: Stored) -> Stored:
    """Numbers of 8 or 16 bits without a sign as they are, all others as float32."""
    if array.dtype.kind in "bu" and array.dtype.itemsize <= 2:
        return array.astype(f"u{array.dtype.itemsize}")
    if not np.isfinite(array).all():
        raise DataError("holds values that are NaN or infinite")
    return array.astype(np.float32)


def tiff_samples(content: bytes) -> tuple[Stored, bool] | None:
    """The pages of a TIFF, one behind the other; None where Pillow reads it."""
    order = "<" if content[:2] == b"II" else ">"
    # Smaller copies of a page are left out.
    found = tiff_pages(content, order)
    pages = [page for page in found if page.get(254, [0])[0] % 2 == 0]
    if not pages:
        raise DataError("has no page of full size")
    bands, bits = pages[0].get(277, [1])[0], max(pages[0].get(258, [1]))
    photometric, extra = pages[0].get(262, [1])[0], pages[0].get(338, [0])[-1]
    colours = 3 if photometric == 2 else 1
    is_alpha = bands == colours + 1 and extra in (1, 2)
    is_picture = photometric > 2 or bands == colours or is_alpha
    is_whole = pages[0].get(339, [1])[0] == 1 and bits <= 16
    if len(pages) == 1 and is_picture and is_whole and (bits <= 8 or bands == 1):
        return None
    arrays = [tiff_page(content, order, page) for page in pages]
    if len({(array.shape, array.dtype) for array in arrays}) > 1:
        raise DataError("has pages that differ in size or kind; make a file of each")
    if photometric > 2 and is_whole and len(pages) == 1:
        raise DataError(f"has colours of a kind ({photometric}) not read here")
    is_alpha = is_alpha and is_whole and len(pages) == 1
    return as_depth(np.concatenate(arrays, axis=2)), is_alpha


def tiff_pages(content: bytes, order: str) -> list[dict[int, list[int]]]:
    """The whole numbers among the tags of each page."""
    is_big = content[2:4] in (b"+\0", b"\0+")
    word, count_word, size = ("Q", "Q", 8) if is_big else ("I", "H", 4)
    kinds = {1: "B", 3: "H", 4: "I", 16: "Q"}
    pages: list[dict[int, list[int]]] = []
    seen: set[int] = set()
    (place,) = struct.unpack_from(order + word, content, 8 if is_big else 4)
    while place != 0 and place not in seen:
        seen.add(place)
        (count,) = struct.unpack_from(order + count_word, content, place)
        place += struct.calcsize(count_word)
        page: dict[int, list[int]] = {}
        for at in range(place, place + count * (4 + 2 * size), 4 + 2 * size):
            tag, kind, length = struct.unpack_from(f"{order}HH{word}", content, at)
            if kind in kinds and length <= len(content):
                form = f"{order}{length}{kinds[kind]}"
                start = at + 4 + size
                if struct.calcsize(form) > size:
                    (start,) = struct.unpack_from(order + word, content, start)
                page[tag] = list(struct.unpack_from(form, content, start))
        pages.append(page)
        (place,) = struct.unpack_from(
            order + word, content, place + count * (4 + 2 * size)
        )
    return pages


def tiff_page(content: bytes, order: str, page: dict[int, list[int]]) -> Stored:
    """The samples of a page, [H, W, bands]."""
    width, height, bands = page[256][0], page[257][0], page.get(277, [1])[0]
    bits, kinds = set(page.get(258, [1])), set(page.get(339, [1]))
    if len(bits) > 1 or len(kinds) > 1:
        raise DataError("has bands that differ in kind")
    kind = {1: "u", 2: "i", 3: "f"}.get(min(kinds), "V")
    code = f"{order}{kind}{min(bits) // 8}"
    if min(bits) % 8 != 0 or code[1:] not in TIFF_TYPES:
        raise DataError(f"has samples of {min(bits)} bits of a kind not read here")
    if page.get(266, [1])[0] != 1:
        raise DataError("stores its bits in an order not read here")
    if width * height * bands > 2**30:
        raise DataError("is larger than what is read at once")
    is_tiled, is_apart = 322 in page, page.get(284, [1])[0] == 2
    part_width = page[322][0] if is_tiled else width
    part_height = page[323][0] if is_tiled else min(page.get(278, [height])[0], height)
    places, sizes = (page[324], page[325]) if is_tiled else (page[273], page[279])
    across, down = -(-width // part_width), -(-height // part_height)
    planes = bands if is_apart else 1
    if len(places) < across * down * planes or len(sizes) < len(places):
        raise DataError("lacks a part of its samples")
    samples = np.empty((height, width, bands), np.dtype(code).newbyteorder("="))
    for index in range(across * down * planes):
        plane, rest = divmod(index, across * down)
        row, column = divmod(rest, across)
        top, left = row * part_height, column * part_width
        rows = part_height if is_tiled else min(part_height, height - top)
        packed = content[places[index] : places[index] + sizes[index]]
        shape = (rows, part_width, bands // planes)
        block = tiff_block(unpacked(packed, page), np.dtype(code), shape, page)
        block = block[: height - top, : width - left]
        ends = (top + block.shape[0], left + block.shape[1])
        own = slice(plane, plane + 1) if is_apart else slice(None)
        samples[top : ends[0], left : ends[1], own] = block
    return samples


def tiff_block(
    data: bytes,
    kind: np.dtype[Any],
    shape: tuple[int, int, int],
    page: dict[int, list[int]],
) -> Stored:
    """The samples of a strip or a tile, which may be stored as differences."""
    rows, columns, bands = shape
    count, size = rows * columns * bands, kind.itemsize
    predictor = page.get(317, [1])[0]
    if predictor == 3:
        # The bytes of each row, the highest of all numbers first, as differences.
        order = np.frombuffer(data, np.uint8, count * size).reshape(rows, -1, bands)
        order = np.cumsum(order, axis=1, dtype=np.uint8).reshape(rows, size, -1)
        order = np.ascontiguousarray(order.transpose(0, 2, 1))
        return order.view(kind.newbyteorder(">")).reshape(shape)
    block: Stored = np.frombuffer(data, kind, count).reshape(shape)
    if predictor == 2:
        whole = np.dtype(f"u{size}")
        apart = block.astype(kind.newbyteorder("=")).view(whole)
        return np.cumsum(apart, axis=1, dtype=whole).view(kind.newbyteorder("="))
    return block


def unpacked(data: bytes, page: dict[int, list[int]]) -> bytes:
    """The bytes of a strip or a tile as they were before they were packed."""
    packing = page.get(259, [1])[0]
    if packing == 1:
        return data
    if packing in (8, 32946):
        return zlib.decompress(data)
    if packing == 5:
        return unpacked_lzw(data)
    if packing == 32773:
        return unpacked_bits(data)
    raise DataError(f"is packed in a way ({packing}) not read here")


def unpacked_bits(data: bytes) -> bytes:
    """PackBits: a count, then as many bytes or one that is repeated."""
    found, at = bytearray(), 0
    while at < len(data):
        count = data[at]
        if count < 128:
            found += data[at + 1 : at + 2 + count]
            at += 2 + count
        else:
            if count > 128:
                found += data[at + 1 : at + 2] * (257 - count)
            at += 1 if count == 128 else 2
    return bytes(found)


def unpacked_lzw(data: bytes) -> bytes:
    """LZW of TIFF: codes of 9 to 12 bits, the highest bit first."""
    words = [bytes([value]) for value in range(256)] + [b"", b""]
    found: list[bytes] = []
    last, width, held, bits = b"", 9, 0, 0
    for byte in data:
        held, bits = held << 8 | byte, bits + 8
        if bits < width:
            continue
        bits -= width
        code, held = held >> bits, held & ((1 << bits) - 1)
        if code == 257:
            break
        if code == 256:
            del words[258:]
            last, width = b"", 9
            continue
        if code > len(words) or (code == len(words) and not last):
            raise DataError("is damaged")
        word = words[code] if code < len(words) else last + last[:1]
        if last:
            words.append(last + word[:1])
        found.append(word)
        last = word
        width = 9 + (len(words) > 510) + (len(words) > 1022) + (len(words) > 2046)
    return b"".join(found)


def size_of(part: Part) -> tuple[int, int]:
    """Height and width of an image, upright."""
    raw = raw_samples(part)
    if raw is not None:
        return raw[0].shape[0], raw[0].shape[1]
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
    raw = raw_samples(part)
    stored = np.asarray(as_seen(decode(part)[0])) if raw is None else raw[0]
    samples = stored.astype(np.float64).reshape(*stored.shape[:2], -1)
    bands = samples.shape[2]
    largest = {1: 255, 2: 65535}.get(stored.dtype.itemsize, 1)
    is_laid = bands in (2, 4) if raw is None else raw[1]
    if bands - is_laid not in (1, 3):
        raise DataError(f"{part.label} has {bands} channels; expected 3")
    unit: float | Doubles = 1 / largest
    if is_laid:
        # What is transparent is dark.
        unit = unit * (samples[..., -1:] / largest)
        samples = samples[..., :-1]
    values = samples * unit
    return np.broadcast_to(values, (*values.shape[:2], 3)).astype(np.float32)


def read_levels(part: Part) -> Levels:
    """What a mask stores, [H, W]: grey levels, or indices into its palette."""
    raw = raw_samples(part)
    if raw is not None:
        return grey_of(whole_numbers(raw, part), part)
    image, bits = decode(part)
    seen = as_seen(image)
    refuse_alpha(seen, image.mode == "P", part)
    if is_lossy(part):
        raise DataError(f"{part.label} blurs values; save the mask as a PNG")
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
    return grey_of(stored, part)


def grey_of(stored: Levels, part: Part) -> Levels:
    """The grey levels of samples, [H, W] or [H, W, C]; refused in colour."""
    if stored.ndim == 2:
        return stored
    grey: Levels = stored[..., 0]
    if stored.shape[2] >= 3 and (stored[..., :3] != grey[..., None]).any():
        raise DataError(f"{part.label} is in colour; grey levels say what is meant")
    return grey


def whole_numbers(raw: tuple[Stored, bool], part: Part) -> Levels:
    """The samples of a mask that is no picture; refused where they are no numbers of
    classes or objects.
    """
    samples, is_alpha = raw
    if is_alpha:
        raise DataError(f"{part.label} has an alpha channel; save it without")
    levels = samples.astype(np.int64)
    if (levels != samples).any() or levels.min() < 0 or levels.max() > 65535:
        raise DataError(f"{part.label} holds no whole numbers of 16 bits")
    return levels


def is_lossy(part: Part) -> bool:
    """Whether a file blurs values: JPEG, and WebP with pixels of the kind "VP8 "."""
    content = part.read()
    if content[8:12] != b"WEBP":
        return content.startswith(b"\xff\xd8")
    at = 12
    while at + 8 <= len(content):
        if content[at : at + 4] in (b"VP8L", b"VP8 "):
            return content[at : at + 4] == b"VP8 "
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return False


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
    for level, number in LEVELS:
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


class Axis(NamedTuple):
    """The legal sizes of one axis, as the compiler proves them, and the outputs of the
    network: by the remainder r of a size the least and the largest legal one, and s and
    t of the output s q + t of an input of q moduli and r.
    """

    modulus: int
    # Output pixels for one input pixel; None where it stands for all of the input.
    scale: float | None
    legal: dict[int, tuple[int, int | None, int, int]]

    def output(self, size: int) -> int | None:
        """The output of an input of that size; None where it is not legal."""
        row = self.legal.get(size % self.modulus)
        if row is None or size < row[0] or (row[1] is not None and size > row[1]):
            return None
        return size // self.modulus * row[2] + row[3]

    def window(self, size: int) -> tuple[Window, bool] | None:
        """How the output lies in an input, and whether its pixels meet whole ones."""
        output = self.output(size)
        if output is None:
            return None
        covered = size if self.scale is None else output / self.scale
        cover = min(size, math.floor(covered + 0.5))
        is_exact = covered <= size + 1e-9 and abs(covered - round(covered)) < 1e-9
        return Window(size, (size - cover) // 2, cover, output), is_exact

    def covering(self, size: int) -> Window:
        """The smallest legal input whose output covers `size` pixels; a slightly larger
        one where that has to be resized.
        """
        ends = [row[1] for row in self.legal.values()]
        most = None if None in ends else max(end or 0 for end in ends)
        least: Window | None = None
        for candidate in itertools.count(size):
            if least is not None and candidate > least.input + 32:
                break
            if most is not None and candidate > most:
                break
            found = self.window(candidate)
            if found is None or found[0].cover < size:
                continue
            if found[1]:
                return found[0]
            least = least or found[0]
        if least is None:
            raise DataError(f"no legal size of the network covers {size} pixels")
        return least


ROWS = COLUMNS = Axis(
    modulus=4,
    scale=1,
    legal={
        2: (22, None, 4, -18),
    },
)


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
            height, width = ROWS.covering(key[2]), COLUMNS.covering(key[3])
        else:
            height = ROWS.covering(pixels.shape[0])
            width = COLUMNS.covering(pixels.shape[1])
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
