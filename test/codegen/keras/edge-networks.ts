/** A network of many branches, all brought to one size and joined. */
function branches(name: string, all: readonly string[]): string {
  const lines = all.map((layers, at) => `b${at} = image -> ${layers} -> resize_to(image)`);
  const names = all.map((_, at) => `b${at}`).join(', ');
  return `model ${name} {
    input image: [H, W, 4]
    wires {
      ${lines.join('\n      ')}
      joined = [${names}] -> concat
    }
    head mask: joined -> conv(2, 1)
  }`;
}

/** Pools that are undone, of an image whose windows have equal values: zeros of both signs. */
function unpools(name: string, pools: readonly string[]): string {
  const lines = pools.flatMap((pool, at) => [
    `r${at} = image -> conv(4, 3) -> relu`,
    `p${at} = [r${at}, image] -> multiply -> ${pool}`,
    `b${at} = p${at} -> conv(4, 3) -> max_unpool(p${at})`,
  ]);
  return `model ${name} {
    input image: [H, W, 4]
    wires {
      ${lines.join('\n      ')}
      joined = [${pools.map((_, at) => `b${at}`).join(', ')}] -> concat
    }
    head mask: joined -> conv(2, 1)
  }`;
}

/** Networks of what Keras says otherwise: windows at edges, grids, orders, merges of several. */
export const edgeNetworks: Readonly<Record<string, string>> = {
  'windows of convolutions': branches('Windows', [
    'conv(3, 3, stride: 2, padding: same)',
    'conv(3, 4, stride: 3, padding: same, groups: 1)',
    'conv(4, 3, stride: 2, padding: same, dilation: 2, groups: 2)',
    'conv(3, 3, stride: 2, padding: 1)',
    'conv(3, [3, 2], stride: [2, 1], padding: [0, 1, 2, 0])',
    'conv(3, 3, stride: 2, padding: 1, dilation: 2)',
    'conv(3, 3, stride: [1, 3], padding: valid, dilation: [2, 1])',
    'conv(3, 3, padding: same, dilation: 3)',
    'conv(3, 1, stride: 2, padding: same, bias: false)',
    'depthwise_conv(3, stride: 2, padding: same, multiplier: 2)',
    'depthwise_conv([2, 3], stride: [1, 2], padding: 1, bias: false)',
    'depthwise_conv(3, stride: [2, 3], padding: same, multiplier: 2)',
    'depthwise_conv(3, stride: [3, 1], padding: valid, dilation: [1, 2])',
    'depthwise_conv(3, stride: 2, padding: same, dilation: 2, multiplier: 2)',
    'depthwise_conv(3, stride: 3, padding: 1, dilation: 2, initializer: glorot_normal)',
  ]),
  'transposed convolutions': branches('Transposed', [
    'conv_transpose(3, 2, stride: 2)',
    'conv_transpose(3, 3, stride: 2, padding: same)',
    'conv_transpose(3, 4, stride: 2, padding: 1)',
    'conv_transpose(3, 5, stride: 2, padding: same, bias: false)',
    'conv_transpose(3, 3, stride: 2)',
    'conv_transpose(3, 3, stride: 2, padding: [0, 1, 1, 0])',
    'conv_transpose(3, 2, stride: 3)',
    'conv_transpose(3, 1, stride: 2, padding: same)',
    'conv_transpose(3, [2, 3], stride: [3, 1], padding: same, initializer: glorot_uniform)',
    'conv_transpose(3, 3, stride: 1, padding: 1)',
  ]),
  'pools at edges': branches(
    'Pools',
    ['max_pool', 'avg_pool'].flatMap((pool) => [
      `${pool}(3, stride: 2)`,
      `${pool}(3, stride: 2, padding: same)`,
      `${pool}(2, stride: 3, padding: same)`,
      `${pool}(3, stride: 2, rounding: ceil)`,
      `${pool}([2, 3], stride: [2, 1], padding: [0, 1, 2, 0])`,
      `${pool}(3, stride: 2, padding: 1)`,
      `${pool}(3, stride: 2, padding: 1, rounding: ceil)`,
      `${pool}(2, stride: 3, padding: 1, rounding: ceil)`,
      `${pool}(3, stride: 1, padding: 1)`,
      `${pool}(4, stride: 2, padding: same)`,
    ]),
  ),
  'pools that are undone': unpools('Unpools', [
    'max_pool(2)',
    'max_pool(2, stride: 3)',
    'max_pool(2, stride: 3, padding: same)',
    'max_pool([2, 3], padding: same)',
    'max_pool(2, stride: [3, 4], rounding: ceil)',
    'max_pool(3, padding: 1)',
    'max_pool(3, padding: 1, rounding: ceil)',
    'max_pool(3, stride: [3, 4], padding: [0, 1, 2, 0])',
    'max_pool(1, stride: 3)',
    'max_pool([1, 2])',
  ]),
  'sizes and grids': branches('Grids', [
    'nearest(2)',
    'nearest([1, 3])',
    'bilinear(2)',
    'bilinear([3, 2])',
    'bilinear(2, grid: align_corners)',
    'bilinear(3, grid: legacy)',
    'max_pool(3) -> resize_to(image, nearest)',
    'max_pool(3) -> resize_to(image, nearest, grid: half_pixel)',
    'max_pool(3) -> resize_to(image, nearest, grid: align_corners)',
    'max_pool(3) -> resize_to(image, bilinear, grid: align_corners)',
    'max_pool(3) -> resize_to(image, bilinear, grid: legacy)',
    'bilinear(3) -> resize_to(image, nearest, grid: half_pixel)',
    'global_avg_pool -> resize_to(image, bilinear, grid: align_corners)',
    'global_max_pool -> conv(2, 1)',
    'adaptive_avg_pool(1)',
    'adaptive_avg_pool([2, 3])',
    'adaptive_avg_pool(9) -> pixel_shuffle(2)',
    'pixel_shuffle(2, order: channels_last)',
    'pad(3) -> crop_to(image, rounding: floor)',
    'pad([1, 2, 3, 0]) -> crop_to(image, rounding: half_even)',
    'pad(2) -> space_to_depth(2)',
    'space_to_depth(2, order: channels_last) -> pixel_shuffle(2)',
    'crop([0, 1, 1, 0]) -> pad_to(image)',
    'pad([1, 0, 2, 1], mode: reflect)',
    'pad([1, 0, 2, 1], mode: replicate)',
    'pad([1, 0, 2, 1], mode: circular)',
    'adaptive_max_pool([2, 3])',
    'attention(image, image, 2)',
    'adaptive_avg_pool([3, 2]) -> positions([3, 2])',
  ]),
  'pointwise layers': branches('Points', [
    ...['relu', 'relu6', 'leaky_relu(0.3)', 'elu', 'selu', 'prelu(0.1)', 'silu', 'hard_swish'],
    ...['gelu', 'mish', 'softplus', 'sigmoid', 'tanh', 'softmax', 'identity', 'dropout(0.3)'],
    ...['spatial_dropout(0.2)', 'is_largest(0)', 'is_largest(3)', 'batch_norm(epsilon: 0.001)'],
    ...['channel_mean', 'channel_max', 'slice(1, 3)', 'split(2, 1)', 'channel_shuffle(2)'],
    ...['pad_channels(7)', 'abs', 'prelu(0.1, shared: true)', 'layer_scale(0.5)', 'drop_path(0.3)'],
    ...['batch_norm(scale: false)', 'batch_norm(shift: false)'],
    ...[
      'batch_norm(scale: false, shift: false)',
      'instance_norm',
      'instance_norm(affine: false)',
      'group_norm(2, epsilon: 0.001)',
    ],
    ...['group_norm(4, affine: false)', 'layer_norm', 'layer_norm(affine: false)'],
  ]),
  'merges of one and of several': `model Merges {
    input image: [H, W, 4]
    wires {
      a = image -> conv(4, 3)
      b = image -> conv(4, 3)
      gate = image -> global_avg_pool -> conv(4, 1) -> sigmoid
      map = image -> conv(1, 3) -> sigmoid
      one = [a] -> add
      less = [a, b, one, b] -> subtract
      some = [less, a] -> subtract
      mean = [some, b, a] -> average
      gated = [mean, gate, map] -> multiply
      sum = [gated, a, a, less] -> add
      alone = [sum] -> concat
    }
    head mask: alone -> conv(2, 1) -> softmax
    head edge: sum -> conv(1, 1) -> sigmoid
    head rest: gate -> conv(3, 1)
  }`,
  'names that Keras or the file has for something else': `model Names {
    input conv2d: [H, W, 1]
    wires {
      zero_padding2d = conv2d -> conv(3, 3, stride: 2, padding: 1) -> resize_to(conv2d)
      input_layer = zero_padding2d -> conv(3, 3) -> pick(3)
      layers = [input_layer, zero_padding2d] -> add
      keras = layers -> pick(3) -> Resample(4)
    }
    head ops: keras -> list(1, 2)
  }
  block pick(name: int) = conv(name, 3) -> pair(name)
  block pair(channels: int, x: int = 2 * in.channels) = conv(x, 1) -> conv(channels, 1)
  block list(x: int, def: int) = conv(def, 1) -> conv(x, 1)
  block Resample(c: int) = conv(c, 3)`,
};
