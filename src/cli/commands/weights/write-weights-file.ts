import { basename, resolve } from 'node:path';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { counted } from '../../../diagnostics/counted.js';
import {
  describeSystemError,
  isFile,
  isFolder,
  openOutput,
  readBytesSync,
  type InputFiles,
} from '../../../files/index.js';
import { ZipTooLarge } from '../../../runtime/exports/weights/zip.js';
import type { CommandContext } from '../../context.js';
import { checkOutputs } from '../../output-files.js';
import { displayedPath, wholeFile } from '../../report.js';
import type { Weigh } from '../build/starting-weights.js';
import type { FileFormat } from './formats.js';

/**
 * Writes weights as one file, and says how it is read. A file that is there is left as it is:
 * nothing in it tells who made it.
 */
export async function writeWeightsFile(
  file: string,
  format: FileFormat,
  weigh: Weigh,
  inputs: InputFiles,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  const path = resolve(context.folder, file);
  const taken = checkOutputs([path], inputs);
  if (taken.length > 0) return taken;
  if (isFolder(path)) return [unwritable(file, 'it is a folder')];
  const { value, diagnostics } = await weigh();
  if (value === undefined) return diagnostics;
  const values = await value.weights.values();
  value.weights.dispose();
  let pieces: readonly Uint8Array[];
  try {
    pieces = await format.encode(value.described, values, basename(path));
  } catch (error) {
    if (!(error instanceof ZipTooLarge)) throw error;
    const help = ['Take "--to safetensors", which has no such limit.'];
    const told = createDiagnostic(
      'weights-too-large',
      { path: file },
      { at: wholeFile(file), help },
    );
    return [...diagnostics, told];
  }
  const shown = displayedPath(file, context.folder);
  if (isFile(path)) {
    if (isSame(path, pieces)) {
      context.stderr.line(`unchanged ${shown}`);
      return diagnostics;
    }
    return [...diagnostics, unwritable(file, 'it is there already')];
  }
  try {
    const output = await openOutput(path, { inputs });
    try {
      for (const piece of pieces) await output.write(piece);
      await output.finish();
    } finally {
      output.abandon();
    }
  } catch (error) {
    return [...diagnostics, unwritable(file, describeSystemError(error))];
  }
  context.stderr.line(`wrote ${shown} with ${counted(values.size, 'weight')}`);
  context.stderr.line(`read by: ${format.reading(basename(path))}`);
  return diagnostics;
}

function unwritable(path: string, reason: string): Diagnostic {
  const help = ['Choose another place with "--out", or move what is there away.'];
  return createDiagnostic('file-unwritable', { path, reason }, { at: wholeFile(path), help });
}

function isSame(path: string, pieces: readonly Uint8Array[]): boolean {
  let bytes: Buffer;
  try {
    bytes = readBytesSync(path, 'weights');
  } catch {
    return false;
  }
  return bytes.equals(Buffer.concat(pieces));
}
