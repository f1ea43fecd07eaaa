import { activationOf, type HeadActivation } from '../../../ir/head-activation.js';
import { isPerImage, mainHead } from '../../../ir/graph-heads.js';
import type { GraphHead } from '../../../ir/graph.js';
import type { LossExpression, TrainRecipe } from '../../../ir/recipe.js';
import { formOf, type TargetForm } from '../../../ir/target.js';
import { areEqual } from '../../../ir/sizes/check-averages.js';
import type { EmittedModel } from '../../typescript/emit.js';
import type { ModelNames } from '../emit.js';
import { mapsOfLoss } from './losses/terms.js';

/** A model with the recipe that it is trained by. */
export interface TrainedModel extends EmittedModel {
  readonly recipe: TrainRecipe;
}

/** An output as the losses see it. */
export interface TrainedOutput {
  readonly name: string;
  /** Of the named tuple that `forward` gives. */
  readonly field: string;
  readonly channels: number;
  readonly activation: HeadActivation;
  /** Whether `forward` gives probabilities, for the activation is inside of a block. */
  readonly gives: 'logits' | 'probabilities';
  /** Whether it classifies the whole image. */
  readonly classifiesImages: boolean;
  /** Whether it has the size of the masks, whatever the image. */
  readonly hasMaskSize: boolean;
  /** The head that it is an output of. */
  readonly owner: string;
  readonly loss: LossExpression;
  /** Its part of the whole loss. */
  readonly weight: number;
  /** What its channels stand for. */
  readonly form: TargetForm;
  /** The place of the first plane of its target in the planes of a batch; undefined where it learns the masks. */
  readonly firstTarget: number | undefined;
  /** The place of the first weight map of its loss in the planes of a batch. */
  readonly firstMap: number;
}

/** A training as the emitted script describes it. */
export interface Training {
  readonly model: TrainedModel;
  readonly names: ModelNames;
  /** In the order of the graph's. */
  readonly outputs: readonly TrainedOutput[];
  /** The head whose masks are compared at full size and that is validated. */
  readonly head: GraphHead;
  /** Its main output. */
  readonly main: TrainedOutput;
  /** What masks tell apart: the channels, or background and foreground for one channel. */
  readonly classes: number;
  /** How many planes come with a batch: weight maps, then targets of heads. */
  readonly planes: number;
}

/** Gathers what the script says of a model. */
export function describeTraining(model: TrainedModel, names: ModelNames): Training {
  const { graph, sizes, recipe } = model;
  const head = mainHead(graph);
  const mainOutput = graph.outputs.find(({ name }) => name === head.name)!;
  const firstMaps = firstMapOfHeads(recipe);
  const firstTargets = firstTargetOfHeads(model, firstMaps.count);
  const outputs = graph.outputs.map((output, at): TrainedOutput => {
    const owner = graph.heads.find((each) => each.outputs.includes(output.name))!;
    const loss = recipe.losses[owner.name]!;
    const { channels } = graph.nodes[output.node]!;
    const { field, isLogits } = names.outputs[at]!;
    return {
      name: output.name,
      field,
      channels,
      activation: activationOf(output, channels, loss),
      gives: isLogits ? 'logits' : 'probabilities',
      classifiesImages: isPerImage(graph, output.node),
      hasMaskSize: areEqual(sizes, mainOutput.node, output.node),
      owner: owner.name,
      loss,
      weight: owner.weights[owner.outputs.indexOf(output.name)]!,
      firstMap: firstMaps.of.get(owner.name)!,
      form: output.form ?? 'classes',
      firstTarget: firstTargets.of.get(owner.name),
    };
  });
  const main = outputs.find(({ name }) => name === head.name)!;
  const classes = Math.max(2, main.channels);
  return { model, names, outputs, head, main, classes, planes: firstTargets.end };
}

/** Where the planes of each head's own target begin behind those of weight maps, and where all end. */
function firstTargetOfHeads(
  { graph, recipe }: TrainedModel,
  maps: number,
): { readonly of: ReadonlyMap<string, number>; readonly end: number } {
  const of = new Map<string, number>();
  let end = maps;
  for (const [name, target] of Object.entries(recipe.data.targets)) {
    const { node } = graph.outputs.find((output) => output.name === name)!;
    of.set(name, end);
    end += formOf(target) === 'classes' ? 1 : graph.nodes[node]!.channels;
  }
  return { of, end };
}

/** Where the maps of each head's loss begin among those of all, in the order of heads. */
function firstMapOfHeads({ losses }: TrainRecipe): {
  readonly of: ReadonlyMap<string, number>;
  readonly count: number;
} {
  const of = new Map<string, number>();
  let count = 0;
  for (const [name, loss] of Object.entries(losses)) {
    of.set(name, count);
    count += mapsOfLoss(loss).length;
  }
  return { of, count };
}
