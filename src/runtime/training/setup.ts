import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { checkDepth } from '../../codegen/tfjs/check-depth.js';
import { mainHead } from '../../ir/graph-heads.js';
import { lintLastBatch } from '../../frontend/lints/lint-norms.js';
import { atFile } from '../data/at-file.js';
import type { ImageValues } from '../data/check-brightness.js';
import { inspectDataset, type Dataset, type DataSplit } from '../data/dataset.js';
import type { SplitName } from '../data/folder.js';
import type { MaskEncoding } from '../data/mask-encoding.js';
import { checkSizePolicy } from '../../ir/sizes/size-policy.js';
import type { SplitSummary } from '../data/summary.js';
import { readOutputs } from '../losses/head.js';
import { weightMapsOfAll } from '../losses/loss-terms.js';
import { areEqual } from '../../ir/sizes/check-averages.js';
import { needsObjects } from '../data/target-files.js';
import { targetRules } from './target-rules.js';
import { needsPlaces } from '../../ir/metric-options.js';
import type { NetworkInterface } from './network-interface.js';
import type { CompiledRun } from './run-spec.js';

/** Reports networks that folders of images and masks cannot train. */
export function checkNetwork({ model, recipe }: CompiledRun): readonly Diagnostic[] {
  const reporter = new Reporter();
  const { graph } = model;
  if (graph.inputs.length !== 1) {
    const inputs = graph.inputs.map(({ name }) => `"${name}"`).join(', ');
    const parameters = { model: graph.model, inputs };
    reporter.report('inputs-too-many', parameters, { at: recipe.origin });
    return reporter.diagnostics;
  }
  const outputs = readOutputs(graph, recipe.losses);
  const main = outputs.find(({ head }) => head.name === mainHead(graph).name)!;
  const ofPixels = outputs.filter(({ head }) => !head.classifiesImages);
  const [first, ...others] = ofPixels.filter(
    ({ owner }) => recipe.data.targets[owner] === undefined,
  );
  const originOf = (name: string) => graph.outputs.find((output) => output.name === name)!.origin;
  const odd = others.find(({ head }) => head.channels !== first!.head.channels);
  if (odd !== undefined) {
    const parameters = { first: first!.head.name, second: odd.head.name };
    const help = [
      `Give one of them a target of its own: target ${odd.owner}: masks("{part}/others").`,
    ];
    reporter.report('heads-differ', parameters, { at: originOf(odd.head.name), help });
  }
  for (const name of Object.keys(recipe.data.targets)) {
    const own = graph.outputs.find((output) => output.name === name)!;
    const of = graph.outputs.find((output) => output.name === main.head.name)!;
    if (areEqual(model.sizes, of.node, own.node)) continue;
    const parameters = { head: name, main: main.head.name };
    reporter.report('target-size-differs', parameters, { at: own.origin });
  }
  const classes = main.head.classCount;
  for (const { head } of outputs) {
    if (!head.classifiesImages || head.channels === 1 || head.channels === classes) continue;
    const parameters = { head: head.name, channels: head.channels, classes };
    reporter.report('image-head-channels', parameters, { at: originOf(head.name) });
  }
  for (const { name, origin } of main.head.classifiesImages ? recipe.metrics : []) {
    if (!needsPlaces(name)) continue;
    const parameters = { metric: name, head: main.head.name };
    const help = ['Take it out of "metrics"; the others count images in place of pixels.'];
    reporter.report('metric-needs-pixels', parameters, { at: origin, help });
  }
  return [...reporter.diagnostics, ...checkDepth(graph, recipe.origin)];
}

/** The data of a run, all of it inspected. */
export interface RunData {
  readonly training: DataSplit;
  readonly validation: DataSplit;
  readonly encoding: MaskEncoding;
  readonly summaries: readonly SplitSummary[];
}

/**
 * Inspects the training and validation images of a folder: whatever could go
 * wrong with them later is reported here, before anything is written. Of no use
 * where the signal ends it early.
 *
 * @param inspect reads the files; another one where several runs share a reading.
 */
export async function openRunData(
  folder: string,
  run: CompiledRun,
  network: NetworkInterface,
  encoding: MaskEncoding | undefined,
  signal?: AbortSignal,
  inspect: typeof inspectDataset = inspectDataset,
): Promise<Result<RunData | undefined>> {
  const { value, diagnostics } = await openDataset(
    folder,
    { splits: ['train', 'val'], trained: ['train'] },
    run,
    network,
    encoding,
    signal,
    inspect,
  );
  if (value === undefined) return { value, diagnostics };
  const training = value.splits.get('train')!;
  const validation = value.splits.get('val')!;
  const reporter = new Reporter();
  const { batch } = run.recipe;
  if (training.pairs.length < batch) {
    const parameters = { images: training.pairs.length, batch };
    const help = ['Fewer images than a batch train slowly; "--batch" sets another size.'];
    reporter.report('fewer-images-than-batch', parameters, { at: atFile(folder), help });
  }
  const { graph, sizes } = run.model;
  reporter.add(lintLastBatch(graph, sizes, run.recipe, training.pairs.length));
  return {
    value: { training, validation, encoding: value.encoding, summaries: value.summaries },
    diagnostics: [...diagnostics, ...reporter.diagnostics],
  };
}

/** Inspects splits of a data set, sizes included; undefined when a problem was found. */
export async function openDataset(
  ...options: Parameters<typeof inspectFor>
): Promise<Result<Dataset | undefined>> {
  const { value, diagnostics } = await inspectFor(...options);
  return { value: hasErrors(diagnostics) ? undefined : value, diagnostics };
}

/** The parts of a data set that are looked at. */
export interface InspectedSplits {
  readonly splits: readonly SplitName[];
  /** Those that are trained on, whose images the recipe's sizes must cover. Others are cut where they are larger. */
  readonly trained: readonly SplitName[];
  /** What the images held that the network was trained on before, as `checkImages` takes it. */
  readonly seenBefore?: readonly ImageValues[] | undefined;
  /** Whether masks of instances are read also where no weight map needs them. */
  readonly wantsInstances?: boolean;
}

/** Inspects splits of a data set for a network, sizes included; the value holds what is sound. */
export async function inspectFor(
  folder: string,
  { splits, trained, seenBefore, wantsInstances = false }: InspectedSplits,
  { recipe, model }: CompiledRun,
  { head, channels, sizes, policy, scaling }: NetworkInterface,
  encoding: MaskEncoding | undefined,
  signal?: AbortSignal,
  inspect: typeof inspectDataset = inspectDataset,
): Promise<Result<Dataset>> {
  const { value, diagnostics } = await inspect(folder, {
    splits,
    source: recipe.data,
    classCount: head.classCount,
    classifiesImages: head.classifiesImages,
    inputChannels: channels,
    range: scaling.range,
    classNames: recipe.classes,
    isMeasured: scaling.statistics === undefined || recipe.scaling.name === 'normalize',
    colours: recipe.colours,
    ignore: recipe.ignore,
    borderWidth: recipe.borderWidth,
    targets: targetRules(model.graph, recipe.data.targets),
    instances:
      wantsInstances ||
      weightMapsOfAll(recipe.losses).length > 0 ||
      needsObjects(recipe.data.targets),
    encoding,
    signal,
    trained: seenBefore,
  });
  const images = trained.flatMap((name) => value.splits.get(name)?.pairs ?? []);
  const misfits = checkSizePolicy(policy, sizes, images, recipe.sizes.origin);
  return { value, diagnostics: [...diagnostics, ...misfits] };
}
