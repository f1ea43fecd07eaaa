import { axisGeometry, geometryCovering, type PlaneSizes } from '../../ir/sizes/geometry.js';

export type PlaneAxis = 'height' | 'width';

/** The rows or columns of a tile's cover that are as in the prediction of the whole image; `end` is behind the last one. */
export interface ExactPart {
  readonly begin: number;
  readonly end: number;
}

/** What decides whether an image is cut into tiles, and into which. */
export interface TilingRules {
  /**
   * Whether an input of that size takes so little memory that smaller tiles would bring
   * nothing, together with as many rows of an image of `imageWidth`.
   */
  fits(height: number, width: number, imageWidth: number): boolean;
  /** Whether the memory suffices at all. */
  mayFit(height: number, width: number): boolean;
  /** How many inputs of that size run together, at least one. */
  together(height: number, width: number): number;
  /**
   * Which part of a tile away from the image's edges gives what the whole image
   * gives, for tiles that begin at multiples of the modulus; in words why there is none.
   */
  exactPart(axis: PlaneAxis, whole: number, tile: number): ExactPart | string;
  /** Tiles begin at multiples of it, so that strides meet the same pixels. */
  readonly modulus: Readonly<Record<PlaneAxis, number>>;
  /** Tiles that the caller asks for, in place of a choice by memory. */
  readonly wanted?: WantedTiles | undefined;
}

/** Sizes of the network's input in pixels. */
export interface WantedTiles {
  readonly height: number;
  readonly width: number;
  /** Pixels that neighbours share; as many as it takes when absent. */
  readonly overlap?: number | undefined;
}

/** The tiles of one axis: input sizes, and where on the whole input each begins. */
export interface AxisTiles {
  readonly tile: number;
  readonly starts: readonly number[];
  /** Present where the parts put together are the whole. */
  readonly exact: ExactPart | undefined;
}

/** A way to cut an image. */
export interface TileChoice {
  readonly height: number;
  readonly width: number;
  /** The inputs of the whole image on both axes, and the tiles' places on them; undefined where tiles are blended. */
  readonly grid: Readonly<Record<PlaneAxis, AxisTiles & { readonly whole: number }>> | undefined;
  /** Pixels of overlap for blending. */
  readonly overlap: number;
  /** Why the result is not that of the whole image. */
  readonly reason: string | undefined;
}

/** A step between tiles below this part of the tile repeats too much of the work. */
const leastStep = 0.3;

/**
 * Tiles for an image whose prediction at once does not fit the memory, or for
 * which the caller wants them: the largest that fit, as few as that makes them, and no larger
 * than it takes. Where the network sees a
 * bounded neighbourhood, neighbours overlap as far as it takes for the result to
 * be that of the whole image; elsewhere by a quarter, and they are blended.
 * Undefined where not even the smallest legal size fits.
 */
export function chooseTiles(
  image: Readonly<Record<PlaneAxis, number>>,
  sizes: PlaneSizes,
  rules: TilingRules,
): TileChoice | undefined {
  const whole = {
    height: geometryCovering(sizes.height, sizes.output, image.height)?.input,
    width: geometryCovering(sizes.width, sizes.output, image.width)?.input,
  };
  const { wanted } = rules;
  if (wanted !== undefined) {
    const { height, width, overlap } = wanted;
    return describeTiles(height, width, whole, sizes, rules, overlap);
  }
  const all = { ...rules, fits: rules.mayFit };
  const found = [rules, all].map((each) => largestTile(image, whole, sizes, each, true));
  const exact = found.find((choice) => choice?.grid !== undefined);
  return (
    exact ??
    largestTile(image, whole, sizes, rules, false) ??
    largestTile(image, whole, sizes, all, false)
  );
}

type WholeSizes = Readonly<Record<PlaneAxis, number | undefined>>;

/** By halving: memory grows with both sides. */
function largestTile(
  image: Readonly<Record<PlaneAxis, number>>,
  whole: WholeSizes,
  sizes: PlaneSizes,
  rules: TilingRules,
  aligned: boolean,
): TileChoice | undefined {
  const sizeAtMost = (axis: PlaneAxis, side: number): number | undefined => {
    const most = whole[axis] ?? image[axis];
    const { isLegal, legalAtMost } = sizes[axis];
    const from = legalAtMost(Math.min(side, most));
    if (!aligned || whole[axis] === undefined) return from ?? sizes[axis].legalAtLeast(1);
    // A tile of the whole's residue has the whole's paddings.
    const modulus = rules.modulus[axis];
    const size = side >= most ? most : most - Math.ceil((most - side) / modulus) * modulus;
    return size >= 1 && isLegal(size) ? size : undefined;
  };
  let low = 0;
  let high = Math.max(whole.height ?? image.height, whole.width ?? image.width) + 1;
  let best: readonly [number, number] | undefined;
  while (high - low > 1) {
    const side = (low + high) >> 1;
    const [height, width] = [sizeAtMost('height', side), sizeAtMost('width', side)];
    const isTooSmall = height === undefined || width === undefined;
    if (isTooSmall) {
      low = side;
    } else if (rules.fits(height, width, image.width)) {
      best = [height, width];
      low = side;
    } else {
      high = side;
    }
  }
  if (best === undefined) return undefined;
  const choice = describeTiles(...best, whole, sizes, rules, undefined);
  if (choice.grid === undefined) return choice;
  const least = {
    height: leastOfCount('height', choice.grid.height, sizes, rules),
    width: leastOfCount('width', choice.grid.width, sizes, rules),
  };
  return describeTiles(least.height, least.width, whole, sizes, rules, undefined);
}

/** The smallest tile of which no more are needed on an axis: a larger one repeats work. */
function leastOfCount(
  axis: PlaneAxis,
  { tile, whole, starts }: AxisTiles & { readonly whole: number },
  sizes: PlaneSizes,
  rules: TilingRules,
): number {
  const modulus = rules.modulus[axis];
  const suffices = (size: number): boolean => {
    if (size < 1 || !sizes[axis].isLegal(size)) return false;
    const placed = placeExactly(axis, size, whole, rules, undefined);
    return typeof placed === 'object' && placed.starts.length <= starts.length;
  };
  let [steps, tooMany] = [0, Math.ceil(tile / modulus)];
  while (tooMany - steps > 1) {
    const middle = (steps + tooMany) >> 1;
    if (suffices(tile - middle * modulus)) steps = middle;
    else tooMany = middle;
  }
  return tile - steps * modulus;
}

function describeTiles(
  askedHeight: number,
  askedWidth: number,
  whole: WholeSizes,
  sizes: PlaneSizes,
  rules: TilingRules,
  overlap: number | undefined,
): TileChoice {
  // No tile needs to be larger than the whole image's input.
  const height = Math.min(askedHeight, whole.height ?? askedHeight);
  const width = Math.min(askedWidth, whole.width ?? askedWidth);
  const vertical = placeExactly('height', height, whole.height, rules, overlap);
  const horizontal = placeExactly('width', width, whole.width, rules, overlap);
  const cover = Math.min(
    axisGeometry(sizes.height, sizes.output, height).cover,
    axisGeometry(sizes.width, sizes.output, width).cover,
  );
  if (typeof vertical === 'object' && typeof horizontal === 'object') {
    return {
      height,
      width,
      grid: { height: vertical, width: horizontal },
      overlap: 0,
      reason: undefined,
    };
  }
  const reason = typeof vertical === 'string' ? vertical : (horizontal as string);
  return { height, width, grid: undefined, overlap: overlap ?? cover >> 2, reason };
}

/** Starts at multiples of the modulus, near enough to each other for the exact parts to meet; else why not. */
function placeExactly(
  axis: PlaneAxis,
  tile: number,
  whole: number | undefined,
  rules: TilingRules,
  overlap: number | undefined,
): (AxisTiles & { readonly whole: number }) | string {
  if (whole === undefined) return 'no legal size covers the whole image';
  if (tile >= whole) return { tile: whole, whole, starts: [0], exact: undefined };
  const modulus = rules.modulus[axis];
  const rest = whole - tile;
  if (rest % modulus !== 0) return `its strides do not meet at tiles of ${tile}`;
  const part = rules.exactPart(axis, whole, tile);
  if (typeof part === 'string') return part;
  const most = Math.min(part.end - part.begin, overlap === undefined ? Infinity : tile - overlap);
  const step = Math.floor(most / modulus) * modulus;
  const isEnough = overlap === undefined ? step >= leastStep * tile : step >= 1;
  if (!isEnough || step < modulus) {
    const seen = tile - (part.end - part.begin);
    return `each pixel sees a window of ${seen + 1} pixels, too large for tiles of ${tile}`;
  }
  if (overlap !== undefined && tile - overlap > part.end - part.begin) {
    return `it sees more than the overlap of ${overlap}`;
  }
  const count = Math.ceil(rest / step) + 1;
  const starts = Array.from(
    { length: count },
    (_, at) => Math.floor((at * rest) / (count - 1) / modulus) * modulus,
  );
  return { tile, whole, starts, exact: part };
}
