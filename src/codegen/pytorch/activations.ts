import type { ActivationFunction } from '../../ir/operations/ops.js';

/** How PyTorch has an activation. */
export interface PyTorchActivation {
  readonly name: string;
  /**
   * Whether it can write its result over what it reads, as `inplace=True` says, at no cost:
   * PyTorch computes the gradient from the result. Of `silu` and others it would keep a copy
   * of what was read.
   */
  readonly hasInPlace: boolean;
}

/** PyTorch's words for each activation. */
export const activations = {
  relu: { name: 'F.relu', hasInPlace: true },
  relu6: { name: 'F.relu6', hasInPlace: true },
  leaky_relu: { name: 'F.leaky_relu', hasInPlace: true },
  elu: { name: 'F.elu', hasInPlace: true },
  selu: { name: 'F.selu', hasInPlace: true },
  silu: { name: 'F.silu', hasInPlace: false },
  hard_swish: { name: 'F.hardswish', hasInPlace: false },
  gelu: { name: 'F.gelu', hasInPlace: false },
  mish: { name: 'F.mish', hasInPlace: false },
  softplus: { name: 'F.softplus', hasInPlace: false },
  sigmoid: { name: 'torch.sigmoid', hasInPlace: false },
  tanh: { name: 'torch.tanh', hasInPlace: false },
  abs: { name: 'torch.abs', hasInPlace: false },
} as const satisfies Readonly<Record<ActivationFunction, PyTorchActivation>>;
