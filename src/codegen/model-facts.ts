import { headOfOutput, mainOutputOf } from '../ir/graph-heads.js';
import type { Graph, GraphOutput, HeadPrediction } from '../ir/graph.js';
import { activationOf, type HeadActivation } from '../ir/head-activation.js';
import type { TrainRecipe } from '../ir/recipe.js';
import { planScaling, type ScalingPlan } from '../ir/scaling.js';
import type { AxisAnalysis } from '../ir/sizes/analysis.js';
import type { SizeAnalysis } from '../ir/sizes/sizes.js';
import { legalText } from '../ir/sizes/legal-text.js';

/** The sizes of one axis that a network takes: some remainders of a number, each in a range. */
export interface AxisFacts {
  /** In words: `multiples of 16`. */
  readonly text: string;
  readonly modulus: number;
  readonly legal: readonly {
    readonly remainder: number;
    readonly from: number;
    /** Absent where there is no largest. */
    readonly to?: number;
  }[];
}

/** One output of the model, in the model's order. */
export interface OutputFacts {
  readonly name: string;
  readonly channels: number;
  /** What the values are: probabilities already, or logits. */
  readonly values: GraphOutput['values'];
  /** What makes probabilities of logits: for each channel alone, or of all that exclude each other. */
  readonly activation: HeadActivation;
}

/** What one head of the spec predicts. */
export interface HeadFacts {
  readonly name: string;
  /** Its outputs, the main one first; the others helped in training. */
  readonly outputs: readonly string[];
  /** Whether the prediction is the main output's, or the mean of the probabilities of all. */
  readonly prediction: HeadPrediction;
}

/** What a program needs to know of a network to feed it and to read its outputs. */
export interface ModelFacts {
  readonly model: string;
  readonly input: {
    readonly channels: number;
    readonly height: AxisFacts;
    readonly width: AxisFacts;
    /** Whether height and width must be equal. */
    readonly isSquare: boolean;
  };
  /** Of several inputs, each; height and width are the same for all. Absent where there is one. */
  readonly inputs?: readonly { readonly name: string; readonly channels: number }[];
  readonly scaling: ScalingPlan & {
    readonly name: string;
    /** In words. */
    readonly text: string;
  };
  readonly outputs: readonly OutputFacts[];
  readonly heads: readonly HeadFacts[];
  /** Names of the classes, class 0 first, where the recipe has them. */
  readonly classes?: readonly string[];
}

/** A model with what its recipe says of images and classes. */
export interface DescribedModel {
  readonly graph: Graph;
  readonly sizes: SizeAnalysis;
  readonly recipe: TrainRecipe;
}

/** Gathers the facts of a model and of what its recipe says of images and classes. */
export function describeModel({ graph, sizes, recipe }: DescribedModel): ModelFacts {
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const plan = planScaling(recipe.scaling, channels);
  const outputs = graph.outputs.map((output): OutputFacts => {
    const own = graph.nodes[output.node]!.channels;
    const head = headOfOutput(graph, output.name);
    const loss = (head && recipe.losses[head.name]) ?? recipe.loss;
    const { name, values } = output;
    return { name, channels: own, values, activation: activationOf(output, own, loss) };
  });
  const heads = graph.heads.map((head): HeadFacts => {
    const main = mainOutputOf(graph, head).name;
    const others = head.outputs.filter((name) => name !== main);
    return { name: head.name, outputs: [main, ...others], prediction: head.prediction };
  });
  const { height, width } = sizes;
  const isSquare = typeof height.input === 'string' && height.input === width.input;
  const { classes } = recipe;
  return {
    model: graph.model,
    input: { channels, height: axisFacts(height), width: axisFacts(width), isSquare },
    ...(graph.inputs.length > 1 && {
      inputs: graph.inputs.map(({ name, node }) => ({
        name,
        channels: graph.nodes[node]!.channels,
      })),
    }),
    scaling: { name: recipe.scaling.name, text: scalingText(plan), ...plan },
    outputs,
    heads,
    ...(classes === undefined ? {} : { classes }),
  };
}

function axisFacts(axis: AxisAnalysis): AxisFacts {
  const text = legalText(axis).one;
  if (typeof axis.input === 'number') {
    return { text, modulus: 1, legal: [{ remainder: 0, from: axis.input, to: axis.input }] };
  }
  const legal = axis.residues.map(({ residue, minimum, maximum }) => ({
    remainder: residue,
    from: minimum,
    ...(maximum === Infinity ? {} : { to: maximum }),
  }));
  return { text, modulus: axis.modulus, legal };
}

function scalingText({ range, order, statistics }: ScalingPlan): string {
  const first =
    range === undefined
      ? 'Values are divided by the largest of their type (255 for 8 bits)'
      : `Values from ${range[0]} to ${range[1]} become 0 to 1`;
  const turned = order === undefined ? '' : `; channels are put in the order ${order.join(', ')}`;
  if (statistics === undefined) {
    return `${first}${turned}; then the mean of the whole image, over all its pixels and channels together, is taken off, and the rest divided by its deviation.`;
  }
  const { mean, deviation } = statistics;
  const isPlain = mean.every((value) => value === 0) && deviation.every((value) => value === 1);
  if (isPlain) return `${first}${turned}.`;
  return `${first}${turned}; then each channel less its mean (${mean.join(', ')}) is divided by its deviation (${deviation.join(', ')}).`;
}
