import { boolean, declare, nonNegative } from '../component.js';
import { plain } from './plain.js';

/** Activations: functions of each value, or of the channels of each pixel. */
export const activations = declare({
  relu: plain('max(x, 0).'),
  relu6: plain('min(max(x, 0), 6).'),
  leaky_relu: {
    family: 'layer',
    doc: 'x above zero, alpha * x below.',
    positional: ['alpha'],
    options: { alpha: { doc: 'Slope below zero.', schema: nonNegative, default: 0.01 } },
  },
  elu: plain('x above zero, exp(x) - 1 below (Clevert et al. 2015).'),
  selu: plain('Scaled ELU (Klambauer et al. 2017).'),
  prelu: {
    family: 'layer',
    doc: 'x above zero, alpha * x below, with a trained alpha for each channel (He et al. 2015).',
    positional: ['start'],
    options: {
      start: {
        doc: "The slope that every channel starts with; PyTorch's default, Keras' is 0.",
        schema: nonNegative,
        default: 0.25,
      },
      shared: {
        doc: "Whether all channels have one slope, as PyTorch's PReLU has unless it is told their number.",
        schema: boolean,
        default: false,
      },
    },
  },
  silu: plain('x * sigmoid(x), also called swish (Ramachandran et al. 2017).'),
  hard_swish: plain('x * relu6(x + 3) / 6 (Howard et al. 2019).'),
  gelu: plain('x * Phi(x), with the error function (Hendrycks and Gimpel 2016).'),
  mish: plain('x * tanh(softplus(x)) (Misra 2019).'),
  softplus: plain('log(1 + exp(x)).'),
  sigmoid: plain('1 / (1 + exp(-x)): a probability for each channel.'),
  tanh: plain('The hyperbolic tangent.'),
  abs: plain('x without its sign.'),
  softmax: plain('exp(x) over its sum across channels: probabilities that exclude each other.'),
});
