import { openImage } from '../../data/samples-of.js';
import type { Colour } from '../../data/mask-encoding.js';
import { brightened, renderLayer } from '../../data/overlay.js';
import type { ClassMask, Pixels } from '../../data/pixels.js';
import { resizeMask, resizePixels } from '../../data/resample.js';
import type { WholeImage } from '../../data/image.js';
import type { EvaluatedSample } from '../../runs/evaluation-file.js';

/** The longest side of a picture. */
const longestSide = 512;
/** Outlines of small images are drawn enlarged, so that they are thin lines. */
const layerSide = 640;

/** How wide outlines are, in pixels of a layer. */
const outline = 2;

/** A validation image at the size of its picture. */
export interface SamplePicture {
  readonly image: WholeImage;
  readonly truth: ClassMask | undefined;
  readonly prediction: ClassMask | undefined;
}

/** Shrinks an image and what is known of it to the size of a picture. */
export function shrinkSample(
  pixels: Pixels,
  truth: ClassMask | undefined,
  prediction: ClassMask | undefined,
): SamplePicture {
  const factor = Math.min(1, longestSide / Math.max(pixels.height, pixels.width));
  const height = Math.max(1, Math.round(factor * pixels.height));
  const width = Math.max(1, Math.round(factor * pixels.width));
  const sized = (mask: ClassMask | undefined): ClassMask | undefined =>
    mask && resizeMask(mask, height, width);
  return {
    image: brightened(resizePixels(pixels, height, width)),
    truth: sized(truth),
    prediction: sized(prediction),
  };
}

/** The files of a picture. */
export async function encodeSample(
  { image, truth, prediction }: SamplePicture,
  colours: readonly Colour[] | undefined,
): Promise<Omit<EvaluatedSample, 'name' | 'kind'>> {
  const { width, height } = image;
  const layer = async (mask: ClassMask | undefined): Promise<string | undefined> =>
    mask && (await encodeLayer(mask, colours));
  const raw = { width, height, channels: 3 as const };
  const webp = (await openImage(image.data, { raw })).webp({ quality: 82 });
  return {
    width,
    height,
    image: base64(await webp.toBuffer()),
    truth: await layer(truth),
    prediction: await layer(prediction),
  };
}

async function encodeLayer(
  mask: ClassMask,
  colours: readonly Colour[] | undefined,
): Promise<string> {
  const factor = Math.max(1, Math.floor(layerSide / Math.max(mask.height, mask.width)));
  const large = resizeMask(mask, factor * mask.height, factor * mask.width);
  const { data, width, height } = renderLayer(large, colours, outline);
  const png = (await openImage(data, { raw: { width, height, channels: 4 } })).png({
    compressionLevel: 9,
    palette: true,
    dither: 0,
  });
  return base64(await png.toBuffer());
}

const base64 = (bytes: Buffer): string => bytes.toString('base64');
