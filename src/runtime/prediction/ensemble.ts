import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { nowhere } from '../../diagnostics/source.js';
import type { PlaneSizes } from '../../ir/sizes/geometry.js';
import type { SizePolicy } from '../../ir/sizes/size-policy.js';
import type { ImageValues } from '../data/check-brightness.js';
import { readListing } from '../runs/data-listing.js';
import { commonSizes, commonTiling } from './common-sizes.js';
import type { TrainedRun } from './open-run.js';
import {
  preparedNetwork,
  type FoundInData,
  type PreparedNetwork,
  type TrainedNetwork,
} from './trained-network.js';
import type { WindowNetwork } from './window-network.js';

/**
 * Several runs as one network, whose probabilities are the mean of theirs. Masks, objects and
 * metrics are made of the mean, by the recipe of the first run; a threshold that was found is the
 * mean of theirs. All weights are loaded; every window of an image runs through one network after
 * the other. Undefined, with the first two that differ, where they do not belong together.
 */
export async function ensembleOf(
  runs: readonly TrainedRun[],
): Promise<Result<TrainedNetwork | undefined>> {
  const [first, ...others] = runs;
  for (const other of others) {
    const difference = differenceOf(first!, other);
    if (difference !== undefined) return { value: undefined, diagnostics: [difference] };
  }
  const sizes = commonSizes(runs.map(({ network }) => network.sizes));
  const policy = commonPolicy(runs);
  if (sizes === undefined || policy === undefined) {
    const what = sizes === undefined ? 'sizes of images' : 'ways to bring images to their size';
    return { value: undefined, diagnostics: [differ(first!, runs.at(-1)!, what)] };
  }
  const found = await foundBy(runs);
  return { value: joined(runs, { sizes, policy, found }), diagnostics: [] };
}

/** What runs must agree in to predict together. */
const agreements: readonly (readonly [what: string, of: (run: TrainedRun) => unknown])[] = [
  ['channels of the input', ({ network }) => network.channels],
  ['classes', ({ network: { head } }) => [head.channels, head.activation, head.classifiesImages]],
  ['names of classes', ({ run }) => run.recipe.classes],
  ['colours of classes', ({ run }) => run.recipe.colours],
  ['scalings of images', ({ network }) => network.scaling],
  ['targets of heads', ({ run }) => run.recipe.data.targets],
  ['steps of post-processing', ({ run }) => run.recipe.post],
];

function differenceOf(first: TrainedRun, other: TrainedRun): Diagnostic | undefined {
  const found = agreements.find(([, of]) => !isDeepStrictEqual(of(first), of(other)));
  return found && differ(first, other, found[0]);
}

function differ(
  { folder: first }: TrainedRun,
  { folder: second }: TrainedRun,
  what: string,
): Diagnostic {
  const help = ['Predict with each of them, into folders of their own.'];
  return createDiagnostic('ensemble-differs', { first, second, what }, { at: nowhere, help });
}

/** The policy of all; crops and padding both take whole images, padded. */
function commonPolicy(runs: readonly TrainedRun[]): SizePolicy | undefined {
  const policies = runs.map(({ network }) => network.policy);
  const [first] = policies;
  if (policies.every((policy) => isDeepStrictEqual(policy, first))) return first;
  return policies.every(({ kind }) => kind === 'pad' || kind === 'crop')
    ? { kind: 'pad' }
    : undefined;
}

async function foundBy(runs: readonly TrainedRun[]): Promise<FoundInData> {
  const [first] = runs;
  const thresholds = runs.flatMap(({ found }) => found.threshold ?? []);
  const isWhole = thresholds.length === runs.length;
  const mean = thresholds.reduce((sum, each) => sum + each, 0) / runs.length;
  const listings = await Promise.all(runs.map(({ folder }) => readListing(folder)));
  return {
    ...first!.found,
    images: valuesOf(runs),
    threshold: isWhole ? mean : undefined,
    trainedOn: new Set(listings.flatMap((each) => each?.train ?? []).map(({ image }) => image)),
  };
}

/** What the images of all trainings held, by depth; undefined where one does not say. */
function valuesOf(runs: readonly TrainedRun[]): readonly ImageValues[] | undefined {
  if (runs.some(({ found }) => found.images === undefined)) return undefined;
  const byDepth = new Map<ImageValues['depth'], ImageValues>();
  for (const { depth, low, high } of runs.flatMap(({ found }) => found.images ?? [])) {
    const before = byDepth.get(depth) ?? { low, high };
    byDepth.set(depth, {
      depth,
      low: Math.min(low, before.low),
      high: Math.max(high, before.high),
    });
  }
  return [...byDepth.values()];
}

/** What was settled for all. */
interface Common {
  readonly sizes: PlaneSizes;
  readonly policy: SizePolicy;
  readonly found: FoundInData;
}

function joined(runs: readonly TrainedRun[], { sizes, policy, found }: Common): TrainedNetwork {
  const [first] = runs;
  const network = { ...first!.network, sizes, policy };
  return preparedNetwork({ run: first!.run, network, found }, async (wishes) => {
    const ready: PreparedNetwork[] = [];
    try {
      // The mean is of what is predicted, and not of other outputs of a supervised head.
      for (const run of runs) ready.push(await run.prepare({ ...wishes, everyOutput: false }));
    } catch (error) {
      for (const { windows } of ready) windows.dispose();
      throw error;
    }
    const { predicted } = ready[0]!;
    const [windows, ...more] = ready.map((each) => withOutput(predicted.head.name, each));
    const tiling = commonTiling(ready.map((each) => each.tiling));
    return { predicted, windows: windows!, more, tiling };
  });
}

/** A network whose predicted output has another name. */
const withOutput = (name: string, { predicted, windows }: PreparedNetwork): WindowNetwork => ({
  run: async (inputs) => {
    const found = await windows.run(inputs);
    return new Map([...found, [name, found.get(predicted.head.name)!]]);
  },
  dispose: () => windows.dispose(),
});
