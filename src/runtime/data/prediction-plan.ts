import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import {
  axisGeometry,
  describeSize,
  geometryCovering,
  type AxisGeometry,
  type PlaneSizes,
} from './geometry.js';
import { predictionPolicy } from './prediction-policy.js';
import { checkSizePolicy, type SizePolicy } from './size-policy.js';

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
  readonly windows: readonly PredictionWindow[];
  /** One sentence without a final period: what is padded, resized, cut. */
  readonly description: string;
}

/**
 * Plans the prediction for an image, such that the stitched output has exactly
 * its size. `pad` runs once on the mirrored image; `resize` once on the
 * resized one; `tile` on overlapping tiles; `crop` as `predictionPolicy` says.
 */
export function planPrediction(
  height: number,
  width: number,
  trainingPolicy: SizePolicy,
  sizes: PlaneSizes,
  at: Span,
): Result<PredictionPlan | undefined> {
  const image = { height, width };
  const diagnostics = checkSizePolicy(trainingPolicy, sizes, [image], at);
  if (diagnostics.length > 0) return failed(diagnostics);
  const policy = predictionPolicy(trainingPolicy, sizes, [image]);
  const geometry = chooseGeometry(height, width, policy, sizes);
  if (geometry === undefined) return failed(diagnostics);
  const [vertical, horizontal] = geometry;
  const canvas =
    policy.kind === 'resize'
      ? { height: vertical.cover, width: horizontal.cover }
      : { height, width };
  const overlap = policy.kind === 'tile' ? policy.overlap : 0;
  const tops = placeCovers(canvas.height, vertical.cover, overlap);
  const lefts = placeCovers(canvas.width, horizontal.cover, overlap);
  const windows = tops.flatMap((coverTop) =>
    lefts.map((coverLeft) => ({
      top: coverTop - vertical.margin,
      left: coverLeft - horizontal.margin,
      coverTop,
      coverLeft,
    })),
  );
  const fade = {
    height: smallestOverlap(tops, vertical.cover),
    width: smallestOverlap(lefts, horizontal.cover),
  };
  const plan = { image, canvas, vertical, horizontal, fade, windows };
  return { value: { ...plan, description: describePlan(plan, policy) }, diagnostics };
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

/** Evenly spread starts of covers that overlap by at least `overlap` pixels; one in the middle when it is enough. */
function placeCovers(size: number, cover: number, overlap: number): number[] {
  if (size <= cover) return [-Math.floor((cover - size) / 2)];
  const count = Math.ceil((size - overlap) / (cover - overlap));
  return Array.from({ length: count }, (_, i) => Math.round((i * (size - cover)) / (count - 1)));
}

function smallestOverlap(starts: readonly number[], cover: number): number {
  if (starts.length < 2) return 0;
  const steps = starts.slice(1).map((start, i) => start - starts[i]!);
  return cover - Math.max(...steps);
}

function describePlan(plan: Omit<PredictionPlan, 'description'>, policy: SizePolicy): string {
  const { image, canvas, vertical, horizontal, windows } = plan;
  const from = describeSize(image.height, image.width);
  const input = describeSize(vertical.input, horizontal.input);
  const isScaled = vertical.output !== vertical.cover || horizontal.output !== horizontal.cover;
  const output = describeSize(vertical.output, horizontal.output);
  const scaled = isScaled ? `, each output of ${output} resized to the part it stands for` : '';
  if (windows.length > 1) {
    const { height, width } = plan.fade;
    const fade = height === width || width === 0 ? height : height === 0 ? width : undefined;
    const blend = `blended over ${fade ?? `${width} and ${height}`} pixels`;
    return `cut ${from} into ${windows.length} tiles of ${input}, ${blend}${scaled}`;
  }
  if (policy.kind === 'resize') {
    const same = image.height === canvas.height && image.width === canvas.width;
    const resized = describeSize(canvas.height, canvas.width);
    const mirrored = vertical.margin > 0 || horizontal.margin > 0;
    const padded = mirrored ? `, padded to ${input} by reflection` : '';
    if (same) return `took ${from} as it is${padded}${scaled}`;
    return `resized ${from} to ${resized}${padded}, output resized back${scaled}`;
  }
  if (image.height === vertical.input && image.width === horizontal.input) {
    return `took ${from} as it is${scaled}`;
  }
  const isCropped = image.height < vertical.cover || image.width < horizontal.cover;
  const back = isCropped ? ', output cropped back' : '';
  return `padded ${from} to ${input} by reflection${back}${scaled}`;
}
