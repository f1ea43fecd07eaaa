import { createDiagnostic } from '../../diagnostics/report.js';
import { replaceFile } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { DataError } from '../data/data-error.js';
import { encodePng } from '../data/image-files.js';
import {
  describeObjects,
  objectsCsv,
  objectsGeoJson,
  type DescribedImage,
  type DescribedObject,
} from '../instances/describe-objects.js';
import type { ObjectMap } from '../instances/separate.js';
import type { ObjectFiles } from './picture-files.js';

/** Numbers of a picture of 16 bits. */
const MOST_OBJECTS = 65_535;

/**
 * Writes what is known of the objects of an image: their numbers as a picture of 16 bits, a table
 * and outlines. Rejects with `FileError`, and with `DataError` where they are too many to
 * be numbered.
 */
export async function writeObjects(
  image: string,
  files: ObjectFiles,
  map: ObjectMap,
  known: DescribedImage,
): Promise<readonly DescribedObject[]> {
  const { width, height, labels, count } = map;
  if (count > MOST_OBJECTS) {
    const help = ['Leave small ones out with "smallest", or predict parts of the image.'];
    const parameters = { image, count, most: MOST_OBJECTS };
    throw new DataError([
      createDiagnostic('objects-too-many', parameters, { at: atFile(image), help }),
    ]);
  }
  const objects = describeObjects(map, known);
  const data = Uint16Array.from(labels);
  const png = await encodePng({ width, height, channels: 1, depth: 16, data });
  await replaceFile(files.instances, png);
  await replaceFile(files.table, objectsCsv(objects));
  await replaceFile(files.outlines, objectsGeoJson(objects));
  return objects;
}
