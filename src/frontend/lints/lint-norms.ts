import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { placeOf } from '../../ir/place.js';
import { imagesOfPart } from '../../ir/part-of-batch.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { affineSize, sizeAt, type AxisAnalysis } from '../../ir/sizes/analysis.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';

/** One step of training: how many images of which size. */
export interface StepShape {
  readonly images: number;
  /** Sizes of the network's input; undefined where they are not known. */
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  /** How it comes to such a step, as a sentence for people, where the spec alone does not tell. */
  readonly reason?: string;
}

/** What of a step of a recipe goes through the network together, as far as the spec tells its size. */
export function stepOf(recipe: TrainRecipe): StepShape {
  const images = imagesOfPart(recipe);
  const { size } = recipe.sizes.options;
  const [height, width] = (Array.isArray(size) ? size : [size, size]) as readonly unknown[];
  return typeof height === 'number' && typeof width === 'number'
    ? { images, height, width }
    : { images };
}

/**
 * Warns of normalisations over a single value: its mean is the value itself, so that
 * what flows in is lost. Batch normalisation does so in training alone, where the
 * batch is one image and the map one pixel; the others always.
 */
export function lintNorms(
  graph: Graph,
  sizes: SizeAnalysis,
  step: StepShape,
  nodes: readonly GraphNode[] = graph.nodes,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const reported = new Set<string>();
  for (const node of nodes) {
    const slice = sliceOf(node, step.images);
    if (slice === undefined) continue;
    const isPixel = isOne(sizes.height, node, step.height) && isOne(sizes.width, node, step.width);
    if (!slice.isOneOfAPixel || (!isPixel && !slice.isPerPixel)) continue;
    const at = placeOf(graph, node);
    const place = `${at.file}:${at.start}`;
    if (reported.has(place)) continue;
    reported.add(place);
    const source = graph.nodes[node.inputs[0]!]!;
    const isBatch = node.op.kind === 'batch_norm';
    reporter.report(
      'norm-of-one-value',
      { name: node.name, norm: operationWord(node.op), values: slice.values },
      {
        at,
        labels:
          source.origin.start === at.start || source.origin.file !== at.file
            ? []
            : [{ span: source.origin, text: `"${source.name}" arrives` }],
        notes: [
          ...(step.reason === undefined ? [] : [step.reason]),
          ...(isBatch
            ? ['After training, the running mean and variance make other values of the same input.']
            : []),
        ],
        help: [
          isBatch
            ? 'Train with another batch, or take the normalisation out behind the pooling.'
            : 'Take it out here, or normalise more values at once, as "layer_norm" does over channels.',
        ],
      },
    );
  }
  return reporter.diagnostics;
}

/**
 * Warns of batch normalisations that meet a single image although batches are larger,
 * since the last one of an epoch is what is left.
 *
 * @param images of the training set.
 */
export function lintLastBatch(
  graph: Graph,
  sizes: SizeAnalysis,
  recipe: TrainRecipe,
  images: number,
): readonly Diagnostic[] {
  const { batch } = recipe;
  if (batch === 1 || images % batch !== 1) return [];
  const reason = `${images} images in batches of ${batch} leave one image for the last batch.`;
  const nodes = graph.nodes.filter(({ op }) => op.kind === 'batch_norm');
  return lintNorms(graph, sizes, { ...stepOf(recipe), images: 1, reason }, nodes);
}

interface Slice {
  /** Whether one pixel of the map has a single value to normalise. */
  readonly isOneOfAPixel: boolean;
  /** Whether pixels are normalised apart, so that the size of the map does not matter. */
  readonly isPerPixel: boolean;
  /** The count in words. */
  readonly values: string;
}

function sliceOf({ op, channels, isFrozen }: GraphNode, images: number): Slice | undefined {
  switch (op.kind) {
    case 'batch_norm':
      // A frozen one works with what it has.
      if (isFrozen) return undefined;
      return {
        isOneOfAPixel: images === 1,
        isPerPixel: false,
        values: 'a batch of one image at 1 x 1',
      };
    case 'instance_norm':
      return { isOneOfAPixel: true, isPerPixel: false, values: 'a channel at 1 x 1' };
    case 'group_norm':
      return {
        isOneOfAPixel: op.groups === channels,
        isPerPixel: false,
        values: 'a group of one channel at 1 x 1',
      };
    case 'layer_norm':
      return { isOneOfAPixel: channels === 1, isPerPixel: true, values: 'a pixel of one channel' };
    default:
      return undefined;
  }
}

/** Whether an axis of a tensor is one pixel long: at the size that is known, else at every legal one. */
function isOne(axis: AxisAnalysis, { id }: GraphNode, known: number | undefined): boolean {
  const size = typeof axis.input === 'number' ? axis.input : known;
  if (size !== undefined) return sizeAt(axis, id, size) === 1;
  return axis.residues.every((legal) => {
    const { scale, offset } = affineSize(axis, legal, id);
    return scale === 0 && offset === 1;
  });
}
