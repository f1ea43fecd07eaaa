import type { Random } from '../random.js';
import type { Augmentation, Warp } from './augment/augmentation.js';
import {
  composeWarps,
  drawAugmentations,
  placesOf,
  samplePixels,
  type Places,
} from './augment/draw.js';
import { turnWindow } from './augment/rotate90.js';
import type { LoadedPair } from './dataset.js';
import {
  axisGeometry,
  geometryCovering,
  type AxisGeometry,
  type PlaneSizes,
} from '../../ir/sizes/geometry.js';
import { drawForeground, placeAround } from './foreground.js';
import {
  IGNORED,
  mapPlanes,
  reflectPosition,
  type ClassMask,
  type Pixels,
  type TargetPlanes,
} from './pixels.js';
import { cutPixels, resizeMask, resizeNearest, resizePixels } from './resample.js';
import { applyScaling, measureScaling } from './scaling.js';
import type { SizePolicy } from '../../ir/sizes/size-policy.js';
import type { ScalingPlan } from '../../ir/scaling.js';

/** The sizes that all samples of a batch share; `output` is the size of their masks. */
export interface BatchGeometry {
  readonly vertical: AxisGeometry;
  readonly horizontal: AxisGeometry;
}

/** One sample of the batch's sizes. */
export interface TrainingSample {
  /** Input height x input width x channels, scaled. */
  readonly image: Float32Array;
  /** Output height x output width, class indices; 0 where the weight is 0 and the class unknown. */
  readonly mask: Uint8Array;
  /** Output height x output width; 0 where the sample is padded or its mask has no class, else 1. */
  readonly weights: Float32Array;
  /** The pair's planes, output height x output width each; 0 where padded. */
  readonly planes: readonly Float32Array[];
  /** What heads with targets of their own should give, output height x output width each; NaN where padded. */
  readonly targets: TargetPlanes;
}

/** How samples are made. */
export interface SampleOptions {
  readonly policy: SizePolicy;
  readonly augmentations: readonly Augmentation[];
  readonly scaling: ScalingPlan;
  /** Whether `crop` and `tile` cut anywhere; from the middle when false. */
  readonly randomCrops: boolean;
  /** Share of the samples that hold foreground, where their mask does. */
  readonly foreground: number;
}

/**
 * The sizes for a batch of images. `pad` takes the smallest legal size whose
 * output covers the largest image of the batch; undefined when there is none
 * (`checkSizePolicy` has said so before). A classification of the whole image is compared
 * with all that the mask holds: masks then have the size of the input.
 */
export function batchGeometry(
  policy: SizePolicy,
  sizes: PlaneSizes,
  images: readonly { readonly height: number; readonly width: number }[],
): BatchGeometry | undefined {
  const along = (axis: 'height' | 'width'): AxisGeometry | undefined => {
    const most = Math.max(...images.map((image) => image[axis]));
    const geometry =
      policy.kind === 'pad'
        ? geometryCovering(sizes[axis], sizes.output, most)
        : axisGeometry(sizes[axis], sizes.output, policy[axis]);
    return geometry && sizes.classifiesImages ? { ...geometry, output: geometry.cover } : geometry;
  };
  const [vertical, horizontal] = [along('height'), along('width')];
  return vertical && horizontal && { vertical, horizontal };
}

/**
 * Makes the sample of one pair: resize (policy `resize` only), augmentation
 * and window in one interpolation, retouching of values, scaling.
 *
 * The window is placed so that the *output* lies on the image; what the input
 * needs beyond the image, for unpadded convolutions, is mirrored (the
 * overlap-tile strategy of Ronneberger et al. 2015). Images smaller than the
 * output lie in its middle, and the output outside them has weight 0.
 */
export function makeTrainingSample(
  pair: LoadedPair,
  geometry: BatchGeometry,
  options: SampleOptions,
  random: Random,
): TrainingSample {
  const { vertical, horizontal } = geometry;
  const resized = options.policy.kind === 'resize';
  const canvas = resized
    ? resizePixels(pair.pixels, vertical.cover, horizontal.cover)
    : pair.pixels;
  const mask = resized ? resizeMask(pair.mask, vertical.cover, horizontal.cover) : pair.mask;
  const planes = (pair.planes ?? []).map((data): Pixels => {
    const plane = { height: pair.mask.height, width: pair.mask.width, channels: 1, data };
    return resized ? resizePixels(plane, vertical.cover, horizontal.cover) : plane;
  });
  const targets = mapPlanes(pair.targets ?? new Map(), (plane) =>
    resized ? resizeNearest(plane, pair.mask, vertical.cover, horizontal.cover) : plane,
  );
  const drawn = drawAugmentations(options.augmentations, random.fork('augment'), canvas);
  const place = options.randomCrops ? random.fork('place') : undefined;
  const stream = random.fork('foreground');
  const held = drawForeground(mask, drawn.warp, options.foreground, stream);
  const top = held
    ? placeAround(held.y, canvas.height, vertical.cover, stream)
    : placeWindow(canvas.height, vertical.cover, place);
  const left = held
    ? placeAround(held.x, canvas.width, horizontal.cover, stream)
    : placeWindow(canvas.width, horizontal.cover, place);
  const scaling = measureScaling(pair.pixels, options.scaling);
  const turn = turnWindow(drawn.quarters, {
    ...{ top, left },
    height: vertical.cover,
    width: horizontal.cover,
  });
  const warps = { turn, warp: drawn.warp };
  const places = placesOfInput(warps, top, left, geometry);
  const image = cutImage(canvas, places, top, left, geometry);
  for (const retouch of drawn.retouches) retouch(image);
  applyScaling(image.data, image.channels, scaling);
  // Where the mask has the pixels of the image, both come from the same places.
  const isSame = [vertical, horizontal].every((axis) => axis.output === axis.input);
  const moved = { ...warps, places: isSame ? places : undefined };
  return { image: image.data, ...cutMask({ mask, planes, targets }, moved, top, left, geometry) };
}

/** Where the output starts on an axis of the image. */
function placeWindow(size: number, cover: number, random: Random | undefined): number {
  if (size <= cover) return -Math.floor((cover - size) / 2);
  return random === undefined ? (size - cover) >> 1 : random.integer(size - cover + 1);
}

/** What moves the pixels of a window: itself, and the image below it. */
interface WindowWarps {
  readonly turn: Warp | undefined;
  readonly warp: Warp | undefined;
}

/** Where the pixels of the network's input come from; undefined where nothing moves them. */
function placesOfInput(
  { turn, warp }: WindowWarps,
  top: number,
  left: number,
  { vertical, horizontal }: BatchGeometry,
): Places | undefined {
  if (turn === undefined && warp === undefined) return undefined;
  const startY = top - vertical.margin;
  const startX = left - horizontal.margin;
  const move: Warp = (at) => {
    at.y += startY;
    at.x += startX;
  };
  const warps = [move, turn, warp].filter((each) => each !== undefined);
  return placesOf(composeWarps(warps), { height: vertical.input, width: horizontal.input });
}

function cutImage(
  canvas: Pixels,
  places: Places | undefined,
  top: number,
  left: number,
  { vertical, horizontal }: BatchGeometry,
): Pixels {
  const [height, width] = [vertical.input, horizontal.input];
  return places === undefined
    ? cutPixels(canvas, top - vertical.margin, left - horizontal.margin, height, width)
    : samplePixels(canvas, places, { height, width });
}

/** What is known of the pixels of an image. */
interface Known {
  readonly mask: ClassMask;
  readonly planes: readonly Pixels[];
  readonly targets: TargetPlanes;
}

function cutMask(
  { mask, planes, targets }: Known,
  { turn, warp, places }: WindowWarps & { readonly places: Places | undefined },
  top: number,
  left: number,
  { vertical, horizontal }: BatchGeometry,
): Pick<TrainingSample, 'mask' | 'weights' | 'planes' | 'targets'> {
  const classes = new Uint8Array(vertical.output * horizontal.output);
  const weights = new Float32Array(classes.length);
  const cut = planes.map(() => new Float32Array(classes.length));
  const values = mapPlanes(targets, () => new Float32Array(classes.length).fill(NaN));
  const moved = [...targets].flatMap(([head, own]) =>
    own.map((plane, at) => ({ from: plane, to: values.get(head)![at]! })),
  );
  const stepY = vertical.cover / vertical.output;
  const stepX = horizontal.cover / horizontal.output;
  const at = { y: 0, x: 0 };
  for (let row = 0, to = 0; row < vertical.output; row++) {
    for (let column = 0; column < horizontal.output; column++, to++) {
      at.y = top + (row + 0.5) * stepY - 0.5;
      at.x = left + (column + 0.5) * stepX - 0.5;
      turn?.(at);
      if (at.y < -0.5 || at.y >= mask.height - 0.5) continue;
      if (at.x < -0.5 || at.x >= mask.width - 0.5) continue;
      if (places === undefined) warp?.(at);
      else {
        at.y = places.y[to]!;
        at.x = places.x[to]!;
      }
      const fromY = Math.round(reflectPosition(at.y, mask.height));
      const fromX = Math.round(reflectPosition(at.x, mask.width));
      const from = fromY * mask.width + fromX;
      cut.forEach((plane, i) => (plane[to] = planes[i]!.data[from]!));
      for (const plane of moved) plane.to[to] = plane.from[from]!;
      const found = mask.data[from]!;
      if (found === IGNORED) continue;
      classes[to] = found;
      weights[to] = 1;
    }
  }
  return { mask: classes, weights, planes: cut, targets: values };
}
