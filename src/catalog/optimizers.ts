import {
  boolean,
  declare,
  nonNegative,
  positive,
  rate,
  type OptionDeclaration,
} from './component.js';

const learningRate = (value: number) =>
  ({
    doc: 'Learning rate.',
    schema: positive,
    default: value,
  }) as const satisfies OptionDeclaration;
const decay = {
  doc: 'Weight decay.',
  schema: nonNegative,
  default: 0.01,
} as const satisfies OptionDeclaration;
const betas = {
  beta1: { doc: 'Decay of the mean of gradients.', schema: rate, default: 0.9 },
  beta2: { doc: 'Decay of the mean of squared gradients.', schema: rate, default: 0.999 },
  epsilon: { doc: 'Added to the root of the second moment.', schema: positive, default: 1e-7 },
} as const;

/** Optimizers: how weights follow their gradients. */
export const optimizers = declare({
  adam: {
    family: 'optimizer',
    doc: 'Adam (Kingma and Ba 2014).',
    positional: ['lr'],
    options: { lr: learningRate(1e-3), ...betas },
  },
  adamw: {
    family: 'optimizer',
    doc: 'Adam with decoupled weight decay (Loshchilov and Hutter 2017).',
    positional: ['lr'],
    options: { lr: learningRate(1e-3), ...betas, weight_decay: decay },
  },
  sgd: {
    family: 'optimizer',
    doc: 'Gradient descent with momentum.',
    positional: ['lr'],
    options: {
      lr: learningRate(0.01),
      momentum: { doc: 'Part of the last step kept.', schema: rate, default: 0 },
      nesterov: { doc: "Whether Nesterov's form is used.", schema: boolean, default: false },
    },
  },
  rmsprop: {
    family: 'optimizer',
    doc: 'RMSprop (Tieleman and Hinton 2012).',
    positional: ['lr'],
    options: {
      lr: learningRate(1e-3),
      rho: { doc: 'Decay of the mean of squared gradients.', schema: rate, default: 0.9 },
      momentum: { doc: 'Part of the last step kept.', schema: rate, default: 0 },
      epsilon: { doc: 'Added to the root of the second moment.', schema: positive, default: 1e-7 },
    },
  },
});
