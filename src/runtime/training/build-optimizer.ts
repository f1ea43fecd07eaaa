import type { ClippingName, ComponentCall, OptimizerName } from '../../ir/recipe.js';
import { numberOption } from '../call-options.js';
import { clipByNorm, clipByValue, type ClipGradients } from '../network/clip-gradients.js';
import { adam, adamw } from '../network/optimizers/adam.js';
import { Optimizer, type UpdateRule } from '../network/optimizers/optimizer.js';
import { rmsprop } from '../network/optimizers/rmsprop.js';
import { sgd } from '../network/optimizers/sgd.js';

/** The optimizer of a recipe with its learning rate before the schedule's factor. */
export interface BuiltOptimizer {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
}

/** Builds what the recipe's `optimizer` names; its options are checked and complete. */
export function buildOptimizer(call: ComponentCall<OptimizerName>): BuiltOptimizer {
  return { optimizer: new Optimizer(updateRule(call)), learningRate: numberOption(call, 'lr') };
}

/** What the recipe's `clip` does to gradients. */
export function buildClipping(call: ComponentCall<ClippingName>): ClipGradients {
  const make = { norm: clipByNorm, value: clipByValue }[call.name];
  return make(numberOption(call, 'max'));
}

function updateRule(call: ComponentCall<OptimizerName>): UpdateRule {
  const number = (option: string): number => numberOption(call, option);
  switch (call.name) {
    case 'adam':
    case 'adamw': {
      const options = {
        beta1: number('beta1'),
        beta2: number('beta2'),
        epsilon: number('epsilon'),
      };
      return call.name === 'adam'
        ? adam(options)
        : adamw({ ...options, weightDecay: number('weight_decay') });
    }
    case 'sgd':
      return sgd({ momentum: number('momentum'), nesterov: call.options['nesterov'] === true });
    case 'rmsprop':
      return rmsprop({
        rho: number('rho'),
        momentum: number('momentum'),
        epsilon: number('epsilon'),
      });
  }
}
