import { emitPicture } from '../../codegen/picture/emit-picture.js';
import type { CompiledModel } from '../../compile.js';
import type { GraphNode } from '../../ir/graph.js';
import { placeOf } from '../../ir/place.js';
import { stagesOf, summarise } from '../../ir/reports/summary.js';
import { illegalSize } from '../../ir/sizes/check-sizes.js';
import { describeLegal } from '../../ir/sizes/legal-text.js';
import { accepts, legalAtLeast, legalAtMost } from '../../ir/sizes/sizes.js';
import type {
  ImageSize,
  NetworkParams,
  NetworkResult,
  SizeProblem,
  TextRange,
} from '../protocol.js';
import { rangeOf } from '../positions.js';
import { chooseModel } from './emitted.js';
import type { FeatureContext } from './feature.js';

/** The chosen model as a page shows it: picture, sizes, costs, and where they come from. */
export async function describeNetwork(
  context: FeatureContext,
  { theme = 'light', size, ...params }: Pick<NetworkParams, 'model' | 'theme' | 'size'>,
): Promise<NetworkResult> {
  const chosen = chooseModel(context, params);
  if ('kind' in chosen) return chosen;
  const { model, choice } = chosen;
  const { graph, sizes, unfolded } = model;
  const problem = size === undefined ? undefined : problemOf(model, size);
  const shown = problem === undefined ? size : undefined;
  const summary = summarise(graph, sizes, shown, unfolded.lattice);
  return {
    kind: 'network',
    ...choice,
    svg: await emitPicture(model, { format: 'svg', theme, size: shown }),
    size: summary.size,
    ...(problem === undefined ? {} : { problem }),
    legal: { height: describeLegal(sizes.height), width: describeLegal(sizes.width) },
    parameters: summary.parameters,
    macs: summary.macs,
    activationBytes: summary.activationBytes,
    stages: summary.stages.map(
      ({ name, operations, shape, parameters, macs, activationBytes }) => ({
        ...{ name, operations, shape, parameters, macs, activationBytes },
      }),
    ),
    outputs: summary.outputs.map(({ name, shape }) => ({ name, shape })),
    places: placesOf(context, model),
  };
}

function problemOf({ graph, sizes }: CompiledModel, [height, width]: ImageSize) {
  if (accepts(sizes.height, height) && accepts(sizes.width, width)) return undefined;
  const { message, notes, help } = illegalSize(graph, sizes, height, width);
  const nearest = [legalAtMost, legalAtLeast].flatMap((legal): readonly ImageSize[] => {
    const [h, w] = [legal(sizes.height, height), legal(sizes.width, width)];
    return h === undefined || w === undefined ? [] : [[h, w]];
  });
  return { message, notes: [...notes, ...help], nearest } satisfies SizeProblem;
}

/** Where the tensors of a model come from, as far as that is in the document itself. */
function placesOf({ analysis }: FeatureContext, { graph }: CompiledModel) {
  const { source } = analysis;
  const place = (node: GraphNode): TextRange | undefined => {
    const span = placeOf(graph, node);
    return span.file === source.path ? rangeOf(source, span) : undefined;
  };
  const tensors = stagesOf(graph).map(({ name, nodes }) => [name, place(nodes.at(-1)!)] as const);
  const outputs = graph.outputs.map(({ name, node }) => [name, place(graph.nodes[node]!)] as const);
  return Object.fromEntries(
    [...tensors, ...outputs].flatMap(([name, range]) =>
      range === undefined ? [] : [[name, range]],
    ),
  );
}
