import { resolve } from 'node:path';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { nameOfClass } from '../../runtime/data/class-names.js';
import type { MetricValues } from '../../runtime/metrics/metric-set.js';
import type { ObjectScores } from '../../runtime/instances/object-counter.js';
import type { Evaluation } from '../../runtime/prediction/evaluate.js';
import type { EvaluateSplitOptions } from '../../runtime/prediction/evaluate-split.js';
import type { TrainedNetwork } from '../../runtime/prediction/trained-network.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../context.js';
import { startChosenEngine } from '../engine-options.js';
import { reportDiagnostics, reportUsage } from '../report.js';
import { checkTiles, readTiles, tileOption } from '../tile-option.js';
import { showTiles } from '../tile-progress.js';
import { renderColumns } from '../table.js';
import { checkNetworksWishes, networksArgument, openNetworks } from '../several-networks.js';
import { networkOptions, type OpenedNetwork } from '../trained-network.js';

/** `unetc eval RUN|SPEC --data DIR`: how well a trained network paints known masks. */
export const evalCommand = defineCommand({
  name: 'eval',
  description:
    'Predicts the images of a folder as "predict" does and compares them with their masks.\n' +
    'DIR holds val/{images,masks}, or images and masks alone. Metrics come for each image, for\n' +
    'each class, and over all pixels together. Of several runs, or of a sweep, the mean of the\n' +
    'probabilities is measured.',
  arguments: [networksArgument],
  options: {
    data: { kind: 'text', value: 'DIR', required: true, help: 'the folder of images and masks' },
    split: {
      kind: 'choice',
      choices: ['val', 'train', 'all'],
      help: 'which part of DIR to take, val unless given',
    },
    tile: tileOption,
    ...networkOptions,
    json: { kind: 'flag', help: 'print one JSON object on stdout' },
  },
  examples: [{ call: 'unetc eval runs/cells --data cells --json', remark: 'for a script' }],
  async run({ arguments: given, options }, context) {
    const tiles = readTiles(options.tile);
    if ('diagnostics' in tiles) return reportUsage(tiles.diagnostics, context, 'eval');
    const odd = checkNetworksWishes(given, options, context);
    if (odd.length > 0) return reportUsage(odd, context, 'eval');
    const opened = await openNetworks(given, options, context);
    if (opened === undefined) return 1;
    const { trained, engine } = opened;
    if (opened.engineName === 'onnx') {
      // Losses are computed where networks train.
      const losses = await startChosenEngine({ engine: 'wasm', threads: undefined }, context);
      if (losses === undefined) return 1;
    }
    const unfit = await checkTiles(tiles.tiles, trained);
    if (unfit.length > 0) return reportUsage(unfit, context, 'eval');
    const data = resolve(context.folder, options.data);
    const { split = 'val', json: isQuiet } = options;
    const wanted = { split, engine, ...tiles, tta: options.tta, isQuiet };
    const evaluation = await evaluateFolder(trained, data, wanted, context);
    if (evaluation === undefined) return 1;
    if (options.json) context.stdout.json(await toJson(opened, options, evaluation));
    else context.stdout.write(renderEvaluation(evaluation, trained.run.recipe.classes));
    return hasErrors(evaluation.diagnostics) ? 1 : 0;
  },
});

interface EvaluationWishes extends Pick<EvaluateSplitOptions, 'engine' | 'tiles' | 'tta'> {
  readonly split: 'val' | 'train' | 'all';
  /** Whether no progress is shown. */
  readonly isQuiet: boolean;
}

async function evaluateFolder(
  trained: TrainedNetwork,
  data: string,
  { split: wanted, isQuiet, ...wishes }: EvaluationWishes,
  context: CommandContext,
): Promise<Evaluation | undefined> {
  const { detectLayout } = await import('../../runtime/data/find-pairs.js');
  const { shardsIn } = await import('../../runtime/data/shards/find-shards.js');
  const { evaluateSplit } = await import('../../runtime/prediction/evaluate-split.js');
  const isFlat = wanted === 'all' || detectLayout(data, trained.run.recipe.data) === 'flat';
  const split = isFlat ? 'flat' : wanted;
  const { stderr } = context;
  const rule = trained.run.recipe.data.split.kind;
  // Of a folder that was not trained on, a part is hardly what is meant; shards say theirs.
  const isDrawn = rule !== 'folders' && wanted !== 'all' && !shardsIn(data).has(wanted);
  if (!isFlat && isDrawn) {
    stderr.line(`takes "${split}" of the recipe's split "${rule}"; "--split all" takes all pairs`);
  }
  let onTile = showTiles(stderr, 'image 1');
  const watch: EvaluateSplitOptions = isQuiet
    ? {}
    : {
        onImage: (done, total) => {
          stderr.status(`${done}/${total} images`);
          onTile = showTiles(stderr, `image ${done + 1}/${total}`);
        },
        onTile: (...counts) => onTile(...counts),
      };
  const { value, diagnostics } = await evaluateSplit(trained, data, split, {
    ...watch,
    ...wishes,
  });
  stderr.status('');
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  return value;
}

function renderEvaluation(
  { loss, metrics, images, others, targets, objects }: Evaluation,
  classNames: readonly string[] | undefined,
): string {
  const names = [...metrics.keys()];
  const means = (values: MetricValues): readonly string[] =>
    names.map((name) => values.get(name)!.mean?.toFixed(4) ?? '-');
  const classCount = [...metrics.values()][0]?.classes.length ?? 0;
  const classes = Array.from({ length: classCount }, (_, c) => [
    nameOfClass(c, classNames),
    '',
    ...names.map((name) => metrics.get(name)!.classes[c]?.toFixed(4) ?? '-'),
  ]);
  const rows = [
    ['image', 'loss', ...names],
    ...images.map((image) => [image.name, image.loss?.toFixed(4) ?? '-', ...means(image.metrics)]),
    [''],
    ...classes,
    [`all ${images.length}`, loss?.toFixed(4) ?? '-', ...means(metrics)],
    ...[...others].map(([name, values]) => [name, '', ...means(values)]),
  ];
  const table = renderColumns(rows, ['left', 'right', ...names.map(() => 'right' as const)]);
  const changed = new Set(
    images.map(({ description }) => description).filter((text) => !text.endsWith('as it is')),
  );
  return (
    table +
    renderTargets(targets) +
    renderObjects(objects) +
    [...changed].map((text) => `${text}\n`).join('')
  );
}

/** How heads with targets of their own are, a line each: all values, and by channel where there are several. */
function renderTargets(targets: Evaluation['targets']): string {
  return [...targets]
    .map(([head, values]) => {
      const parts = [...values].map(([name, { mean, classes }]) => {
        const own = classes.map((value) => value?.toFixed(4) ?? '-').join(', ');
        return `${name} ${mean?.toFixed(4) ?? '-'}${classes.length > 1 ? ` (${own})` : ''}`;
      });
      return `${head}: ${parts.join('; ')}\n`;
    })
    .join('');
}

/** How the objects were found, in one line; nothing where the recipe tells none apart. */
function renderObjects(scores: ObjectScores | undefined): string {
  if (scores === undefined) return '';
  const { true: there, found, ap50, ap, pq, dice } = scores;
  if (ap50 === undefined) return 'objects: none are known, and none were compared\n';
  const known = Object.entries({ 'AP at 0.5': ap50, 'AP 0.5 to 0.95': ap, PQ: pq, dice });
  const values = known.map(([name, value]) => `${name} ${value?.toFixed(4) ?? '-'}`).join(', ');
  return `objects: ${found} found, ${there} there; ${values}\n`;
}

async function toJson(
  { trained: { run }, origin }: OpenedNetwork,
  { data, tta }: { readonly data: string; readonly tta: EvaluateSplitOptions['tta'] },
  { loss, metrics, images, others, targets, objects }: Evaluation,
): Promise<unknown> {
  const { logMetrics, logTargets } = await import('../../runtime/runs/log-entry.js');
  return {
    ...origin,
    data,
    ...(tta && { tta }),
    ...(run.recipe.classes && { classes: run.recipe.classes }),
    loss: loss ?? null,
    metrics: logMetrics(metrics),
    ...(objects && { objects: withNulls(objects) }),
    outputs: Object.fromEntries([...others].map(([name, values]) => [name, logMetrics(values)])),
    ...logTargets(targets),
    images: images.map((image) => ({
      name: image.name,
      loss: image.loss ?? null,
      metrics: logMetrics(image.metrics),
      ...logTargets(image.targets),
      ...(image.objects && { objects: withNulls(image.objects) }),
      sizes: image.description,
    })),
  };
}

/** `null` stands for what has no value. */
const withNulls = (scores: ObjectScores): Readonly<Record<string, number | null>> =>
  Object.fromEntries(
    Object.entries(scores).map(([name, value]) => [name, (value as number | undefined) ?? null]),
  );
