import type { TrainRecipe } from '../../../ir/recipe.js';
import { affineSize, residueOf, type AxisAnalysis } from '../../../ir/sizes/analysis.js';
import { numberOf } from './losses/options.js';
import type { WholeImages, WindowAxis } from './script/predict.js';
import { scaleOf } from './script/predict.js';
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
  const node = graph.outputs.find((output) => output.name === main.name)!.node;
  const [given, across] = windowOf(recipe);
  const height = windowAxis(sizes.height, node, given, main.judgesImages);
  const width = windowAxis(sizes.width, node, across, main.judgesImages);
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

function windowAxis(axis: AxisAnalysis, node: number, input: number, isWhole: boolean): WindowAxis {
  const legal = residueOf(axis, input);
  if (isWhole || legal === undefined) return { input, cover: input };
  const { scale, offset } = affineSize(axis, legal, node);
  const size = scale * input + offset;
  return { input, cover: Math.min(input, Math.round(size / scaleOf(axis, node))) };
}
