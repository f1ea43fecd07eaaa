import type { TrainRecipe } from '../../../ir/recipe.js';
import { axisGeometry } from '../../../ir/sizes/geometry.js';
import { axisSizes } from '../../../ir/sizes/sizes.js';
import { numberOf } from './losses/options.js';
import type { WholeImages } from './script/predict.js';
import type { Training } from './trained-model.js';

/**
 * How images are validated, as `predict` of unetc has it: whole, mirrored around; resized;
 * or in tiles, also where a network that is trained on crops takes no larger images.
 */
export function wholeImages({ model: { graph, sizes, recipe }, main }: Training): WholeImages {
  const { name } = recipe.sizes;
  if (name === 'resize') return { kind: 'resized' };
  const goesOn = [sizes.height, sizes.width].every(({ residues }) =>
    residues.some(({ maximum }) => maximum === Infinity),
  );
  if (name === 'pad' || (name === 'crop' && goesOn)) return { kind: 'at once' };
  const [input, across] = windowOf(recipe);
  const height = axisGeometry(axisSizes(graph, sizes.height), main.name, input);
  const width = axisGeometry(axisSizes(graph, sizes.width), main.name, across);
  const overlap =
    name === 'tile' ? numberOf(recipe.sizes, 'overlap') : Math.min(height.cover, width.cover) >> 2;
  return { kind: 'tiles', height, width, overlap };
}

/** Height and width that the recipe's policy names. */
function windowOf({ sizes }: TrainRecipe): readonly [number, number] {
  const { size } = sizes.options;
  const [height, width] = (Array.isArray(size) ? size : [size, size]) as [unknown, unknown];
  if (typeof height !== 'number' || typeof width !== 'number') {
    throw new Error(`"${sizes.name}" without the option "size"`);
  }
  return [height, width];
}
