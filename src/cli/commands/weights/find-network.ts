import { join, resolve } from 'node:path';
import type { CompiledModel } from '../../../compile.js';
import { hasErrors } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { InputFiles, isFile, isFolder, listFolder, shellWord } from '../../../files/index.js';
import type { CommandContext, ExitCode } from '../../context.js';
import { compileOne } from '../../one-model.js';
import { inputFiles } from '../../output-files.js';
import { reportDiagnostics, wholeFile } from '../../report.js';
import type { WeightFormatName } from './formats.js';
import { addWeightFiles, startingWeights, type Weigh } from '../build/starting-weights.js';

/** A network, and what gives it its weights. */
export interface FoundNetwork {
  readonly model: CompiledModel;
  readonly weigh: Weigh;
  /** What is read, and never replaced. */
  readonly inputs: InputFiles;
}

export interface NetworkWishes {
  readonly spec: string | undefined;
  readonly set: readonly string[];
  readonly model: string | undefined;
  readonly partial: boolean;
  readonly checkpoint: 'best' | 'last' | undefined;
  readonly to: WeightFormatName;
}

/**
 * Finds the network whose weights a path holds: that of the spec, or the one that a run was
 * trained by. Either the network, or the exit code of a failure that was reported.
 */
export async function findNetwork(
  given: string,
  wishes: NetworkWishes,
  context: CommandContext,
): Promise<FoundNetwork | ExitCode> {
  const path = resolve(context.folder, given);
  if (wishes.spec !== undefined) {
    const compiled = await compileOne(wishes.spec, wishes, context);
    if (compiled.kind === 'failed') return compiled.code;
    const at = wholeFile(given);
    const source = { path, shown: given, at, encoderOnly: false, isPartial: wishes.partial };
    const inputs = inputFiles(compiled.files, context);
    // A folder could be written into the model that is read.
    addWeightFiles(source, inputs, wishes.to === 'tfjs');
    const { model } = compiled;
    return { model, weigh: startingWeights(model, source, context), inputs };
  }
  if (!isRun(path)) {
    const help = [`Say whose they are: unetc weights ${shellWord(given)} --spec SPEC --to FORMAT`];
    const told = createDiagnostic(
      'weights-need-spec',
      { path: given },
      { at: wholeFile(given), help },
    );
    return reportDiagnostics([told], context);
  }
  const { openRun } = await import('../../../runtime/prediction/open-run.js');
  const { startEngine } = await import('../../../runtime/engines/start-engine.js');
  const name = wishes.checkpoint ?? 'best';
  const { value: opened, diagnostics } = await openRun(path, name);
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  if (opened === undefined || hasErrors(diagnostics)) return 1;
  await startEngine('cpu');
  const { weightsFromValues } = await import('../../../runtime/network/weights.js');
  const { run, checkpoint } = opened;
  const described = { ...run.model, recipe: run.recipe };
  const inputs = new InputFiles();
  for (const folder of [path, join(path, name)]) {
    for (const file of listFolder(folder)) inputs.add(join(folder, file));
  }
  const weigh: Weigh = () =>
    Promise.resolve({
      value: { described, weights: weightsFromValues(run.model.graph, checkpoint.weights) },
      diagnostics: [],
    });
  return { model: run.model, weigh, inputs };
}

/** Whether a path leads to a run of "unetc train", whole or damaged. */
const isRun = (path: string): boolean =>
  isFolder(path) &&
  ['run.json', join('best', 'model.json'), join('last', 'model.json')].some((name) =>
    isFile(join(path, name)),
  );
