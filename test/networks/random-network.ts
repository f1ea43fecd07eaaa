import * as fc from 'fast-check';

/**
 * Random networks of every layer with every option, of tensors of four channels:
 * strides above kernels, padding on one side, tensors that a merge reads twice,
 * several heads of one tensor, supervision.
 */

const pick = fc.constantFrom;

/** A number, or a pair. */
const extent = (most: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: most }).map(String) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
        .map(([vertical, horizontal]) => `[${vertical}, ${horizontal}]`),
    },
  );

/** Options that may be left out: `, name: value` for some of them. */
function options(choices: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const each = Object.entries(choices).map(([name, values]) =>
    fc.option(values).map((value) => (value === null ? '' : `, ${name}: ${value}`)),
  );
  return fc.tuple(...each).map((texts) => texts.join(''));
}

const call =
  (name: string) =>
  ([first, rest]: [string, string]): string => {
    const words = `${first}${rest}`.replace(/^, /, '');
    return words === '' ? name : `${name}(${words})`;
  };
const layer = (
  name: string,
  first: fc.Arbitrary<string>,
  rest: Readonly<Record<string, fc.Arbitrary<string>>> = {},
): fc.Arbitrary<string> => fc.tuple(first, options(rest)).map(call(name));
const nothing = fc.constant('');
const flag = pick('true', 'false');
const padding = pick('same', 'same', 'valid', '0', '1', '2', '[0, 1]', '[1, 0, 2, 1]');
const initializer = pick('he_normal', 'he_uniform', 'glorot_normal', 'glorot_uniform');
const dilation = pick('1', '2', '[3, 1]', '[1, 2]');
const grid = pick('half_pixel', 'align_corners', 'legacy');
const edges = pick('0', '1', '2', '[1, 2]', '[0, 1, 2, 0]');

const convolutions = [
  layer(
    'conv',
    extent(5).map((kernel) => `4, ${kernel}`),
    {
      stride: extent(4),
      padding,
      dilation,
      groups: pick('1', '2', '4'),
      bias: flag,
      initializer,
    },
  ),
  layer('depthwise_conv', extent(4), {
    stride: extent(4),
    padding,
    dilation,
    bias: flag,
    initializer,
    multiplier: pick('1', '2'),
  }).map((text) => `${text} -> conv(4, 1)`),
  layer(
    'conv_transpose',
    extent(4).map((kernel) => `4, ${kernel}`),
    {
      stride: extent(3),
      padding: pick('same', 'valid', '0', '1', '[0, 1, 0, 1]', '[1, 0, 1, 0]'),
      bias: flag,
      initializer,
    },
  ),
];
const pools = ['max_pool', 'avg_pool'].map((name) =>
  layer(name, extent(3), {
    stride: extent(3),
    padding: pick('same', 'valid', '1', '[0, 1]', '[1, 0, 0, 1]'),
    rounding: pick('floor', 'ceil'),
  }),
);
const resizings = [
  layer('nearest', extent(3)),
  layer('bilinear', extent(3), { grid }),
  layer('conv(16, 1) -> pixel_shuffle', pick('2'), {
    order: pick('channels_first', 'channels_last'),
  }),
  layer('space_to_depth', pick('1', '2'), {
    order: pick('channels_first', 'channels_last'),
  }).map((text) => `${text} -> conv(4, 1)`),
  layer('crop', edges),
  layer('pad', edges, { mode: pick('zero', 'reflect', 'replicate', 'circular') }),
];
const norm = { epsilon: pick('0.001', '0.00001'), affine: flag };
const pointwise = [
  layer('batch_norm', nothing, {
    epsilon: pick('0.001', '0.1'),
    momentum: pick('0.9', '0.99'),
    running_variance: pick('biased', 'unbiased'),
    scale: flag,
    shift: flag,
  }),
  layer('instance_norm', nothing, norm),
  layer('group_norm', pick('1', '2', '4'), norm),
  layer('layer_norm', nothing, norm),
  layer('leaky_relu', pick('', '0.2', '0')),
  ...['channel_mean', 'channel_max', 'slice(1, 3)', 'split(2, 1)', 'pad_channels(6)'].map((text) =>
    fc.constant(`${text} -> conv(4, 1)`),
  ),
  layer('channel_shuffle', pick('2', '4')),
  layer('layer_scale', pick('0.5', '2')),
  layer('prelu', pick('', '0.1'), { shared: flag }),
  layer('dropout', pick('0.5', '0.1')),
  layer('spatial_dropout', pick('0.5', '0.1')),
  layer('drop_path', pick('0.5', '0.1')),
  ...['relu', 'relu6', 'elu', 'selu', 'silu', 'hard_swish', 'gelu', 'mish'].map((name) =>
    fc.constant(name),
  ),
  ...['softplus', 'sigmoid', 'tanh', 'abs', 'softmax', 'identity'].map((name) => fc.constant(name)),
];
const step = fc.oneof(
  { weight: 5, arbitrary: fc.oneof(...convolutions) },
  { weight: 3, arbitrary: fc.oneof(...pools) },
  { weight: 3, arbitrary: fc.oneof(...resizings) },
  { weight: 4, arbitrary: fc.oneof(...pointwise) },
);

/** What joins two tensors; both are of four channels, and so is the result. */
const joint: fc.Arbitrary<(one: string, other: string) => string> = fc.oneof(
  pick(
    (one: string, other: string) => `[${one}, ${other}] -> concat -> conv(4, 1)`,
    (one: string, other: string) => `[${one}, ${other}, ${one}] -> add`,
    (one: string, other: string) => `[${other}, ${one}, ${one}, ${one}] -> average`,
    (one: string, other: string) => `[${other}, ${one}, ${one}] -> subtract`,
    (one: string) => `[${one}, ${one}] -> multiply`,
    (one: string) => `[${one}, ${one}] -> concat -> conv(4, 1)`,
    (one: string) => `[${one}] -> concat`,
    (one: string, other: string) => `[${one}, ${other} -> global_avg_pool -> sigmoid] -> multiply`,
    (one: string, other: string) =>
      `[${one}, ${other} -> adaptive_avg_pool([3, 2]) -> resize_to(${one})] -> concat -> conv(4, 1)`,
    (one: string, other: string) => `${one} -> attention(${other}, ${other}, 2)`,
    (one: string, other: string) =>
      `[${one}, ${one} -> attention(${other}, ${other}, heads: 4, scaled: false)] -> add`,
    (one: string) =>
      `${one} -> attention(${one}, ${one}, 1, window: 2, shift: 1, position: relative)`,
    (one: string) => `${one} -> attention(${one}, ${one}, 2, window: 3)`,
    (one: string) =>
      `${one} -> adaptive_avg_pool([3, 2]) -> positions([3, 2]) -> resize_to(${one})`,
    (one: string, other: string) =>
      `[${one}, ${other} -> adaptive_max_pool([2, 3]) -> resize_to(${one})] -> concat -> conv(4, 1)`,
    (one: string) => `[${one}, ${one} -> max_pool(2) -> tanh -> max_unpool(${one})] -> add`,
    (one: string) =>
      `${one} -> max_pool([1, 3], padding: same) -> max_unpool(${one}) -> conv(4, 3)`,
    (one: string) =>
      `${one} -> max_pool(2, stride: 3, padding: [1, 0], rounding: ceil) -> max_unpool(${one})`,
    (one: string, other: string) => `[${other} -> global_max_pool, ${one}] -> multiply`,
    (one: string) => `[${one}, ${one} -> is_largest(2)] -> multiply`,
    (one: string, other: string) => `[${one}, ${other} -> resize_to(${one})] -> add`,
    (one: string, other: string) => `[${one}, ${other} -> pad_to(${one})] -> average`,
    (one: string) => `${one} -> resize_to(${one})`,
    (one: string) => `${one} -> crop_to(${one})`,
  ),
  fc
    .tuple(pick('bilinear', 'nearest'), fc.option(grid))
    .map(([method, on]) => (one: string, other: string) => {
      const how = on === null ? method : `${method}, grid: ${on}`;
      return `[${one}, ${other} -> resize_to(${one}, ${how})] -> concat -> conv(4, 1)`;
    }),
  pick('exact', 'floor', 'half_even').map(
    (rounding) => (one: string, other: string) =>
      `[${one}, ${other} -> crop_to(${one}, rounding: ${rounding})] -> add`,
  ),
);

/** What a shared instance does: four channels again, in a few operations, with blocks and with instances inside. */
const sharedPipeline = fc.oneof(
  { weight: 3, arbitrary: step },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.oneof(...convolutions), fc.oneof(...pointwise))
      .map((all) => all.join(' -> ')),
  },
  {
    weight: 2,
    arbitrary: pick(
      '[conv(4, 3) -> batch_norm -> relu, in] -> add',
      'conv(2 * in.channels, 3) -> prelu -> conv(in.channels, 1)',
      '[global_avg_pool -> conv(4, 1) -> sigmoid, in] -> multiply',
      'recurrent(in.channels)',
      'conv(8, 1) -> recurrent(8) -> recurrent(8) -> conv(4, 1)',
      'residual(4) -> dropout(0.5)',
    ),
  },
);

/** Blocks that shared instances call, one with an instance of its own. */
const blocks = `block recurrent(c: int) {
  shared again = conv(c, 3) -> batch_norm -> relu
  h = in -> again
  for i in range(2) { h = [in, h] -> add -> again }
  out = h -> residual(c)
}

block residual(c: int) = [conv(c, 3, bias: false) -> batch_norm, identity] -> add
`;

const names = ['w', 'constructor', 'toString', '_w', 'pad', 'W', 'valueOf'];

/** A network as text; some are no networks, and the compiler says so. */
export const randomNetwork: fc.Arbitrary<string> = fc
  .record({
    lines: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.record({ step, back: fc.nat(2) }) },
        { weight: 2, arbitrary: fc.record({ joint, back: fc.nat(2), further: fc.nat(3) }) },
        {
          weight: 2,
          arbitrary: fc.record({
            calls: fc.array(pick('s0', 's1'), { minLength: 1, maxLength: 3 }),
            back: fc.nat(2),
          }),
        },
      ),
      { minLength: 1, maxLength: 7 },
    ),
    axes: pick('H, W', 'H, W', 'H, W', 'S, S', '12, W'),
    heads: pick(
      'head mask: conv(1, 1)',
      'head mask: conv(3, 1) -> softmax',
      'head mask: conv(1, 1) -> sigmoid\n  head whole: LAST',
      'head mask: LAST\n  head same: LAST -> identity\n  head last: LAST -> conv(2, 1)',
      'head mask: conv(2, 1) { supervise: [FIRST] }',
      'head mask: LAST -> s0\n  head other: FIRST -> s0',
    ),
    name: pick(...names),
    isPair: pick(false, false, true),
    shared: fc.tuple(sharedPipeline, sharedPipeline),
  })
  .map(({ lines, axes, heads, name, isPair, shared }) => {
    const called = (index: number): string => (index === 1 ? name : `t${index}`);
    const written = lines.map((line, at) => {
      const near = (back: number): string => called(Math.max(0, at - back));
      const made =
        'step' in line
          ? `${near(line.back)} -> ${line.step}`
          : 'calls' in line
            ? [near(line.back), ...line.calls].join(' -> ')
            : line.joint(near(line.back), near(line.further));
      return `    ${called(at + 1)} = ${made}`;
    });
    const start = isPair ? '[image, second -> conv(2, 1)] -> concat' : 'image';
    const first = `    t0 = ${start} -> conv(4, [3, 2])`;
    const used = [...written, heads].join('\n');
    const instances = shared.flatMap((pipeline, at) =>
      used.includes(`s${at}`) ? `    shared s${at} = ${pipeline}` : [],
    );
    const isWithBlocks = /recurrent|residual/.test(instances.join());
    return [
      'model Random {',
      `  input image: [${axes}, 2]`,
      ...(isPair ? [`  input second: [${axes}, 3]`] : []),
      ...['  wires {', ...instances, first, ...written, '  }'],
      `  ${heads.replaceAll('LAST', called(lines.length)).replaceAll('FIRST', 't0')}`,
      ...['}', ''],
      ...(isWithBlocks ? [blocks] : []),
    ].join('\n');
  });
