import { basename, resolve } from 'node:path';
import { emitOnnx } from '../../../codegen/onnx/emit.js';
import { encodeModel, firstBytes, messageLimit } from '../../../codegen/onnx/encode.js';
import { foldNorms } from '../../../codegen/onnx/fold-norms.js';
import { lengthOf, type Part } from '../../../codegen/onnx/protobuf.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import {
  agreementOf,
  describeSystemError,
  isFile,
  openOutput,
  type InputFiles,
} from '../../../files/index.js';
import { namedValues } from '../../../runtime/exports/onnx-weights.js';
import type { CommandContext } from '../../context.js';
import { checkOutputs } from '../../output-files.js';
import { displayedPath, wholeFile } from '../../report.js';
import type { Weigh } from './starting-weights.js';

/** How a model is written. */
export interface OnnxWishes {
  /** Write nothing, and say whether the files are as they would be. */
  readonly check: boolean;
  /** Whether weights go to a file of their own. */
  readonly isApart: boolean;
  /** Whether batch norms become part of the convolutions before them. */
  readonly foldsNorms: boolean;
}

export interface OnnxWritten {
  readonly diagnostics: readonly Diagnostic[];
  /** False where a check found a file that is missing or other. */
  readonly isFresh: boolean;
}

/** What the name of a file of weights has more than that of its model. */
const weightsEnding = '.data';

/**
 * Writes a model as an ONNX file with its weights; with a file of
 * weights beside it where that is wished, or where one file would have more than `limit` bytes,
 * by default as many as a protobuf message may have. This module loads TensorFlow.js, so it is imported when it is needed.
 */
export async function writeOnnx(
  file: string,
  weigh: Weigh,
  wishes: OnnxWishes,
  inputs: InputFiles,
  context: CommandContext,
  limit: number = messageLimit,
): Promise<OnnxWritten> {
  const path = resolve(context.folder, file);
  const { value, diagnostics } = await weigh();
  if (value === undefined) return { diagnostics, isFresh: true };
  const values = await value.weights.values();
  value.weights.dispose();
  const { described } = value;
  const { graph, valuesOf } = wishes.foldsNorms
    ? foldNorms(described.graph, namedValues(values))
    : { graph: described.graph, valuesOf: namedValues(values) };
  const model = emitOnnx({ ...described, graph }, valuesOf);
  const weightsFile = basename(path) + weightsEnding;
  const whole = wishes.isApart ? undefined : encodeModel(model);
  const fits = whole !== undefined && lengthOf(whole.model) <= limit;
  const made = fits ? whole : encodeModel(model, weightsFile);
  // Weights first: a model that is there finds its weights.
  const files = [
    ...(made.weights === undefined ? [] : [{ path: path + weightsEnding, content: made.weights }]),
    { path, content: made.model },
  ];
  const shown = displayedPath(file, context.folder);
  const isSame = files.every((each) => agreementOf(each.path, each.content) === 'whole');
  if (wishes.check) {
    if (!isSame) {
      const state = files.some((each) => !isFile(each.path)) ? 'missing' : 'stale';
      context.stderr.line(`${state} ${shown}: run the same command without "--check".`);
    }
    return { diagnostics, isFresh: isSame };
  }
  if (isSame) {
    context.stderr.line(`unchanged ${shown}`);
    return { diagnostics, isFresh: true };
  }
  const taken = checkOutputs(
    files.map((each) => each.path),
    inputs,
  );
  const foreign = taken.length > 0 ? taken : checkForeign(path, files, file);
  if (foreign.length > 0) return { diagnostics: [...diagnostics, ...foreign], isFresh: true };
  try {
    for (const { path: place, content } of files) await writeParts(place, content, inputs);
  } catch (error) {
    const parameters = { path: file, reason: describeSystemError(error) };
    const failed = createDiagnostic('file-unwritable', parameters, { at: wholeFile(file) });
    return { diagnostics: [...diagnostics, failed], isFresh: true };
  }
  const apart = made.weights === undefined ? '' : `, and its weights ${shown}${weightsEnding}`;
  context.stderr.line(`wrote ${shown}${apart}`);
  if (made.weights === undefined && isFile(path + weightsEnding)) {
    context.stderr.line(
      `${shown}${weightsEnding} is no part of it; delete it if nothing needs it.`,
    );
  }
  return { diagnostics, isFresh: true };
}

/** Reports a file that somebody else made; a file of weights is ours where its model is. */
function checkForeign(
  path: string,
  files: readonly { readonly path: string }[],
  shown: string,
): readonly Diagnostic[] {
  const isOurs = agreementOf(path, firstBytes) !== 'other';
  const isEmpty = agreementOf(path, []) === 'whole';
  const inTheWay = files.find((each) => isFile(each.path) && !isOurs && !isEmpty);
  if (inTheWay === undefined) return [];
  const named = inTheWay.path === path ? shown : shown + weightsEnding;
  const reason = 'it is there already and was not made by unetc';
  const help = ['Choose another place with "--out", or delete the file.'];
  const parameters = { path: named, reason };
  return [createDiagnostic('file-unwritable', parameters, { at: wholeFile(named), help })];
}

/** Writes the pieces of a part, the small ones of which are many. */
async function writeParts(path: string, part: Part, inputs: InputFiles): Promise<void> {
  const output = await openOutput(path, { inputs });
  try {
    let small: Uint8Array[] = [];
    for (const piece of part) {
      if (piece.byteLength < largePiece) {
        small.push(piece);
        continue;
      }
      await output.write(Buffer.concat(small));
      await output.write(piece);
      small = [];
    }
    await output.write(Buffer.concat(small));
    await output.finish();
  } finally {
    output.abandon();
  }
}

/** Bytes from which on a piece is written by itself. */
const largePiece = 65_536;
