import type { Graph, GraphInput, GraphOutput } from '../../ir/graph.js';
import { nodeSizes } from '../../ir/sizes/node-sizes.js';
import type { AxisAnalysis } from '../../ir/sizes/analysis.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import type { OnnxValue } from './model.js';

type Length = number | string;

/** The input: [batch, channels, height, width]. */
export function inputValue(graph: Graph, { name, node, height, width }: GraphInput): OnnxValue {
  const { channels } = graph.nodes[node]!;
  return { name, dimensions: [batchName(graph), channels, height, width] };
}

/**
 * An output. A side that is the same at every legal size is a number, one that is always the
 * input's has the input's name, every other one a name of its own.
 */
export function outputValue(
  graph: Graph,
  { name, node }: GraphOutput,
  sizes: SizeAnalysis,
): OnnxValue {
  const input = graph.inputs[0]!.node;
  const length = (axis: AxisAnalysis, side: string): Length => {
    const own = nodeSizes(axis, node);
    const [first] = own;
    if (own.every(({ slope, offset }) => slope === 0 && offset === first!.offset)) {
      return first!.offset;
    }
    const whole = nodeSizes(axis, input);
    const isWhole = own.every(
      ({ slope, offset }, at) => slope === whole[at]!.slope && offset === whole[at]!.offset,
    );
    return isWhole ? axis.input : `${name.replaceAll(/\W/g, '_')}_${side}`;
  };
  const { channels } = graph.nodes[node]!;
  const plane = [length(sizes.height, 'height'), length(sizes.width, 'width')];
  return { name, dimensions: [batchName(graph), channels, ...plane] };
}

/** A name for the number of images that is none of an axis. */
function batchName({ inputs }: Graph): string {
  const taken = inputs.flatMap(({ height, width }) => [height, width]);
  let name = 'batch';
  while (taken.includes(name)) name = `_${name}`;
  return name;
}
