import type { InputAdaption } from '../../ir/encoder-files.js';
import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import type { OpKind } from '../../ir/operations/ops.js';
import { sizeOf } from './tensor-file.js';
import type { MatchedWeight } from './matching.js';

/** Operations that hand every channel on as it is. */
const keepsChannels: Partial<Record<OpKind, true>> = {
  pad: true,
  crop: true,
  upsample: true,
  dropout: true,
};

/** Whether an operation is a convolution that reads the image itself. */
export function readsImage(graph: Graph, { op, inputs }: GraphNode): boolean {
  if (op.kind !== 'conv' || op.groups !== 1) return false;
  let source = graph.nodes[inputs[0] as NodeId];
  while (source !== undefined && keepsChannels[source.op.kind] === true) {
    source = graph.nodes[source.inputs[0]!];
  }
  return source?.op.kind === 'input';
}

/** The channels that the file's kernel reads, where it differs from the network's in these alone. */
export function otherChannels({
  spec,
  node,
  tensor,
  convention,
}: MatchedWeight): number | undefined {
  const [height, width, channels, filters] = spec.shape;
  const old = sizeOf(tensor.shape) / (height! * width! * filters!);
  if (spec.role !== 'kernel' || !Number.isInteger(old) || old === channels) return undefined;
  const shape = convention.storedShape({ ...spec, shape: [height!, width!, old, filters!] }, node);
  return shape.join() === tensor.shape.join() ? old : undefined;
}

/**
 * A kernel [height, width, old, filters] for another number of channels, such that
 * what it gives keeps its scale.
 *
 * - `sum`: every channel gets the sum over the old ones, divided by the new number;
 *   an image whose channels are all alike gives what it gave before.
 * - `repeat`: the old ones in order again and again, times old by new number, as
 *   timm and segmentation_models.pytorch do for other numbers than 1.
 */
export function adaptKernel(
  kernel: Float32Array,
  shape: readonly number[],
  channels: number,
  how: Exclude<InputAdaption, 'none' | 'random'>,
): Float32Array {
  const [height, width, old, filters] = shape as [number, number, number, number];
  const adapted = new Float32Array(height * width * channels * filters);
  for (let place = 0; place < height * width; place++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++) {
        const at = (from: number): number => kernel[(place * old + from) * filters + filter]!;
        let value = 0;
        if (how === 'repeat') value = (at(channel % old) * old) / channels;
        else for (let from = 0; from < old; from++) value += at(from) / channels;
        adapted[(place * channels + channel) * filters + filter] = value;
      }
    }
  }
  return adapted;
}
