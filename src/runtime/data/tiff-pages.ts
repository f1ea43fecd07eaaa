import type { GeoTIFFImage } from 'geotiff';
import { createSamples, PIXEL_LIMIT, type Depth, type Image } from './image.js';

/** How the TIFF specification 6.0 numbers what samples are. */
const RGB = 2;
const ASSOCIATED_ALPHA = 1;
const UNASSOCIATED_ALPHA = 2;
/** A bit of `NewSubfileType`: the page is a smaller copy of another one. */
const REDUCED = 1;

/** Whether bytes begin as a TIFF does, of 32 or 64 bits a place. */
export const isTiff = (bytes: Buffer): boolean =>
  ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(bytes.toString('latin1', 0, 4));

/**
 * Reads a TIFF that is no plain picture, as satellites, microscopes and scientific programs
 * write them: any number of bands, interleaved or plane by plane, signed and floating-point
 * numbers, and several pages of one size, whose bands follow each other. Smaller copies of a
 * page, as in cloud-optimised GeoTIFF, are left out. Undefined for one page of grey or RGB
 * of 8 or 16 bits, perhaps with alpha, which the general decoder reads: that one takes bands
 * for colours, and shows five as seven.
 *
 * A fourth band beside red, green and blue counts as alpha only where the tag
 * `ExtraSamples` (338) says so; near infrared is no alpha.
 *
 * Unsigned numbers of 8 and 16 bits stay what they are; all others become float32. Throws on
 * damaged files, on encodings that are not known and on pages that differ.
 */
export async function readTiffPages(bytes: Buffer): Promise<Image | undefined> {
  const { fromArrayBuffer } = await import('geotiff');
  const copy = new Uint8Array(bytes);
  const file = await fromArrayBuffer(copy.buffer);
  const all: GeoTIFFImage[] = [];
  for (let page = 0, count = await file.getImageCount(); page < count; page++) {
    const image = await file.getImage(page);
    putPlaces(image, copy);
    all.push(image);
  }
  const pages = all.filter((page) => (numbersOf(page, 'NewSubfileType')[0] ?? 0) % 2 < REDUCED);
  const [first] = pages;
  if (first === undefined) throw new Error('it has no page of full size');
  const depth = depthOf(first);
  if (pages.length === 1 && depth !== 32 && isPicture(first)) return undefined;
  const [width, height, bands] = shapeOf(first);
  const channels = bands * pages.length;
  if (width * height * channels > 4 * PIXEL_LIMIT) {
    throw new Error(`its ${pages.length} pages exceed what is read at once`);
  }
  const data = createSamples(depth, width * height * channels);
  for (const [index, page] of pages.entries()) {
    if (depthOf(page) !== depth || shapeOf(page).join() !== shapeOf(first).join()) {
      throw new Error('its pages differ in size or kind; make a file of each');
    }
    const raster = await page.readRasters({ interleave: true });
    if (!ArrayBuffer.isView(raster)) throw new Error('its bands differ in kind');
    const samples = raster as unknown as ArrayLike<number>;
    for (let pixel = 0; pixel < width * height; pixel++) {
      const to = pixel * channels + index * bands;
      for (let band = 0; band < bands; band++) data[to + band] = samples[pixel * bands + band]!;
    }
  }
  return { width, height, channels, alpha: false, depth, data };
}

/** Where strips and tiles lie, and their bytes. */
const placeTags: readonly number[] = [273, 279, 324, 325];

/**
 * Reads the lists of places of a page anew: geotiff 3.0 takes those that it reads late for
 * little-endian in every file.
 */
function putPlaces({ fileDirectory }: GeoTIFFImage, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const tag of placeTags) {
    const late = fileDirectory.deferredArrays.get(tag);
    if (late === undefined || late.littleEndian) continue;
    const { arrayOffset, itemSize, length } = late;
    const places = Array.from({ length }, (_, index) => {
      const at = arrayOffset + index * itemSize;
      if (itemSize === 2) return view.getUint16(at);
      return itemSize === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
    });
    fileDirectory.actualizedFields.set(tag, places);
  }
}

const shapeOf = (page: GeoTIFFImage): readonly [width: number, height: number, bands: number] => [
  page.getWidth(),
  page.getHeight(),
  page.getSamplesPerPixel(),
];

/** Unsigned numbers of 8 and 16 bits are samples of that depth. */
function depthOf(page: GeoTIFFImage): Depth {
  const isUnsigned = page.getSampleFormat(0) === 1;
  const bits = page.getBitsPerSample(0);
  if (!isUnsigned || bits > 16) return 32;
  return bits > 8 ? 16 : 8;
}

function numbersOf(
  page: GeoTIFFImage,
  tag: 'ExtraSamples' | 'PhotometricInterpretation' | 'NewSubfileType',
): readonly number[] {
  const value: unknown = page.fileDirectory.getValue(tag);
  return typeof value === 'number' ? [value] : Array.from((value ?? []) as ArrayLike<number>);
}

/** Whether a page is grey or RGB, perhaps with alpha. */
function isPicture(page: GeoTIFFImage): boolean {
  const samples = page.getSamplesPerPixel();
  const [photometric = 1] = numbersOf(page, 'PhotometricInterpretation');
  // CMYK, YCbCr and the like are models of colour that the general decoder converts.
  if (photometric > RGB) return true;
  const colours = photometric === RGB ? 3 : 1;
  if (samples === colours) return true;
  const extra = numbersOf(page, 'ExtraSamples').at(-1);
  const isAlpha = extra === ASSOCIATED_ALPHA || extra === UNASSOCIATED_ALPHA;
  return samples === colours + 1 && isAlpha;
}
