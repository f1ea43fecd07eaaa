import type { DataPlan } from './plan.js';
import { mayLackValues } from './targets.js';
import { arraysText } from './arrays.js';
import { listText, numberText } from './numbers.js';

/** What decodes images, into values of the network's channels. */
export function pixelsText(plan: DataPlan, needsSizes: boolean): readonly string[] {
  const arrays = mayLackValues(plan.data.targets) ? arraysOfValues : arraysText;
  return [decode, ...arrays, ...(needsSizes ? [sizeOf] : []), readPixels(plan)];
}

const decode = `def decode(part: Part) -> tuple[Image.Image, int]:
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
    return image`;

const sizeOf = `def size_of(part: Part) -> tuple[int, int]:
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
    return (width, height) if turned else (height, width)`;

/** The same where values of targets may be NaN; images may not. */
const arraysOfValues = arraysText.map((text) =>
  text.replace(
    `    if not np.isfinite(array).all():
        raise DataError("holds values that are NaN or infinite")`,
    `    if np.isinf(array).any():
        raise DataError("holds values that are infinite")`,
  ),
);

function readPixels({ channels, scaling, data }: DataPlan): string {
  const { range } = scaling;
  const least = range === undefined ? '' : numberText(range[0]);
  const minus = range === undefined || range[0] === 0 ? '' : ` - ${least}`;
  const unit =
    range === undefined
      ? '1 / largest'
      : range[0] === 0
        ? `1 / ${numberText(range[1])}`
        : `1 / (${numberText(range[1])} - ${least})`;
  const values = minus === '' ? 'samples' : `(samples${minus})`;
  const checked =
    range === undefined
      ? []
      : [
          `    if stored.dtype.kind == "u" and largest < ${numberText(range[1])}:`,
          `        raise DataError(f"{part.label} has 8 bits, and ${numberText(range[1])} is to count as 1")`,
        ];
  const refused = `        raise DataError(f"{part.label} has {bands} channels; expected ${channels}")`;
  const adapted = [
    '    is_laid = bands in (2, 4) if raw is None else raw[1]',
    '    if bands - is_laid not in (1, 3):',
    refused,
    `    unit: float | Doubles = ${unit}`,
    '    if is_laid:',
    '        # What is transparent is dark.',
    '        unit = unit * (samples[..., -1:] / largest)',
    '        samples = samples[..., :-1]',
    `    values = ${values} * unit`,
    ...(channels === 1
      ? [
          '    if values.shape[2] == 3:',
          '        red, green, blue = np.split(values, 3, axis=2)',
          '        values = 0.299 * red + 0.587 * green + 0.114 * blue',
          '    return values.astype(np.float32)',
        ]
      : ['    return np.broadcast_to(values, (*values.shape[:2], 3)).astype(np.float32)']),
  ];
  return [
    'def read_pixels(part: Part) -> Pixels:',
    `    """An image as values ${range === undefined ? 'of 0 to 1' : `that are 0 to 1 from ${listText(range)}`}, [H, W, ${channels}]."""`,
    '    raw = raw_samples(part)',
    '    stored = np.asarray(as_seen(decode(part)[0])) if raw is None else raw[0]',
    '    samples = stored.astype(np.float64).reshape(*stored.shape[:2], -1)',
    ...(mayLackValues(data.targets)
      ? [
          '    if np.isnan(samples).any():',
          '        raise DataError(f"{part.label} holds values that are NaN")',
        ]
      : []),
    '    bands = samples.shape[2]',
    '    largest = {1: 255, 2: 65535}.get(stored.dtype.itemsize, 1)',
    ...checked,
    ...(channels === 1 || channels === 3
      ? adapted
      : [
          `    if bands != ${channels}:`,
          refused,
          `    return (${values} * (${unit})).astype(np.float32)`,
        ]),
  ].join('\n');
}
