import { needsOf } from './files.js';
import type { DataPlan } from './plan.js';

/** What reads masks: what they store, and the classes of it. */
export function masksText(plan: DataPlan): readonly string[] {
  const { colours, maps, data } = plan;
  const needsNumbers =
    maps.length > 0 || Object.values(data.targets).some(({ kind }) => kind !== 'values');
  const isSplit = canBeSplit(plan);
  const lossy = isSplit
    ? `    if is_lossy(part):
        # Its values are blurred: what is nearer to white counts as white.
        samples = np.asarray(seen).astype(np.int64).reshape(*seen.size[::-1], -1)
        bright = samples.sum(2) >= 128 * samples.shape[2]
        return np.where(bright, ${colours === undefined ? 255 : '0xFFFFFF'}, 0).astype(np.int64)`
    : `    if is_lossy(part):
        raise DataError(f"{part.label} blurs values; save the mask as a PNG")`;
  const head = `def read_levels(part: Part) -> Levels:
    """What a mask stores, [H, W]: ${colours === undefined ? 'grey levels, or indices into its palette' : 'colours as numbers of 24 bits'}."""
    raw = raw_samples(part)
    if raw is not None:
        return ${colours === undefined ? 'grey_of' : 'packed'}(whole_numbers(raw, part), part)
    image, ${colours === undefined ? 'bits' : '_'} = decode(part)
    seen = as_seen(image)
    refuse_alpha(seen, image.mode == "P", part)
${lossy}`;
  const body = colours === undefined ? greyLevels : colourLevels;
  return [
    `${head}\n${body}`,
    ...(colours === undefined ? [greyOf] : [packed]),
    wholeNumbers,
    isLossy,
    refuseAlpha,
    ...(plan.borderWidth === undefined ? [] : [withBorders(plan.borderWidth)]),
    readMask(plan),
    ...(needsNumbers && colours !== undefined ? [greyOf, numbers] : []),
  ];
}

/** Whether a blurred mask can hold what the recipe expects: two classes, black and white. */
function canBeSplit({ classes, colours, ignore }: DataPlan): boolean {
  const ends = ['0,0,0', '255,255,255'];
  const isBlackAndWhite = colours?.every((colour) => ends.includes(colour.join())) !== false;
  return classes === 2 && (ignore ?? []).length === 0 && isBlackAndWhite;
}

const refuseAlpha = `def refuse_alpha(seen: Image.Image, is_palette: bool, part: Part) -> None:
    """Raises where the alpha channel of a mask says what its colours do not."""
    if seen.mode not in ("LA", "RGBA"):
        return
    samples = np.asarray(seen)
    colour, alpha = samples[..., :-1], samples[..., -1]
    is_shape = (colour == colour[0, 0]).all() and (alpha != alpha[0, 0]).any()
    hides = not is_palette and colour[alpha == 0].any()
    if is_shape or hides:
        raise DataError(f"{part.label} has an alpha channel; save it without")`;

function readMask(plan: DataPlan): string {
  const levels = needsOf(plan).levels ? 'item.levels' : 'LEVELS';
  const { borderWidth } = plan;
  const stored = 'read_levels(item.mask)';
  const read = borderWidth === undefined ? stored : `with_borders(${stored})`;
  const shown = plan.colours === undefined ? '{levels[y, x]}' : '#{levels[y, x]:06x}';
  return `def read_mask(item: Item) -> Mask:
    """The classes of a mask, [H, W]; IGNORED where a pixel has none."""
    levels = ${read}
    found = np.full(levels.shape, -1, np.int64)
    for level, number in ${levels}:
        found[levels == level] = number
    if (found < 0).any():
        y, x = np.argwhere(found < 0)[0]
        raise DataError(
            f"{item.mask.label} holds ${shown} at ({y}, {x}): no class"
        )
    return found.astype(np.uint8)`;
}

const greyLevels = `    stored = np.asarray(image).astype(np.int64)
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
    return grey_of(stored, part)`;

const greyOf = `def grey_of(stored: Levels, part: Part) -> Levels:
    """The grey levels of samples, [H, W] or [H, W, C]; refused in colour."""
    if stored.ndim == 2:
        return stored
    grey: Levels = stored[..., 0]
    if stored.shape[2] >= 3 and (stored[..., :3] != grey[..., None]).any():
        raise DataError(f"{part.label} is in colour; grey levels say what is meant")
    return grey`;

const packed = `def packed(stored: Levels, part: Part) -> Levels:
    """Colours of samples, [H, W, C], as numbers of 24 bits."""
    if stored.max() > 255:
        raise DataError(f"{part.label} has more than 8 bits; save it with 8")
    colour = stored[..., :3] if stored.shape[2] >= 3 else stored[..., :1]
    levels: Levels = (colour << np.array([16, 8, 0])).sum(2)
    return levels`;

const wholeNumbers = `def whole_numbers(raw: tuple[Stored, bool], part: Part) -> Levels:
    """The samples of a mask that is no picture; refused where they are no numbers of
    classes or objects.
    """
    samples, is_alpha = raw
    if is_alpha:
        raise DataError(f"{part.label} has an alpha channel; save it without")
    levels = samples.astype(np.int64)
    if (levels != samples).any() or levels.min() < 0 or levels.max() > 65535:
        raise DataError(f"{part.label} holds no whole numbers of 16 bits")
    return levels`;

const isLossy = `def is_lossy(part: Part) -> bool:
    """Whether a file blurs values: JPEG, and WebP with pixels of the kind "VP8 "."""
    content = part.read()
    if content[8:12] != b"WEBP":
        return content.startswith(b"\\xff\\xd8")
    at = 12
    while at + 8 <= len(content):
        if content[at : at + 4] in (b"VP8L", b"VP8 "):
            return content[at : at + 4] == b"VP8 "
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return False`;

const colourLevels = `    if image.mode.startswith("I"):
        raise DataError(f"{part.label} has 16 bits; save it with 8")
    colour = np.asarray(seen.convert("RGB")).astype(np.int64)
    return packed(colour, part)`;

const numbers = `def read_numbers(part: Part) -> Levels:
    """The objects of a mask by number, [H, W]; 0 for none."""
    raw = raw_samples(part)
    if raw is not None:
        return grey_of(whole_numbers(raw, part), part)
    image, bits = decode(part)
    seen = as_seen(image)
    if is_lossy(part):
        raise DataError(f"{part.label} blurs numbers; save them as a PNG")
${greyLevels}`;

/** The classes of numbered objects. */
const withBorders = (width: number): string => `def with_borders(numbers: Levels) -> Levels:
    """What a mask of numbered objects stands for: 0 outside of them, 2 on their pixels
    that lie within ${width} of another number, 1 on the others.
    """
    rows, columns = numbers.shape
    around = np.pad(numbers, ${width}, mode="edge")
    is_border = np.zeros(numbers.shape, bool)
    for y in range(${2 * width + 1}):
        for x in range(${2 * width + 1}):
            is_border |= around[y : y + rows, x : x + columns] != numbers
    return np.where(numbers == 0, 0, np.where(is_border, 2, 1))`;
