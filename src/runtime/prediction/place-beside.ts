import { replaceFile } from '../../files/index.js';
import { geoFiles, readGeoPlace } from '../data/geo-place.js';

/**
 * Writes where the pictures of a georeferenced image lie beside each of them, so that programs
 * for maps put them where the image is; nothing for other images. Rejects with `FileError`.
 *
 * @param pictures paths that end in `.png`, of the size of the image.
 */
export async function placeBeside(image: string, pictures: readonly string[]): Promise<void> {
  const place = await readGeoPlace(image);
  if (place === undefined) return;
  for (const [ending, text] of geoFiles(place)) {
    for (const picture of pictures) {
      await replaceFile(picture.replace(/\.png$/, ending), Buffer.from(text));
    }
  }
}
