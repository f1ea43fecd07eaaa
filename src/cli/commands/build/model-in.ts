import { join } from 'node:path';
import { FileError, isFile, objectOf, readJsonSync } from '../../../files/index.js';

/**
 * Which model lies in a folder: an `export`, which "build" has written and may replace; a
 * `checkpoint` of "train", of any version, which nothing can bring back; or one that is
 * `foreign`. Undefined where there is none.
 */
export function modelIn(folder: string): 'export' | 'checkpoint' | 'foreign' | undefined {
  const model = join(folder, 'model.json');
  if (!isFile(model)) return undefined;
  try {
    const metadata = objectOf(objectOf(readJsonSync(model))?.['userDefinedMetadata']);
    const own = objectOf(metadata?.['unetc']);
    if (own === undefined) return 'foreign';
    return own['kind'] === 'unetc-model' ? 'export' : 'checkpoint';
  } catch (error) {
    if (error instanceof FileError) return 'foreign';
    throw error;
  }
}
