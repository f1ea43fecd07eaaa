/**
 * What reads arrays of numpy and the TIFF files that Pillow does not: of several bands of 16
 * bits, of signed and floating-point numbers, of several pages. The formats are numpy's NEP 1,
 * TIFF 6.0 with Adobe's third technical note (predictor 3), and BigTIFF.
 */
export const arraysText: readonly string[] = [
  `def raw_samples(part: Part) -> tuple[Stored, bool] | None:
    """The samples of a file that Pillow does not read, [H, W, C], of 8 or 16 bits or
    float32, and whether the last channel is alpha; None for a picture.
    """
    content = part.read()
    try:
        if content.startswith(b"\\x93NUMPY"):
            return npy_samples(content), False
        if content[:4] in TIFF_HEADS:
            return tiff_samples(content)
    except DataError as problem:
        raise DataError(f"{part.label} {problem}") from problem
    except (struct.error, zlib.error, KeyError, IndexError, ValueError) as problem:
        raise DataError(f"{part.label} cannot be read: {problem}") from problem
    return None`,
  `def npy_samples(content: bytes) -> Stored:
    """An array of numpy: (H, W) or (H, W, C)."""
    array = np.load(io.BytesIO(content), allow_pickle=False)
    if array.dtype.kind not in "buif" or array.dtype.str[1:] in ("f2", "f16"):
        raise DataError(f"holds numbers of the type {array.dtype}")
    if array.ndim not in (2, 3) or array.size == 0:
        raise DataError(f"has the shape {array.shape}; expected (H, W) or (H, W, C)")
    return as_depth(array.reshape(*array.shape[:2], -1))`,
  `def as_depth(array: Stored) -> Stored:
    """Numbers of 8 or 16 bits without a sign as they are, all others as float32."""
    if array.dtype.kind in "bu" and array.dtype.itemsize <= 2:
        return array.astype(f"u{array.dtype.itemsize}")
    if not np.isfinite(array).all():
        raise DataError("holds values that are NaN or infinite")
    return array.astype(np.float32)`,
  `def tiff_samples(content: bytes) -> tuple[Stored, bool] | None:
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
    return as_depth(np.concatenate(arrays, axis=2)), is_alpha`,
  `def tiff_pages(content: bytes, order: str) -> list[dict[int, list[int]]]:
    """The whole numbers among the tags of each page."""
    is_big = content[2:4] in (b"+\\0", b"\\0+")
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
    return pages`,
  `def tiff_page(content: bytes, order: str, page: dict[int, list[int]]) -> Stored:
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
    return samples`,
  `def tiff_block(
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
    return block`,
  `def unpacked(data: bytes, page: dict[int, list[int]]) -> bytes:
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
    raise DataError(f"is packed in a way ({packing}) not read here")`,
  `def unpacked_bits(data: bytes) -> bytes:
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
    return bytes(found)`,
  `def unpacked_lzw(data: bytes) -> bytes:
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
    return b"".join(found)`,
];

/** The constants of these functions. */
export const arrayConstants: readonly string[] = [
  'TIFF_HEADS = (b"II*\\0", b"MM\\0*", b"II+\\0", b"MM\\0+")',
  'TIFF_TYPES = ("u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8")',
];
