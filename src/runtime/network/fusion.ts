import type { GraphNode } from '../../ir/graph.js';
import type {
  ActivationFunction,
  ConvOp,
  ConvTransposeOp,
  DepthwiseConvOp,
} from '../../ir/operations/ops.js';
import type { FusionRule } from './plan.js';

/** An operation that is a convolution of any kind. */
export type AnyConvolution = ConvOp | DepthwiseConvOp | ConvTransposeOp;

/** Convolution, then a batch norm, then an activation; a batch norm alone takes a ReLU. */
export const fuseConvolutions: FusionRule = (node, fused, next) => {
  const last = fused.at(-1) ?? node;
  if (last.op.kind === 'activation') return false;
  if (isConvolution(node) && fused.length === 0 && next.op.kind === 'batch_norm') return true;
  if (next.op.kind !== 'activation') return false;
  return isConvolution(node) || (node.op.kind === 'batch_norm' && next.op.function === 'relu');
};

/** Activations that the engines compute inside a convolution, by TensorFlow.js' names. */
export const fusedActivations: Readonly<Partial<Record<ActivationFunction, 'relu' | 'relu6'>>> = {
  relu: 'relu',
  relu6: 'relu6',
};

/** Whether a node is a convolution of any kind. */
export function isConvolution(
  node: GraphNode,
): node is GraphNode & { readonly op: AnyConvolution } {
  const { kind } = node.op;
  return kind === 'conv' || kind === 'depthwise_conv' || kind === 'conv_transpose';
}

/** Whether the engines compute bias and activation inside such a convolution. */
export function runsFused(op: AnyConvolution): boolean {
  if (op.kind === 'conv_transpose' || op.dilation.some((step) => step > 1)) return false;
  return op.kind === 'depthwise_conv' || op.groups === 1;
}
