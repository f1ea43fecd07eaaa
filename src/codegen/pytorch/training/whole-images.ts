import { mainHead, mainOutputOf } from '../../../ir/graph-heads.js';
import type { AxisAnalysis } from '../../../ir/sizes/analysis.js';
import { axisGeometry, type AxisGeometry } from '../../../ir/sizes/geometry.js';
import { readSizePolicy } from '../../../ir/sizes/size-policy.js';
import { axisSizes } from '../../../ir/sizes/sizes.js';
import type { TrainedModel } from './trained-model.js';

/**
 * How images are validated: at once, mirrored around to legal sizes; resized; or in tiles, of
 * which the network sees one after the other.
 */
export type WholeImages =
  | { readonly kind: 'padded' }
  | { readonly kind: 'resized' }
  | {
      readonly kind: 'tiles';
      readonly height: AxisGeometry;
      readonly width: AxisGeometry;
      /** Pixels that neighbours share. */
      readonly overlap: number;
    };

/**
 * How the images of a recipe are validated, as `predict` of unetc has it: crops are for
 * training alone, unless the network takes no larger images. Sizes of the recipe are legal.
 */
export function wholeImages({ graph, sizes, recipe }: TrainedModel): WholeImages {
  const policy = readSizePolicy(recipe.sizes);
  if (policy.kind === 'resize') return { kind: 'resized' };
  const takesAll = isUnbounded(sizes.height) && isUnbounded(sizes.width);
  if (policy.kind === 'pad' || (policy.kind === 'crop' && takesAll)) return { kind: 'padded' };
  const { name } = mainOutputOf(graph, mainHead(graph));
  const height = axisGeometry(axisSizes(graph, sizes.height), name, policy.height);
  const width = axisGeometry(axisSizes(graph, sizes.width), name, policy.width);
  const overlap =
    policy.kind === 'tile' ? policy.overlap : Math.min(height.cover, width.cover) >> 2;
  return { kind: 'tiles', height, width, overlap };
}

/** Whether there is a legal size above every size. */
const isUnbounded = ({ input, residues }: AxisAnalysis): boolean =>
  typeof input !== 'number' && residues.some(({ maximum }) => maximum === Infinity);
