import { losses } from '../../catalog/losses.js';
import { counted } from '../../diagnostics/counted.js';
import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import { isPerImage } from '../../ir/graph-heads.js';
import type { Graph, GraphNode, GraphOutput, NodeId } from '../../ir/graph.js';
import { activationOf, type HeadActivation } from '../../ir/head-activation.js';
import { isMerge } from '../../ir/operations/operation-rules.js';
import type { ComponentCall, LossExpression, LossName } from '../../ir/recipe.js';
import type { TargetForm } from '../../ir/target.js';

/** What a loss asks of a head. */
type Demand = 'exclusive' | 'independent' | 'any';

/**
 * What a loss compares: `pixels`, of which it is the mean, so that a weight map can weigh
 * them; the `hardest` pixels of an image or a batch; or `regions`.
 */
type Compared = 'pixels' | 'hardest' | 'regions';

const [anyPixels, anyRegions] = [
  ['any', 'pixels'],
  ['any', 'regions'],
] as const;
const forms: { readonly [N in LossName]: readonly [Demand, Compared] } = {
  bce: ['independent', 'pixels'],
  cross_entropy: ['exclusive', 'pixels'],
  focal: anyPixels,
  soft_dice_hybrid: anyPixels,
  mse: anyPixels,
  mae: anyPixels,
  huber: anyPixels,
  topk_cross_entropy: ['any', 'hardest'],
  dice: anyRegions,
  iou: anyRegions,
  tversky: anyRegions,
  focal_tversky: anyRegions,
  bce_iou: ['independent', 'regions'],
  ms_ssim: anyRegions,
  generalized_dice: anyRegions,
  lovasz_hinge: ['independent', 'regions'],
  lovasz_softmax: anyRegions,
  boundary: anyRegions,
  cl_dice: anyRegions,
};

const demandOf = (name: LossName): Demand => forms[name][0];
const isOverPixels = (name: LossName): boolean => forms[name][1] === 'pixels';

/** Losses that need what the outputs of a head do not give. */
export function checkLossFits(
  loss: LossExpression,
  outputs: readonly GraphOutput[],
  graph: Graph,
): readonly Diagnostic[] {
  const components = componentsOf(loss, false);
  const independent = components.find(({ call }) => demandOf(call.name) === 'independent')?.call;
  return components.flatMap(({ call, isMapped }) =>
    outputs.flatMap((output): readonly Diagnostic[] => {
      const channels = graph.nodes[output.node]?.channels ?? 1;
      const problem =
        misfitOfForm(call, output.form ?? 'classes') ??
        misfitOfImages(call.name, isPerImage(graph, output.node), isMapped) ??
        misfitOfOneChannel(call.name, output, channels, graph) ??
        misfit(call.name, output, channels, isMapped) ??
        misfitOfWeights(call, channels) ??
        misfitOfClasses(call, activationOf(output, channels, loss)) ??
        contradiction(call.name, output, independent?.name);
      if (problem === undefined) return [];
      const text = `"${output.name}" gives ${describeOutput(output, channels)}`;
      const parameters = { loss: call.name, head: output.name, reason: problem.reason };
      const labels = [{ span: output.origin, text }];
      const fixes = fixesOf(call, problem, graph);
      return [
        createDiagnostic('loss-does-not-fit', parameters, { at: call.origin, labels, fixes }),
      ];
    }),
  );
}

/** The part of a call that another loss takes the place of: the name, or all where it lacks an option. */
function replaced({ name, options, origin }: ComponentCall<LossName>, instead: LossName): Span {
  const known = losses[instead].options;
  const keeps = Object.keys(options).every(
    (key) => key !== 'class_weights' && Object.hasOwn(known, key),
  );
  return keeps ? { ...origin, end: origin.start + name.length } : origin;
}

function describeOutput({ values }: GraphOutput, channels: number): string {
  const count = counted(channels, 'channel');
  return values === 'logits' ? `logits in ${count}` : `${count} through ${values}`;
}

interface Misfit {
  readonly reason: string;
  /** The loss that fits in its place. */
  readonly instead?: LossName;
  /** The softmax that has to become a sigmoid. */
  readonly softmax?: GraphNode;
}

function fixesOf(
  call: ComponentCall<LossName>,
  { instead, softmax }: Misfit,
  { scopes }: Graph,
): readonly Fix[] {
  const loss = instead === undefined ? [] : [{ span: replaced(call, instead), text: instead }];
  if (softmax === undefined) {
    return instead === undefined ? [] : [{ title: `Use "${instead}"`, edits: loss }];
  }
  // In the file of a library nothing can be changed from here.
  if (softmax.origin.file !== scopes[0]!.origin.file) return [];
  const title = instead === undefined ? 'Use "sigmoid"' : `Use "sigmoid" and "${instead}"`;
  return [{ title, edits: [{ span: softmax.origin, text: 'sigmoid' }, ...loss] }];
}

/** A softmax over one channel says nothing, whatever the loss. */
function misfitOfOneChannel(
  name: LossName,
  { node, values }: GraphOutput,
  channels: number,
  graph: Graph,
): Misfit | undefined {
  if (channels !== 1 || values !== 'softmax' || demandOf(name) === 'any') return undefined;
  const softmax = softmaxOf(graph, node);
  return {
    reason: 'its softmax over one channel is 1 everywhere, so there is nothing to learn from',
    ...(softmax === undefined ? {} : { softmax }),
    ...(demandOf(name) === 'exclusive' ? { instead: 'bce' } : {}),
  };
}

/** The softmax that a tensor holds the values of; undefined where several could be meant. */
function softmaxOf({ nodes }: Graph, id: NodeId): GraphNode | undefined {
  for (let node = nodes[id]; node !== undefined; node = nodes[node.inputs[0] ?? -1]) {
    if (node.op.kind === 'softmax') return node;
    if (node.inputs.length > 1 && isMerge(node.op)) return undefined;
  }
  return undefined;
}

function misfit(
  name: LossName,
  output: GraphOutput,
  channels: number,
  isMapped: boolean,
): Misfit | undefined {
  if (isMapped && !isOverPixels(name)) {
    return { reason: `a weight map weighs pixels, and "${name}" is not a mean over pixels` };
  }
  switch (demandOf(name)) {
    case 'any':
      return undefined;
    case 'exclusive':
      if (channels === 1) {
        return {
          reason: 'it has one channel, and exclusive classes need two or more',
          instead: 'bce',
        };
      }
      return output.values === 'sigmoid'
        ? { reason: 'its sigmoid gives classes that do not exclude each other', instead: 'bce' }
        : undefined;
    case 'independent':
      return output.values === 'softmax'
        ? {
            reason: 'its softmax gives classes that exclude each other',
            instead: name === 'lovasz_hinge' ? 'lovasz_softmax' : 'cross_entropy',
          }
        : undefined;
  }
}

/** A classification of the whole image has no pixels to compare regions or weigh. */
function misfitOfImages(
  name: LossName,
  classifiesImages: boolean,
  isMapped: boolean,
): Misfit | undefined {
  if (!classifiesImages || (isOverPixels(name) && !isMapped)) return undefined;
  const what = isMapped ? 'a weight map' : `"${name}"`;
  return { reason: `it classifies whole images, and ${what} needs pixels` };
}

/** Losses that compare values, one by one. */
const ofValues: ReadonlySet<LossName> = new Set(['mse', 'mae', 'huber']);

/** Losses that take the first of several channels as background. */
const withBackground: ReadonlySet<LossName> = new Set(['boundary', 'cl_dice']);

/** What a head learns decides what its loss can compare. */
function misfitOfForm(
  { name, options }: ComponentCall<LossName>,
  form: TargetForm,
): Misfit | undefined {
  switch (form) {
    case 'classes':
      return undefined;
    case 'planes':
      return withBackground.has(name)
        ? { reason: 'its classes may lie over each other, and none of them is the background' }
        : undefined;
    case 'values':
      if (!ofValues.has(name))
        return { reason: 'its target is values, not classes', instead: 'mse' };
      return options['class_weights'] === undefined
        ? undefined
        : { reason: 'its target is values, and "class_weights" weighs classes' };
  }
}

/** Class weights are one for each class that the loss tells apart, and not all 0. */
function misfitOfWeights(
  { name, options }: ComponentCall<LossName>,
  channels: number,
): Misfit | undefined {
  const { class_weights: weights } = options;
  if (!Array.isArray(weights)) return undefined;
  if (channels === 1 && forms[name][1] === 'regions') {
    return { reason: 'its one channel is one class, and "class_weights" weighs several' };
  }
  const classes = Math.max(2, channels);
  if (weights.length !== classes) {
    return { reason: `"class_weights" has ${weights.length} numbers for ${classes} classes` };
  }
  return weights.every((weight) => weight === 0)
    ? { reason: '"class_weights" leaves out every class' }
    : undefined;
}

/** Which classes count is a question of exclusive ones alone. */
function misfitOfClasses(
  { options }: ComponentCall<LossName>,
  activation: HeadActivation,
): Misfit | undefined {
  if (options['classes'] !== 'all' || activation === 'softmax') return undefined;
  return { reason: 'its channels are independent, and all of them count without "classes"' };
}

/** Logits of several channels are read in one way by all terms of a loss. */
function contradiction(
  name: LossName,
  output: GraphOutput,
  independent: LossName | undefined,
): Misfit | undefined {
  if (demandOf(name) !== 'exclusive' || independent === undefined || output.values !== 'logits') {
    return undefined;
  }
  return {
    reason: `"${independent}" beside it takes the channels as classes that do not exclude each other`,
  };
}

interface WeighedLoss {
  readonly call: ComponentCall<LossName>;
  readonly isMapped: boolean;
}

function componentsOf(loss: LossExpression, isMapped: boolean): readonly WeighedLoss[] {
  switch (loss.kind) {
    case 'loss':
      return [{ call: loss.loss, isMapped }];
    case 'sum':
      return loss.terms.flatMap((term) => componentsOf(term, isMapped));
    case 'scale':
      return componentsOf(loss.loss, isMapped);
    case 'map':
      return componentsOf(loss.loss, true);
  }
}
