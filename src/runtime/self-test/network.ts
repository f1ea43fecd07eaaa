/**
 * A network with every kind of kernel that published U-Nets train on, few channels and
 * many, with a loss of both kinds: what the self-test of an engine computes.
 */
export const selfTestSpec = `
model SelfTest {
  input image: [H, W, 3]
  wires {
    a = image -> conv(8, 3, bias: false) -> batch_norm -> relu -> conv(8, 3) -> relu
    b = [a -> max_pool(2) -> conv(16, 1, bias: false), a -> conv(16, 1, stride: 2, bias: false)]
      -> add -> batch_norm -> silu -> conv(32, 3, stride: 2, bias: false) -> batch_norm -> relu
    c = b -> conv(32, 3, dilation: 2) -> group_norm(4) -> leaky_relu
    gate = c -> global_avg_pool -> conv(32, 1) -> sigmoid
    d = [[c, gate] -> multiply, b] -> add -> conv_transpose(16, 2, stride: 2) -> relu
    e = [d, a -> avg_pool(2)] -> concat -> conv(16, 3, bias: false) -> batch_norm -> relu
    f = [a, e -> bilinear(2), d -> nearest(2)] -> concat -> conv(8, 3) -> relu
      -> depthwise_conv(3)
  }
  head mask: f -> conv(1, 1) -> sigmoid
}

train SelfTest { loss: bce + dice }
`;

/** Images of a step. */
export const batch = 2;

/** Side of the images, in pixels. */
export const side = 16;

/** The rate of the update that the test makes. */
export const learningRate = 0.05;

/** Large beside rounding, so that small gradients do not move weights by their sign alone. */
export const epsilon = 0.01;
