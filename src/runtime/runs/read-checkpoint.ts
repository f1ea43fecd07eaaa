import { basename, dirname, join } from 'node:path';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { explainMissing, isFile, isFolder, parseJson, shellWord } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { networkModuleFile } from '../exports/describe-network.js';
import {
  checkpointFormat,
  checkpointNames,
  type Checkpoint,
  type CheckpointFile,
  type CheckpointModel,
  type CheckpointName,
} from './checkpoint.js';
import { checkpointModelShape, sizeOf } from './checkpoint-shape.js';
import { runFile } from './run-description.js';
import { openSealedJson } from './sealed-json.js';
import { hasShape } from './shape.js';
import { digestOf, modelFile, readStored } from './stored-file.js';

/**
 * Reads a checkpoint of a run and believes it only if it is whole: every byte of
 * its files is under a checksum, every field has its shape, and the parts fit
 * each other. Undefined, with the reason, where it is missing, damaged or of
 * another format. A training that goes on meanwhile does no harm: what it
 * replaces under the reader's hands is read again.
 */
export async function readCheckpoint(
  run: string,
  name: CheckpointName,
): Promise<Result<Checkpoint | undefined>> {
  const folder = join(run, name);
  let attempt = await readOnce(run, name);
  while (attempt.kind === 'failed' && attempt.model !== undefined) {
    const now = await readStored(folder, modelFile);
    if (now.kind !== 'read' || now.bytes.equals(attempt.model)) break;
    attempt = await readOnce(run, name);
  }
  return attempt.kind === 'read'
    ? { value: attempt.checkpoint, diagnostics: [] }
    : { value: undefined, diagnostics: [attempt.diagnostic] };
}

type Attempt =
  | { readonly kind: 'read'; readonly checkpoint: Checkpoint }
  /** `model` is what `model.json` held, where it could be read. */
  | {
      readonly kind: 'failed';
      readonly diagnostic: Diagnostic;
      readonly model: Buffer | undefined;
    };

async function readOnce(run: string, name: CheckpointName): Promise<Attempt> {
  const file = join(run, name, modelFile);
  if (!isFolder(run)) {
    return { kind: 'failed', diagnostic: describeMissing(run, name), model: undefined };
  }
  const stored = await readStored(join(run, name), modelFile);
  const model = stored.kind === 'read' ? stored.bytes : undefined;
  const failed = (diagnostic: Diagnostic): Attempt => ({ kind: 'failed', diagnostic, model });
  if (stored.kind === 'missing') return failed(describeMissing(run, name));
  if (stored.kind === 'unreadable') return failed(damaged(file, stored.problem));
  const read = parseModel(file, stored.bytes);
  if ('diagnostic' in read) return failed(read.diagnostic);
  const { weightNames, weightsFile, networkModule, optimizer, ...metadata } =
    read.model.userDefinedMetadata.unetc;
  const weights = await readValues(join(run, name), weightsFile);
  if ('diagnostic' in weights) return failed(weights.diagnostic);
  const module = await readStored(join(run, name), networkModuleFile, 'text');
  if (module.kind === 'read' && digestOf(module.bytes) !== networkModule) {
    return failed(damagedModule(join(run, name, networkModuleFile)));
  }
  const slots = optimizer && (await readValues(join(run, name), optimizer.file));
  if (slots !== undefined && 'diagnostic' in slots) return failed(slots.diagnostic);
  const sizes = read.model.weightsManifest[0]!.weights.map(({ shape }) => sizeOf(shape));
  const { run: id, conditions, spec, preprocessing, progress, best } = metadata;
  const checkpoint: Checkpoint = {
    ...{ run: id, conditions, spec, preprocessing, progress, best },
    seal: read.model.sha256,
    stored: read.model,
    weights: splitValues(
      weights.values,
      weightNames.map((name, i) => ({ name, length: sizes[i]! })),
    ),
    optimizer: optimizer && {
      step: optimizer.step,
      slots: splitValues(slots!.values, optimizer.slots),
    },
  };
  return { kind: 'read', checkpoint };
}

function parseModel(
  file: string,
  bytes: Buffer,
): { readonly model: CheckpointModel } | { readonly diagnostic: Diagnostic } {
  const opened = openSealedJson(bytes);
  const other = otherFormat('problem' in opened ? parseJson(bytes.toString('utf8')) : opened.value);
  if (other !== undefined) {
    const parameters = { file, found: other.format, expected: checkpointFormat };
    const help = [
      'Use the version of unetc that wrote it, or start a new run from its weights with "--weights".',
    ];
    return {
      diagnostic: createDiagnostic('checkpoint-version', parameters, { at: atFile(file), help }),
    };
  }
  if ('problem' in opened) return { diagnostic: damaged(file, opened.problem) };
  const { kind } = metadataOf(opened.value) ?? {};
  if (kind !== 'unetc-checkpoint') {
    return { diagnostic: damaged(file, 'it is a model, but no checkpoint of unetc') };
  }
  const checked = hasShape(opened.value, checkpointModelShape);
  if ('problem' in checked) return { diagnostic: damaged(file, checked.problem) };
  return { model: checked.value };
}

/** The format of a whole checkpoint that is not of ours; those before 2 had no checksum of their own. */
function otherFormat(model: unknown): { readonly format: string } | undefined {
  const { kind, format } = metadataOf(model) ?? {};
  const isSealed = typeof model === 'object' && model !== null && 'sha256' in model;
  const isOther =
    kind === 'unetc-checkpoint' &&
    typeof format === 'number' &&
    (isSealed ? format > checkpointFormat : format < checkpointFormat);
  return isOther ? { format: String(format) } : undefined;
}

function metadataOf(
  model: unknown,
): { readonly kind?: unknown; readonly format?: unknown } | undefined {
  const { userDefinedMetadata } = Object(model) as { readonly userDefinedMetadata?: unknown };
  const { unetc } = Object(userDefinedMetadata) as { readonly unetc?: unknown };
  return typeof unetc === 'object' && unetc !== null ? unetc : undefined;
}

function describeMissing(run: string, name: CheckpointName): Diagnostic {
  const marks = [runFile, ...checkpointNames.map((each) => join(each, modelFile))];
  if (!marks.some((mark) => isFile(join(run, mark)))) {
    const help = isFile(join(run, modelFile)) ? [explainModel(run)] : explainMissing(run, 'folder');
    return createDiagnostic('run-missing', { folder: run }, { at: atFile(run), help });
  }
  const other = checkpointNames.find((candidate) => candidate !== name)!;
  const help = [
    `Train for at least one epoch, or take the checkpoint "${other}": "--checkpoint ${other}" predicts with it, "--weights ${shellWord(join(run, other, modelFile))}" starts a new run from it.`,
  ];
  const parameters = { folder: run, checkpoint: name };
  return createDiagnostic('checkpoint-missing', parameters, { at: atFile(run), help });
}

/** What a folder with a model is that was given as a run. */
function explainModel(folder: string): string {
  const [run, name] = [dirname(folder), basename(folder)];
  const checkpoint = checkpointNames.find((each) => each === name);
  return checkpoint !== undefined && isFile(join(run, runFile))
    ? `It is the checkpoint "${checkpoint}" of the run "${run}": give the run itself.`
    : 'It is a model for other programs: give the run that it was made from.';
}

async function readValues(
  folder: string,
  { name, bytes, sha256 }: CheckpointFile,
): Promise<{ readonly values: Float32Array } | { readonly diagnostic: Diagnostic }> {
  const path = join(folder, name);
  const stored = await readStored(folder, name, 'weights');
  if (stored.kind === 'missing') return { diagnostic: damaged(path, 'it is missing') };
  if (stored.kind === 'unreadable') return { diagnostic: damaged(path, stored.problem) };
  const content = stored.bytes;
  if (content.byteLength !== bytes) {
    const problem = `it has ${content.byteLength} bytes instead of ${bytes}`;
    return { diagnostic: damaged(path, problem) };
  }
  if (digestOf(content) !== sha256) {
    return { diagnostic: damaged(path, 'its content differs from what was written') };
  }
  return { values: new Float32Array(Uint8Array.from(content).buffer) };
}

function damaged(file: string, reason: string): Diagnostic {
  const help = [
    'Use the other checkpoint of the run ("--checkpoint best" or "last"), or train anew.',
  ];
  return createDiagnostic('checkpoint-damaged', { file, reason }, { at: atFile(file), help });
}

/** What other programs take of a checkpoint; a wrong scaling there would go unnoticed. */
function damagedModule(file: string): Diagnostic {
  const reason = 'its content differs from what was written';
  const help = [`Delete "${file}": only pages that open the model themselves need it.`];
  return createDiagnostic('checkpoint-damaged', { file, reason }, { at: atFile(file), help });
}

function splitValues(
  values: Float32Array,
  parts: readonly { readonly name: string; readonly length: number }[],
): ReadonlyMap<string, Float32Array> {
  let offset = 0;
  return new Map(
    parts.map(({ name, length }) => {
      const start = offset;
      offset += length;
      return [name, values.slice(start, offset)];
    }),
  );
}
