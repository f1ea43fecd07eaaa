/** The functions that take the pixels of a sample from an image and its mask. */
export function cutPlaces(hasWarps: boolean, hasTurns: boolean): string {
  return hasWarps
    ? `def cut(pixels: Pixels, y: Doubles, x: Doubles, warps: list[Warp | None]) -> Pixels:
    """The part of an image at some rows and columns, which mirrors fill outside."""
    if all(move is None for move in warps):
        rows, columns = reflect(y, pixels.shape[0]), reflect(x, pixels.shape[1])
        return pixels[rows.astype(np.int64)[:, None], columns.astype(np.int64)]
    return interpolate(pixels, *warped(y, x, warps))


def warped(y: Doubles, x: Doubles, warps: list[Warp | None]) -> tuple[Doubles, Doubles]:
    """Where the pixels of some rows and columns come from: the last warp goes first."""
    y, x = np.meshgrid(y, x, indexing="ij")
    for move in reversed(warps):
        if move is not None:
            y, x = move(y, x)
    return y, x


${hasTurns ? nearestOfTurned : nearestOfWarped}`
    : `def cut(pixels: Pixels, y: Doubles, x: Doubles) -> Pixels:
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
    return rows[:, None], columns, inside_y[:, None] & inside_x`;
}

const nearestOfWarped = `def nearest(
    shape: tuple[int, ...], y: Doubles, x: Doubles, warps: list[Warp | None]
) -> tuple[Places, Places, NDArray[np.bool_]]:
    """The pixels of a mask at some rows and columns, and which of these lie inside."""
    inside_y = (y >= -0.5) & (y < shape[0] - 0.5)
    inside_x = (x >= -0.5) & (x < shape[1] - 0.5)
    y, x = warped(y, x, warps)
    rows = np.floor(reflect(y, shape[0]) + 0.5).astype(np.int64)
    columns = np.floor(reflect(x, shape[1]) + 0.5).astype(np.int64)
    return rows, columns, inside_y[:, None] & inside_x`;

const nearestOfTurned = `def nearest(
    shape: tuple[int, ...],
    y: Doubles,
    x: Doubles,
    warps: list[Warp | None],
    turn: Warp | None,
) -> tuple[Places, Places, NDArray[np.bool_]]:
    """The pixels of a mask at some rows and columns, and which of these lie inside."""
    y, x = warped(y, x, [turn])
    inside = (y >= -0.5) & (y < shape[0] - 0.5) & (x >= -0.5) & (x < shape[1] - 0.5)
    for move in reversed(warps):
        if move is not None:
            y, x = move(y, x)
    rows = np.floor(reflect(y, shape[0]) + 0.5).astype(np.int64)
    columns = np.floor(reflect(x, shape[1]) + 0.5).astype(np.int64)
    return rows, columns, inside`;

/** The functions that bring an image and its mask to the network's size. */
export const resize = `def resize(pixels: Pixels, height: int, width: int) -> Pixels:
    """Bilinear; where an axis shrinks, wider triangles keep it from aliasing."""
    for axis, new in ((1, width), (0, height)):
        old = pixels.shape[axis]
        if old == new:
            continue
        factor = old / new
        reach = max(1.0, factor)
        taps = min(old, math.ceil(reach * 2) + 1)
        centre = (np.arange(new) + 0.5) * factor - 0.5
        start = np.clip(np.ceil(centre - reach), 0, old - taps).astype(np.int64)
        shares = [
            np.maximum(0, 1 - np.abs(start + t - centre) / reach) for t in range(taps)
        ]
        whole = sum(shares)
        shape = (1, new, 1) if axis == 1 else (new, 1, 1)
        total: float | Doubles = 0.0
        for t, share in enumerate(shares):
            total += (share / whole).reshape(shape) * pixels.take(start + t, axis)
        pixels = np.asarray(total).astype(np.float32)
    return pixels


def resize_mask(mask: Mask, height: int, width: int) -> Mask:
    """The nearest pixel of each."""
    rows = (2 * np.arange(height) + 1) * mask.shape[0] // (2 * height)
    columns = (2 * np.arange(width) + 1) * mask.shape[1] // (2 * width)
    resized: Mask = mask[rows[:, None], columns]
    return resized`;

/** What brings targets to the network's size. */
export const resizeNearest = `def resize_nearest(planes: Pixels, height: int, width: int) -> Pixels:
    """The nearest pixel of each, as \`resize_mask\` takes it."""
    rows = (2 * np.arange(height) + 1) * planes.shape[0] // (2 * height)
    columns = (2 * np.arange(width) + 1) * planes.shape[1] // (2 * width)
    resized: Pixels = planes[rows[:, None], columns]
    return resized`;
