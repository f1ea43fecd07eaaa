import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { atFile } from '../data/at-file.js';
import type { Checkpoint, CheckpointName } from './checkpoint.js';
import { readCheckpoint } from './read-checkpoint.js';
import { readDescription, runFile } from './run-description.js';
import { specFile } from './run-folder.js';
import { modelFile, readStored } from './stored-file.js';

/**
 * Compares a checkpoint with what lies beside its folder: `run.json`, which may
 * be missing but neither damaged nor of another run, and `spec.unet`, which only
 * people read.
 */
export async function checkSurroundings(
  folder: string,
  name: CheckpointName,
  checkpoint: Checkpoint,
): Promise<readonly Diagnostic[]> {
  const problems: Diagnostic[] = [];
  const file = join(folder, runFile);
  const read = await readDescription(folder);
  if (read.kind === 'damaged') {
    const help = [`Delete "${file}": the checkpoints hold all that is needed.`];
    const parameters = { file, reason: read.problem };
    problems.push(createDiagnostic('run-file-damaged', parameters, { at: atFile(file), help }));
  } else if (read.kind === 'read' && read.description.run !== checkpoint.run) {
    problems.push(differ(join(folder, name, modelFile), file, 'they are of different runs'));
  }
  const spec = join(folder, specFile);
  const stored = await readStored(folder, specFile, 'text');
  if (stored.kind === 'read' && stored.bytes.compare(Buffer.from(checkpoint.spec.text)) !== 0) {
    const help = ['To train a changed spec, start a new run in another folder.'];
    problems.push(createDiagnostic('run-spec-edited', { file: spec }, { at: atFile(spec), help }));
  }
  return problems;
}

/**
 * Whether the checkpoint "best" is the one that "last" speaks of. A run that was
 * killed between writing the two has the best of the epoch that "last" does not
 * know yet.
 */
export async function checkBest(
  folder: string,
  last: Checkpoint,
): Promise<{ readonly best: Checkpoint | undefined; readonly problems: readonly Diagnostic[] }> {
  const files = [join(folder, 'best', modelFile), join(folder, 'last', modelFile)] as const;
  if ((await readStored(join(folder, 'best'), modelFile)).kind === 'missing') {
    const reason = `epoch ${last.best?.epoch ?? 0} is the best, but its checkpoint is missing`;
    return { best: undefined, problems: last.best ? [differ(...files, reason, anew)] : [] };
  }
  const { value: best, diagnostics } = await readCheckpoint(folder, 'best');
  if (best === undefined) {
    const problems = diagnostics.map((problem) => ({ ...problem, help: [anew] }));
    return { best, problems };
  }
  if (best.run !== last.run) {
    return { best: undefined, problems: [differ(...files, 'they are of different runs', anew)] };
  }
  const isSame = isDeepStrictEqual(best.best, last.best);
  const isNewer = best.progress.epoch === last.progress.epoch + 1;
  // A run that was killed between the two has measured the best epoch anew, and will again.
  const isMeasured =
    best.best?.epoch === last.best?.epoch && !isDeepStrictEqual(best.conditions, last.conditions);
  const isItsOwn = best.best?.epoch === best.progress.epoch;
  if (isItsOwn && (isSame || isNewer || isMeasured)) return { best, problems: [] };
  const reported = last.best === undefined ? 'no epoch is' : `epoch ${last.best.epoch} is`;
  const reason =
    isItsOwn && best.best?.epoch === last.best?.epoch
      ? `they tell epoch ${best.progress.epoch}, which is the best, differently`
      : `one is of epoch ${best.progress.epoch}, the other says that ${reported} the best`;
  return { best: undefined, problems: [differ(...files, reason, anew)] };
}

const anew = '"--allow-changes" goes on, and looks for the best epoch anew.';

function differ(first: string, second: string, reason: string, ...also: string[]): Diagnostic {
  const help = [
    'Put the files of one run back together, from a copy, or start a new run.',
    ...also,
  ];
  return createDiagnostic(
    'run-parts-differ',
    { first, second, reason },
    { at: atFile(first), help },
  );
}
