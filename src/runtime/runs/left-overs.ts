import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isFile, isFolder, isTemporary, listFolder, removeFile } from '../../files/index.js';
import { checkpointNames } from './checkpoint.js';
import { openSealedJson } from './sealed-json.js';
import { modelFile, notWritten, readStored } from './stored-file.js';

/** What the values of a checkpoint are of. */
export type ValuesKind = 'weights' | 'optimizer';

/** The name of a file of values, after the step that they were written at. */
export function valuesFile(kind: ValuesKind, step: number): string {
  return `${kind}-${String(step).padStart(6, '0')}.bin`;
}

const isValuesFile = (name: string): boolean => /^(weights|optimizer)-\d{6,}\.bin$/.test(name);

/**
 * Deletes what writes that a dead process did not end have left in a run folder and in its
 * checkpoints. The folder is locked: whatever is half written is nobody's. A failure is returned.
 */
export async function clearLeftOvers(run: string): Promise<readonly Diagnostic[]> {
  try {
    remove(run, isTemporary);
    for (const name of checkpointNames) await clearCheckpoint(join(run, name));
    return [];
  } catch (error) {
    return [notWritten(run, error)];
  }
}

/**
 * Deletes temporary files of a checkpoint's folder, and files of values that its
 * `model.json` does not name, of an older checkpoint or of one that was not ended. Those
 * beside a `model.json` that is damaged stay, for nobody knows which it named; so does
 * whatever has other names. Throws `FileError`.
 */
export async function clearCheckpoint(folder: string): Promise<void> {
  if (!isFolder(folder)) return;
  const model = await readStored(folder, modelFile);
  const isNamed = (name: string): boolean =>
    model.kind === 'unreadable' || (model.kind === 'read' && model.bytes.includes(`"${name}"`));
  const isWhole = model.kind !== 'read' || !('problem' in openSealedJson(model.bytes));
  remove(folder, (name) => isTemporary(name) || (isWhole && isValuesFile(name) && !isNamed(name)));
}

function remove(folder: string, isLeftOver: (name: string) => boolean): void {
  for (const name of listFolder(folder).filter(isLeftOver)) {
    const path = join(folder, name);
    if (isFile(path)) removeFile(path);
  }
}
