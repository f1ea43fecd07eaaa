import type { GraphOutput } from './graph.js';
import type { LossExpression, LossName } from './recipe.js';

/**
 * How what a head gives becomes what it predicts: probabilities of each channel for itself, or of
 * all as exclusive classes; `none` where values are predicted as they are.
 */
export type HeadActivation = 'sigmoid' | 'softmax' | 'none';

/** The activation of an output: its own, or that which its loss takes logits through. */
export function activationOf(
  output: GraphOutput,
  channels: number,
  loss: LossExpression,
): HeadActivation {
  switch (output.values) {
    case 'sigmoid':
      return 'sigmoid';
    case 'softmax':
      return 'softmax';
    case 'logits':
      return activationOfLogits(output, channels, loss);
  }
}

function activationOfLogits(
  { form = 'classes' }: GraphOutput,
  channels: number,
  loss: LossExpression,
): HeadActivation {
  switch (form) {
    case 'classes':
      return channels === 1 || takesChannelsAlone(loss) ? 'sigmoid' : 'softmax';
    case 'planes':
      return 'sigmoid';
    case 'values':
      return 'none';
  }
}

/** Losses that take the channels of a head as classes that do not exclude each other. */
const independent: ReadonlySet<LossName> = new Set(['bce', 'bce_iou', 'lovasz_hinge']);

function takesChannelsAlone(loss: LossExpression): boolean {
  switch (loss.kind) {
    case 'loss':
      return independent.has(loss.loss.name);
    case 'sum':
      return loss.terms.some(takesChannelsAlone);
    case 'scale':
    case 'map':
      return takesChannelsAlone(loss.loss);
  }
}
