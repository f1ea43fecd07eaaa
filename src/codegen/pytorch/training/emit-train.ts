import { textTargets } from '../../text-targets.js';
import type { EmitSource } from '../../typescript/emit.js';
import { head } from '../../python/file-text.js';
import { docstring, stringText } from '../../python/docstring.js';
import { printNumber } from '../../python/formulas.js';
import { layOut } from '../../python/layout.js';
import { batchNormLines, trainedNorms } from './batch-norms.js';
import { writeLosses } from './losses/write-losses.js';
import { describeLoss } from './losses/terms.js';
import { numberOf } from './losses/options.js';
import { writeMetrics } from './metrics/write-metrics.js';
import { optimizerLines } from './optimizer.js';
import { plateauLines, rateLines } from './schedule.js';
import { argumentLines } from './script/arguments.js';
import { files } from './script/files.js';
import { importLines } from './script/imports.js';
import { main } from './script/main.js';
import { predictLines } from './script/predict.js';
import { runLines, type RunWords } from './script/run.js';
import { sharing } from './script/shared.js';
import { stepLines } from './script/steps.js';
import { validationLines } from './script/validation.js';
import type { Training } from './trained-model.js';
import { wholeImages } from './whole-images.js';

/**
 * The script that trains a model as its recipe says: one Python file beside the model's
 * and beside `data.py`, laid out as ruff's formatter leaves it. Equal input gives equal bytes.
 *
 * @param module what Python imports the model from.
 */
export function emitTrain(training: Training, module: string, source: EmitSource): string {
  const { model, names, outputs, planes } = training;
  const network = isTaken(names.className) ? 'Network' : names.className;
  const losses = writeLosses(training);
  const metrics = writeMetrics(training);
  const norms = trainedNorms(training);
  const hasDropout = model.graph.nodes.some(
    ({ op, isFrozen }) => op.kind === 'dropout' && !isFrozen,
  );
  const words: RunWords = {
    network,
    parts: `image, mask${planes > 0 ? ', maps' : ''}`,
    hasBatchNorms: norms !== undefined,
  };
  const run = [
    runLines(words, training),
    stepLines(words, training, hasDropout),
    validationLines(words, { loss: losses.ofMain, rows: metrics.rows }, training),
  ].join('\n');
  const sections = [
    constantLines(training).join('\n'),
    ...losses.functions.map((lines) => lines.join('\n')),
    sharing,
    ...(norms === undefined ? [] : batchNormLines(norms)).map((lines) => lines.join('\n')),
    optimizerLines(model.recipe.optimizer).join('\n'),
    rateLines(model.recipe.schedule).join('\n'),
    ...predictLines(training, network, wholeImages(model)).map((lines) => lines.join('\n')),
    ...metrics.functions.map((lines) => lines.join('\n')),
    run.trimEnd(),
    ...plateauLines(model.recipe.schedule).map((lines) => lines.join('\n')),
    files,
    ...argumentLines(names.className, model.recipe.accumulate).map((lines) => lines.join('\n')),
    main,
  ];
  const body = sections.join('\n\n\n');
  const imported = [
    ...(norms?.keras === undefined ? [] : [norms.keras]),
    ...(model.recipe.classes === undefined ? [] : [names.classNames]),
    ...(outputs.length === 1 ? [] : [names.outputsName!]),
    network === names.className ? network : `${names.className} as ${network}`,
  ];
  return [
    head(textTargets.pytorch.firstWords, source),
    ...docstring(0, description(training)),
    '',
    ...importLines(body, module, imported),
    '',
    body,
    '',
  ].join('\n');
}

function description({ names, model: { recipe } }: Training): readonly string[] {
  const losses = [...new Set(Object.values(recipe.losses).map(describeLoss))];
  const loss = losses.join('; ');
  return [
    `Trains ${names.className}.`,
    `Loss: ${loss}. Optimizer: ${recipe.optimizer.name}, schedule: ${recipe.schedule.name}.`,
    [
      '    python train.py --data DATA --out RUN',
      '    torchrun --nproc-per-node 2 train.py --data DATA --out RUN',
    ].join('\n'),
    'DATA holds images and masks, as data.py reads them; RUN is a new folder. A signal to stop ends the step under way and saves; the same command with --resume goes on from there.',
  ];
}

/** Numbers of the recipe, and what the file keeps. */
function constantLines({ model: { recipe }, outputs }: Training): readonly string[] {
  const list = (texts: readonly string[]): string =>
    `(${texts.join(', ')}${texts.length === 1 ? ',' : ''})`;
  return [
    `EPOCHS, BATCH, SEED = ${recipe.epochs}, ${recipe.batch}, ${recipe.seed}`,
    `LEARNING_RATE = ${printNumber(numberOf(recipe.optimizer, 'lr'))}`,
    ...(recipe.ema === undefined ? [] : [`EMA = ${printNumber(recipe.ema)}`]),
    ...(recipe.patience === undefined ? [] : [`PATIENCE = ${recipe.patience}`]),
    ...(outputs.length === 1
      ? []
      : [
          ...layOut(0, `OUTPUTS = ${list(outputs.map(({ name }) => stringText(name)))}`),
          ...layOut(0, `WEIGHTS = ${list(outputs.map(({ weight }) => printNumber(weight)))}`),
        ]),
    'COUNTS = "num_batches_tracked"',
    'stops: list[int] = []',
    '"""Signals to stop that have come."""',
    '',
    '',
    'class Metric(TypedDict):',
    '    mean: float | None',
    '    classes: list[float | None]',
  ];
}

/** Whether a model is called as something of the script. */
const isTaken = (name: string): boolean => ownNames.has(name);

const ownNames: ReadonlySet<string> = new Set(
  (
    'Any Callable DataLoader DistributedDataParallel EPOCHS BATCH SEED LEARNING_RATE EMA PATIENCE OUTPUTS WEIGHTS COUNTS SafetensorError ' +
    'F DataError IGNORED Images Metric NamedTuple Order Path Progress Run Sum Tensor Tile TypedDict'
  ).split(' '),
);
