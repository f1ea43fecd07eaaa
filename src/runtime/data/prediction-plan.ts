import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import {
  axisGeometry,
  describeSize,
  geometryCovering,
  type AxisGeometry,
  type PlaneSizes,
} from '../../ir/sizes/geometry.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { hardEdges, placeBlended, type PlacedCover } from './placed-covers.js';
import { describePlan } from './describe-plan.js';
import { predictionPolicy } from './prediction-policy.js';
import { checkSizePolicy, type SizePolicy } from '../../ir/sizes/size-policy.js';
import { chooseTiles, type PlaneAxis, type TileChoice, type TilingRules } from './tiling.js';

/** A run of the network on a part of an image. All windows of a plan have one size. */
export interface PredictionWindow {
  /** Where the input starts on the canvas; negative or beyond the end: mirrored. */
  readonly top: number;
  readonly left: number;
  /** Where the part that the output stands for starts on the canvas. */
  readonly coverTop: number;
  readonly coverLeft: number;
}

/**
 * How the prediction for a whole image is put together. The canvas is the
 * image, resized under the policy `resize`; the windows' covers lie over all of it.
 */
export interface PredictionPlan {
  readonly image: { readonly height: number; readonly width: number };
  readonly canvas: { readonly height: number; readonly width: number };
  readonly vertical: AxisGeometry;
  readonly horizontal: AxisGeometry;
  /** Pixels over which neighbouring windows fade into each other. */
  readonly fade: { readonly height: number; readonly width: number };
  /** The places of the covers along both axes, with the weight of each row and column. */
  readonly rows: readonly PlacedCover[];
  readonly columns: readonly PlacedCover[];
  /** How many windows there are: one for each row and column. */
  readonly windowCount: number;
  /** One sentence without a final period: what is padded, resized, cut. */
  readonly description: string;
}

/**
 * Plans the prediction for an image, such that the stitched output has exactly
 * its size. `pad` runs once on the mirrored image; `resize` once on the
 * resized one; `tile` on overlapping tiles; `crop` as `predictionPolicy` says.
 * Given `rules`, an image that does not fit the memory, or for which tiles are
 * wanted, is cut as `chooseTiles` says, whatever the policy.
 */
export function planPrediction(
  height: number,
  width: number,
  trainingPolicy: SizePolicy,
  sizes: PlaneSizes,
  at: Span,
  rules?: TilingRules,
): Result<PredictionPlan | undefined> {
  const image = { height, width };
  const { wanted } = rules ?? {};
  const requested: SizePolicy =
    wanted === undefined
      ? trainingPolicy
      : { ...wanted, kind: 'tile', overlap: wanted.overlap ?? 0 };
  const mayCut = rules !== undefined && requested.kind === 'pad';
  const diagnostics = checkSizePolicy(requested, sizes, mayCut ? [] : [image], at);
  if (diagnostics.length > 0) return failed(diagnostics);
  const policy = wanted ? requested : predictionPolicy(trainingPolicy, sizes, [image]);
  const geometry = chooseGeometry(height, width, policy, sizes);
  const fits = ([{ input }, horizontal]: Both): boolean => {
    if (rules === undefined) return true;
    return (policy.kind === 'pad' ? rules.fits : rules.mayFit)(input, horizontal.input, width);
  };
  if (geometry !== undefined && wanted === undefined && fits(geometry)) {
    return { value: planByPolicy(image, policy, geometry, sizes), diagnostics };
  }
  if (policy.kind === 'resize' && geometry !== undefined) {
    const [{ input }, horizontal] = geometry;
    return failed([tooLarge(input, horizontal.input, at)]);
  }
  if (rules === undefined) return failed(diagnostics);
  const whole = chooseGeometry(height, width, { kind: 'pad' }, sizes);
  if (wanted !== undefined) {
    const [high, wide] = [
      Math.min(wanted.height, whole?.[0].input ?? wanted.height),
      Math.min(wanted.width, whole?.[1].input ?? wanted.width),
    ];
    if (!rules.mayFit(high, wide)) return failed([tilesTooLarge(high, wide, at)]);
  }
  if (wanted && whole && whole[0].input <= wanted.height && whole[1].input <= wanted.width) {
    return { value: planByPolicy(image, { kind: 'pad' }, whole, sizes), diagnostics };
  }
  const choice = chooseTiles(image, sizes, rules);
  const takesWhole =
    whole !== undefined &&
    rules.mayFit(whole[0].input, whole[1].input) &&
    (choice?.grid === undefined ||
      (choice.height >= whole[0].input && choice.width >= whole[1].input));
  if (wanted === undefined && takesWhole) {
    // Tiles that change the result are the last resort.
    return { value: planByPolicy(image, { kind: 'pad' }, whole, sizes), diagnostics };
  }
  if (choice === undefined) {
    const least = [sizes.height.legalAtLeast(1), sizes.width.legalAtLeast(1)];
    return failed([tooLarge(least[0] ?? 1, least[1] ?? 1, at)]);
  }
  return { value: planTiles(image, choice, whole, sizes, wanted === undefined), diagnostics };
}

type Both = readonly [AxisGeometry, AxisGeometry];

function tooLarge(height: number, width: number, at: Span): Diagnostic {
  const parameters = { size: describeSize(height, width) };
  const help = ['Take a network with fewer channels, or a machine with more memory.'];
  return createDiagnostic('prediction-exceeds-memory', parameters, { at, help });
}

function tilesTooLarge(height: number, width: number, at: Span): Diagnostic {
  const parameters = { size: describeSize(height, width) };
  const help = ['Smaller tiles take less; without "--tile" they are chosen by the memory.'];
  return createDiagnostic('tile-exceeds-memory', parameters, { at, help });
}

/** A plan of the policy itself. */
function planByPolicy(
  image: PredictionPlan['image'],
  policy: SizePolicy,
  [vertical, horizontal]: Both,
  sizes: PlaneSizes,
): PredictionPlan {
  const canvas =
    policy.kind === 'resize' ? { height: vertical.cover, width: horizontal.cover } : image;
  const overlap = policy.kind === 'tile' ? policy.overlap : 0;
  const rows = placeBlended(canvas.height, vertical.cover, overlap);
  const columns = placeBlended(canvas.width, horizontal.cover, overlap);
  const plan = assemble({ image, canvas, vertical, horizontal }, rows, columns);
  return { ...plan, description: describePlan(plan, policy, sizes) };
}

/** Tiles whose exact parts lie side by side, or blended ones. */
function planTiles(
  image: PredictionPlan['image'],
  choice: TileChoice,
  whole: Both | undefined,
  sizes: PlaneSizes,
  isForced: boolean,
): PredictionPlan {
  const { height, width, grid, overlap, reason } = choice;
  const vertical = axisGeometry(sizes.height, sizes.output, height);
  const horizontal = axisGeometry(sizes.width, sizes.output, width);
  // Where no input covers the image, memory is not the reason.
  const why = isForced && whole !== undefined ? ' to fit the memory' : '';
  if (grid === undefined || whole === undefined) {
    const rows = placeBlended(image.height, vertical.cover, overlap);
    const columns = placeBlended(image.width, horizontal.cover, overlap);
    const plan = assemble({ image, canvas: image, vertical, horizontal }, rows, columns);
    const policy: SizePolicy = { kind: 'tile', height, width, overlap };
    const isWhole = plan.windowCount === 1;
    const differs = reason === undefined || isWhole ? '' : `; not as the whole at once: ${reason}`;
    return { ...plan, description: `${describePlan(plan, policy, sizes)}${why}${differs}` };
  }
  const place = (axis: PlaneAxis, at: 0 | 1, tile: AxisGeometry): readonly PlacedCover[] => {
    const first = -Math.floor((whole[at].cover - image[axis]) / 2);
    return hardEdges(grid[axis], first, tile.cover);
  };
  const rows = place('height', 0, vertical);
  const columns = place('width', 1, horizontal);
  const plan = assemble({ image, canvas: image, vertical, horizontal }, rows, columns);
  const from = describeSize(image.height, image.width);
  const description = `cut ${from} into ${plan.windowCount} tiles of ${describeSize(height, width)}${why}, equal to the whole at once`;
  return { ...plan, description };
}

function assemble(
  parts: Pick<PredictionPlan, 'image' | 'canvas' | 'vertical' | 'horizontal'>,
  rows: readonly PlacedCover[],
  columns: readonly PlacedCover[],
): Omit<PredictionPlan, 'description'> {
  const { vertical, horizontal } = parts;
  const fade = {
    height: smallestOverlap(rows, vertical.cover),
    width: smallestOverlap(columns, horizontal.cover),
  };
  return { ...parts, fade, rows, columns, windowCount: rows.length * columns.length };
}

/** The windows of one row of a plan, from the left. They are made row by row: small tiles of a large image are many. */
export function* windowsOf(
  { columns, vertical, horizontal }: PredictionPlan,
  { start: coverTop }: PlacedCover,
): Generator<PredictionWindow> {
  for (const { start: coverLeft } of columns) {
    const [top, left] = [coverTop - vertical.margin, coverLeft - horizontal.margin];
    yield { top, left, coverTop, coverLeft };
  }
}

function failed(diagnostics: readonly Diagnostic[]): Result<undefined> {
  return { value: undefined, diagnostics };
}

function chooseGeometry(
  height: number,
  width: number,
  policy: SizePolicy,
  sizes: PlaneSizes,
): readonly [AxisGeometry, AxisGeometry] | undefined {
  if (policy.kind !== 'pad') {
    return [
      axisGeometry(sizes.height, sizes.output, policy.height),
      axisGeometry(sizes.width, sizes.output, policy.width),
    ];
  }
  const vertical = geometryCovering(sizes.height, sizes.output, height);
  const horizontal = geometryCovering(sizes.width, sizes.output, width);
  return vertical && horizontal && [vertical, horizontal];
}

function smallestOverlap(covers: readonly PlacedCover[], cover: number): number {
  if (covers.length < 2) return 0;
  const steps = covers.slice(1).map(({ start }, i) => start - covers[i]!.start);
  return cover - Math.max(...steps);
}
