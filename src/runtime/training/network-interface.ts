import { mainHead } from '../../ir/graph-heads.js';
import { planScaling, type ScalingPlan } from '../../ir/scaling.js';
import type { PlaneSizes } from '../../ir/sizes/geometry.js';
import { readSizePolicy, type SizePolicy } from '../../ir/sizes/size-policy.js';
import { axisSizes } from '../../ir/sizes/sizes.js';
import { readOutputs, type Head, type TrainedOutput } from '../losses/head.js';
import type { CompiledRun } from './run-spec.js';

/** A network as data is fed to it and compared with it. */
export interface NetworkInterface {
  /** All outputs, as they are trained. */
  readonly outputs: readonly TrainedOutput[];
  /** What is predicted: the main output of the first head that gives masks, or what `mainHead` says. */
  readonly head: Head;
  /** Channels of the input. */
  readonly channels: number;
  readonly sizes: PlaneSizes;
  readonly policy: SizePolicy;
  readonly scaling: ScalingPlan;
}

/** What the training and prediction rooms need to know of a run's network. */
export function describeNetwork({ model, recipe }: CompiledRun): NetworkInterface {
  const { graph, sizes } = model;
  const outputs = readOutputs(graph, recipe.losses);
  const main = mainHead(graph);
  const { head } = outputs.find((output) => output.head.name === main.name)!;
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  return {
    outputs,
    head,
    channels,
    sizes: {
      height: axisSizes(graph, sizes.height),
      width: axisSizes(graph, sizes.width),
      output: head.name,
      classifiesImages: head.classifiesImages,
    },
    policy: readSizePolicy(recipe.sizes),
    scaling: planScaling(recipe.scaling, channels),
  };
}
