import { describeSize, type AxisGeometry, type PlaneSizes } from '../../ir/sizes/geometry.js';
import type { SizePolicy } from '../../ir/sizes/size-policy.js';

/** Pixels along both axes. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** What is told of a plan. */
interface PlanFacts {
  readonly image: Size;
  readonly canvas: Size;
  readonly vertical: AxisGeometry;
  readonly horizontal: AxisGeometry;
  readonly fade: Size;
  readonly windowCount: number;
}

/** What a plan does to an image, in one sentence without a final period. */
export function describePlan(
  plan: PlanFacts,
  policy: SizePolicy,
  { classifiesImages }: PlaneSizes,
): string {
  const { image, canvas, vertical, horizontal, windowCount } = plan;
  const from = describeSize(image.height, image.width);
  const input = describeSize(vertical.input, horizontal.input);
  // A classification of the whole image is not laid over it.
  const isScaled =
    !classifiesImages &&
    (vertical.output !== vertical.cover || horizontal.output !== horizontal.cover);
  const output = describeSize(vertical.output, horizontal.output);
  const scaled = isScaled ? `, each output of ${output} resized to the part it stands for` : '';
  if (windowCount > 1) {
    const { height, width } = plan.fade;
    const fade = height === width || width === 0 ? height : height === 0 ? width : undefined;
    const how = classifiesImages ? 'which overlap by' : 'blended over';
    const pixels = `${how} ${fade ?? `${width} and ${height}`} pixels`;
    return `cut ${from} into ${windowCount} tiles of ${input}, ${pixels}${scaled}`;
  }
  if (policy.kind === 'resize') {
    const same = image.height === canvas.height && image.width === canvas.width;
    const resized = describeSize(canvas.height, canvas.width);
    const mirrored = vertical.margin > 0 || horizontal.margin > 0;
    const padded = mirrored ? `, padded to ${input} by reflection` : '';
    if (same) return `took ${from} as it is${padded}${scaled}`;
    const back = classifiesImages ? '' : ', output resized back';
    return `resized ${from} to ${resized}${padded}${back}${scaled}`;
  }
  if (image.height === vertical.input && image.width === horizontal.input) {
    return `took ${from} as it is${scaled}`;
  }
  const isCropped =
    !classifiesImages && (image.height < vertical.cover || image.width < horizontal.cover);
  const back = isCropped ? ', output cropped back' : '';
  return `padded ${from} to ${input} by reflection${back}${scaled}`;
}
