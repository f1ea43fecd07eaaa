import { costOf } from '../../ir/reports/cost.js';
import { walkSizes } from '../../ir/sizes/concrete.js';
import { readSizePolicy } from '../../ir/sizes/size-policy.js';
import type { AxisAnalysis } from '../../ir/sizes/analysis.js';
import { exampleSize, legalAtLeast } from '../../ir/sizes/sizes.js';
import type { CompiledRun } from '../../runtime/training/run-spec.js';

/** What an engine is to do. */
export interface Work {
  readonly kind: 'training' | 'prediction';
  /** Multiply-adds of convolutions, forward: of one batch in training, of one image in prediction. */
  readonly multiplyAdds: number;
}

/** Side of images where the recipe does not say how large they are, in pixels. */
const usual = 256;

/**
 * The work of a run, before any image is read: images are as large as the recipe cuts
 * them, or `usual` pixels to a side.
 */
export function workOfRun({ model, recipe }: CompiledRun, kind: Work['kind']): Work {
  const policy = readSizePolicy(recipe.sizes);
  const wanted = policy.kind === 'pad' ? { height: usual, width: usual } : policy;
  const { graph, sizes } = model;
  const legal = (axis: AxisAnalysis, size: number): number =>
    legalAtLeast(axis, size) ?? exampleSize(axis) ?? size;
  const height = legal(sizes.height, wanted.height);
  const { heights, widths } = walkSizes(graph, height, legal(sizes.width, wanted.width));
  const { macs } = costOf(graph, heights, widths);
  return { kind, multiplyAdds: kind === 'training' ? macs * recipe.batch : macs };
}
