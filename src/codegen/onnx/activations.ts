import type { ActivationFunction, OpOf } from '../../ir/operations/ops.js';
import { apply, floats, input, type Expression } from './expression.js';

const x = input(0);

/** By operators that are as old as the opset, and that programs have on every device: `Gelu`, `Mish` and `HardSwish` are not. */
const functions: Readonly<Record<Exclude<ActivationFunction, 'leaky_relu'>, Expression>> = {
  relu: apply('Relu', [x]),
  relu6: apply('Clip', [x, floats(0), floats(6)]),
  elu: apply('Elu', [x], { alpha: { float: 1 } }),
  // Klambauer et al. 2017.
  selu: apply('Selu', [x], {
    alpha: { float: 1.6732632423543772 },
    gamma: { float: 1.0507009873554805 },
  }),
  silu: apply('Mul', [x, apply('Sigmoid', [x])]),
  // relu6(x + 3) / 6 is x / 6 + 1 / 2 between 0 and 1.
  hard_swish: apply('Mul', [
    x,
    apply('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
  ]),
  gelu: apply('Mul', [
    apply('Mul', [x, floats(0.5)]),
    apply('Add', [apply('Erf', [apply('Div', [x, floats(Math.SQRT2)])]), floats(1)]),
  ]),
  mish: apply('Mul', [x, apply('Tanh', [apply('Softplus', [x])])]),
  softplus: apply('Softplus', [x]),
  sigmoid: apply('Sigmoid', [x]),
  tanh: apply('Tanh', [x]),
  abs: apply('Abs', [x]),
};

export function activated(op: OpOf<'activation'>): Expression {
  if (op.function !== 'leaky_relu') return functions[op.function];
  return apply('LeakyRelu', [x], { alpha: { float: op.alpha } });
}
