import type { ActivationFunction } from '../../ir/operations/ops.js';

/** PyTorch's name of each activation. */
export const activations: Readonly<Record<ActivationFunction, string>> = {
  relu: 'F.relu',
  relu6: 'F.relu6',
  leaky_relu: 'F.leaky_relu',
  elu: 'F.elu',
  selu: 'F.selu',
  silu: 'F.silu',
  hard_swish: 'F.hardswish',
  gelu: 'F.gelu',
  mish: 'F.mish',
  softplus: 'F.softplus',
  sigmoid: 'torch.sigmoid',
  tanh: 'torch.tanh',
};
