import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { FileError, isFile, isFolder, readBytes } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import {
  checkpointFormat,
  checkpointNames,
  type Checkpoint,
  type CheckpointFile,
  type CheckpointMetadata,
  type CheckpointName,
} from './checkpoint.js';
import { runFile } from './run-folder.js';
import { modelFile } from './write-checkpoint.js';

/**
 * Reads a checkpoint of a run, and checks its files against what `model.json`
 * says of them; undefined where it is missing, cut short or of another format.
 */
export async function readCheckpoint(
  run: string,
  name: CheckpointName,
): Promise<Result<Checkpoint | undefined>> {
  const reporter = new Reporter();
  const folder = join(run, name);
  const metadata = await readMetadata(run, name, reporter);
  if (metadata === undefined) return { value: undefined, diagnostics: reporter.diagnostics };
  const { unetc, spec, preprocessing, progress, best, optimizer: state } = metadata;
  const weights = await readValues(folder, metadata.weightsFile, reporter);
  const slots = state && (await readValues(folder, state.file, reporter));
  if (weights === undefined || (state !== undefined && slots === undefined)) {
    return { value: undefined, diagnostics: reporter.diagnostics };
  }
  const value: Checkpoint = {
    unetc,
    spec,
    preprocessing,
    progress,
    best,
    weights: splitValues(
      weights,
      metadata.weightSizes.map((length, i) => ({ name: metadata.weightNames[i]!, length })),
    ),
    optimizer: state && { step: state.step, slots: splitValues(slots!, state.slots) },
  };
  return { value, diagnostics: reporter.diagnostics };
}

type StoredMetadata = CheckpointMetadata & { readonly weightSizes: readonly number[] };

interface StoredModel {
  readonly weightsManifest: readonly {
    readonly weights: readonly { readonly shape: readonly number[] }[];
  }[];
  readonly userDefinedMetadata?: { readonly unetc?: CheckpointMetadata };
}

async function readMetadata(
  run: string,
  name: CheckpointName,
  reporter: Reporter,
): Promise<StoredMetadata | undefined> {
  if (!isRun(run)) {
    reporter.report('run-missing', { folder: run }, { at: atFile(run) });
    return undefined;
  }
  const file = join(run, name, modelFile);
  let bytes: Buffer;
  try {
    bytes = await readBytes(file, 'json');
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.problem === 'missing') {
      const other = checkpointNames.find((candidate) => candidate !== name)!;
      const help = [
        `Train for at least one epoch, or try the checkpoint "${other}" with "--checkpoint ${other}".`,
      ];
      reporter.report(
        'checkpoint-missing',
        { folder: run, checkpoint: name },
        { at: atFile(run), help },
      );
    } else reportDamage(file, error.message, reporter);
    return undefined;
  }
  let model: StoredModel;
  try {
    model = JSON.parse(bytes.toString('utf8')) as StoredModel;
  } catch {
    reportDamage(file, 'it is cut short, or no JSON', reporter);
    return undefined;
  }
  const metadata = model.userDefinedMetadata?.unetc;
  if (metadata?.kind !== 'unetc-checkpoint') {
    reportDamage(file, 'it is a model, but no checkpoint of unetc', reporter);
    return undefined;
  }
  if (metadata.format !== checkpointFormat) {
    const parameters = { file, found: String(metadata.format), expected: checkpointFormat };
    const help = [`Use unetc ${metadata.unetc}, which wrote it.`];
    reporter.report('checkpoint-version', parameters, { at: atFile(file), help });
    return undefined;
  }
  const weightSizes = model.weightsManifest.flatMap(({ weights }) =>
    weights.map(({ shape }) => shape.reduce((size, length) => size * length, 1)),
  );
  return { ...metadata, weightSizes };
}

function isRun(folder: string): boolean {
  if (!isFolder(folder)) return false;
  const marks = [runFile, ...checkpointNames.map((name) => join(name, modelFile))];
  return marks.some((mark) => isFile(join(folder, mark)));
}

async function readValues(
  folder: string,
  { name, bytes, sha256 }: CheckpointFile,
  reporter: Reporter,
): Promise<Float32Array | undefined> {
  const path = join(folder, name);
  let content: Buffer;
  try {
    content = await readBytes(path, 'weights', { within: folder });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const isMissing = error.problem === 'missing';
    reportDamage(path, isMissing ? 'it is missing' : error.message, reporter);
    return undefined;
  }
  if (content.byteLength !== bytes) {
    reportDamage(path, `it has ${content.byteLength} bytes instead of ${bytes}`, reporter);
    return undefined;
  }
  if (createHash('sha256').update(content).digest('hex') !== sha256) {
    reportDamage(path, 'its content differs from what was written', reporter);
    return undefined;
  }
  return new Float32Array(Uint8Array.from(content).buffer);
}

function reportDamage(file: string, reason: string, reporter: Reporter): void {
  const help = [
    'Use the other checkpoint of the run ("--checkpoint best" or "last"), or train anew.',
  ];
  reporter.report('checkpoint-damaged', { file, reason }, { at: atFile(file), help });
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
