import type { GeoTIFFImage } from 'geotiff';
import type { Image } from './image.js';

/** How the TIFF specification 6.0 numbers what samples are. */
const RGB = 2;
const ASSOCIATED_ALPHA = 1;
const UNASSOCIATED_ALPHA = 2;

/**
 * Reads the samples of a TIFF whose bands are more than grey, RGB or one of them
 * with alpha, as satellites and microscopes write them: two to any number of
 * bands, interleaved or plane by plane. Undefined where the file is one of
 * those, which the general decoder reads: that one takes bands for colours,
 * and shows five as seven.
 *
 * A fourth band beside red, green and blue counts as alpha only where the tag
 * `ExtraSamples` (338) says so; near infrared is no alpha.
 *
 * Throws on damaged files and on encodings that are not known.
 */
export async function readTiffBands(bytes: Buffer): Promise<Image | undefined> {
  const { fromArrayBuffer } = await import('geotiff');
  const copy = new Uint8Array(bytes);
  const file = await fromArrayBuffer(copy.buffer);
  const page = await file.getImage(0);
  if (isPicture(page)) return undefined;
  const raster = await page.readRasters({ interleave: true });
  const data = ArrayBuffer.isView(raster) ? raster : undefined;
  if (!(data instanceof Uint8Array) && !(data instanceof Uint16Array)) {
    throw new Error('its bands are neither 8-bit nor 16-bit unsigned numbers');
  }
  return {
    width: page.getWidth(),
    height: page.getHeight(),
    channels: page.getSamplesPerPixel(),
    alpha: false,
    depth: data instanceof Uint16Array ? 16 : 8,
    data,
  };
}

/** Whether a page is grey or RGB, perhaps with alpha. */
function isPicture(page: GeoTIFFImage): boolean {
  const tag = (name: 'ExtraSamples' | 'PhotometricInterpretation'): number[] => {
    const value: unknown = page.fileDirectory.getValue(name);
    return typeof value === 'number' ? [value] : Array.from((value ?? []) as ArrayLike<number>);
  };
  const samples = page.getSamplesPerPixel();
  const [photometric = 1] = tag('PhotometricInterpretation');
  // CMYK, YCbCr and the like are models of colour that the general decoder converts.
  if (photometric > RGB) return true;
  const colours = photometric === RGB ? 3 : 1;
  if (samples === colours) return true;
  const extra = tag('ExtraSamples').at(-1);
  const isAlpha = extra === ASSOCIATED_ALPHA || extra === UNASSOCIATED_ALPHA;
  return samples === colours + 1 && isAlpha;
}
