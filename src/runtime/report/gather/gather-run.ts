import { basename, join, resolve } from 'node:path';
import type { CompiledModel } from '../../../compile.js';
import { emitPicture } from '../../../codegen/picture/emit-picture.js';
import type { Result } from '../../../diagnostics/diagnostic.js';
import { summarise } from '../../../ir/reports/summary.js';
import { nameOfClass } from '../../data/class-names.js';
import type { Checkpoint } from '../../runs/checkpoint.js';
import { readListing } from '../../runs/data-listing.js';
import { readEvaluation, type EvaluationMachine } from '../../runs/evaluation-file.js';
import { readCheckpoint } from '../../runs/read-checkpoint.js';
import { readDescription, type RunDescription } from '../../runs/run-description.js';
import { compileRun, type CompiledRun } from '../../training/run-spec.js';
import { describeNetwork } from '../../training/network-interface.js';
import { isEvaluationOf } from '../measure/evaluate-run.js';
import type { NetworkFacts, RunReport } from '../run-report.js';
import { describeRecipe, type Setting } from './describe-recipe.js';
import { readCurves } from './read-curves.js';

/**
 * Reads what a run folder holds. Undefined, with the reason, where it has no checkpoint that
 * can be read; whatever else is missing or damaged is left out.
 */
export async function gatherRun(folder: string): Promise<Result<RunReport | undefined>> {
  const best = await readCheckpoint(folder, 'best');
  const last = await readCheckpoint(folder, 'last');
  const checkpoint = last.value ?? best.value;
  if (checkpoint === undefined) return { value: undefined, diagnostics: last.diagnostics };
  const { spec } = checkpoint;
  const wishes = { set: spec.set, imports: spec.imports ?? {}, model: spec.model };
  const path = join(folder, 'spec.unet');
  const { run } = compileRun(path, spec.text, { ...wishes, ...spec.settings });
  const read = await readDescription(folder);
  const description = read.kind === 'read' ? read.description : undefined;
  const stored = await readEvaluation(folder);
  const isCurrent = stored && best.value && isEvaluationOf(stored, best.value);
  const evaluation = isCurrent === true ? stored : undefined;
  const { progress } = checkpoint;
  const value: RunReport = {
    name: basename(resolve(folder)),
    model: spec.model,
    spec: spec.text,
    progress: { epochs: progress.epoch, planned: spec.settings.epochs, steps: progress.step },
    best: best.value?.best ?? checkpoint.best,
    classes: run === undefined ? (evaluation?.classes ?? []) : classNames(run),
    curves: readCurves(folder),
    settings: describeSettings(checkpoint, run),
    environment: describeEnvironment(checkpoint, description, evaluation?.machine),
    network: run && (await describeModel(run.model)),
    data: (await readListing(folder))?.summaries ?? [],
    evaluation,
  };
  return { value, diagnostics: [] };
}

function classNames(run: CompiledRun): readonly string[] {
  const { classCount } = describeNetwork(run).head;
  return Array.from({ length: classCount }, (_, c) => nameOfClass(c, run.recipe.classes));
}

async function describeModel(model: CompiledModel): Promise<NetworkFacts> {
  const { graph, sizes, unfolded } = model;
  return {
    picture: await emitPicture(model, { format: 'svg', theme: 'auto' }),
    summary: summarise(graph, sizes, undefined, unfolded.lattice),
  };
}

/** What is no setting of a recipe is named first. */
function describeSettings(
  { spec, conditions }: Checkpoint,
  run: CompiledRun | undefined,
): readonly Setting[] {
  const parameters = Object.entries(spec.set).map(([name, value]) => ({ name, value }));
  const recipe =
    run === undefined
      ? Object.entries(spec.settings).map(([name, value]) => ({ name, value: String(value) }))
      : describeRecipe(run.recipe);
  return [
    { name: 'model', value: spec.model },
    ...parameters,
    ...recipe,
    { name: 'data', value: `fingerprint ${conditions.data.slice(0, 12)}` },
  ];
}

function describeEnvironment(
  { conditions }: Checkpoint,
  description: RunDescription | undefined,
  machine: EvaluationMachine | undefined,
): readonly Setting[] {
  const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const known: readonly (readonly [string, string | undefined])[] = [
    ['unetc', conditions.unetc],
    ['TensorFlow.js', conditions.tensorflow],
    ['engine', description?.engine ?? conditions.engine],
    ['Node.js', description?.node],
    ['spec', description?.spec],
    ['data', description?.data],
    ['weights at the start', description?.weights?.file],
    ['evaluated on', machine?.system],
    ['processor', machine && `${machine.processor}, ${machine.cores} cores`],
    ['memory', machine && gibibytes(machine.bytes)],
  ];
  return known.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
