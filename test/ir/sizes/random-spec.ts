import * as fc from 'fast-check';

/** Random networks whose sizes are worth proving; every tensor has two channels. */

const pick = fc.constantFrom;
const extent = (most: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: most }).map(String) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
        .map(([vertical, horizontal]) => `[${vertical}, ${horizontal}]`),
    },
  );
const padding = pick('same', 'valid', '0', '1', '2', '[0, 1]', '[1, 0, 2, 1]');

const spread = pick('', '', '', ', dilation: 2', ', dilation: [3, 1]');
const conv = fc
  .tuple(extent(5), padding, spread)
  .map(([kernel, pad, more]) => `conv(2, ${kernel}, padding: ${pad}${more})`);
const stridedConv = fc
  .tuple(extent(4), extent(3), padding, spread)
  .map(
    ([kernel, stride, pad, more]) =>
      `conv(2, ${kernel}, stride: ${stride}, padding: ${pad}${more})`,
  );
const pool = fc
  .tuple(
    pick('max_pool', 'avg_pool'),
    extent(3),
    extent(3),
    pick('floor', 'ceil', 'floor, padding: same', 'ceil, padding: same'),
  )
  .map(
    ([kind, size, stride, rounding]) =>
      `${kind}(${size}, stride: ${stride}, rounding: ${rounding})`,
  );
const paddedPool = fc
  .tuple(
    pick('max_pool', 'avg_pool'),
    pick('3', '4', '[3, 4]'),
    extent(4),
    pick('1', '2', '[0, 1]', '[1, 0, 2, 1]'),
    pick('floor', 'ceil'),
  )
  .map(
    ([kind, size, stride, pad, rounding]) =>
      `${kind}(${size}, stride: ${stride}, padding: ${pad}, rounding: ${rounding})`,
  );
const halving = fc
  .tuple(pick('max_pool', 'avg_pool'), pick('floor', 'ceil'))
  .map(([kind, rounding]) => `${kind}(2, rounding: ${rounding})`);
const transposed = fc
  .tuple(extent(4), extent(3), pick('same', 'valid', '0', '1'))
  .map(
    ([kernel, stride, pad]) => `conv_transpose(2, ${kernel}, stride: ${stride}, padding: ${pad})`,
  );
const doubling = pick(
  'conv_transpose(2, 2)',
  'conv_transpose(2, 3, padding: same)',
  'conv_transpose(2, 4, padding: 1)',
  'nearest(2)',
  'bilinear(2)',
  'conv(8, 1) -> pixel_shuffle(2)',
  'bilinear(2, grid: align_corners)',
);
const edges = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map((all) => `crop(${all})`),
  fc
    .tuple(fc.integer({ min: 0, max: 3 }), pick('zero', 'reflect', 'replicate', 'circular'))
    .map(([all, mode]) => `pad(${all}, mode: ${mode})`),
);
const anyStep = fc.oneof(
  { weight: 4, arbitrary: conv },
  { weight: 2, arbitrary: stridedConv },
  { weight: 2, arbitrary: pool },
  { weight: 1, arbitrary: paddedPool },
  { weight: 2, arbitrary: transposed },
  { weight: 2, arbitrary: doubling },
  { weight: 2, arbitrary: edges },
  { weight: 1, arbitrary: extent(2).map((factor) => `nearest(${factor})`) },
  { weight: 1, arbitrary: pick('relu', 'batch_norm', 'identity') },
  { weight: 1, arbitrary: pick('space_to_depth(2) -> conv(2, 1)', 'channel_shuffle(2)') },
);

/** Pipelines and merges over wires that are already there, in any order. */
export const wiredSpec: fc.Arbitrary<string> = fc
  .array(
    fc.record({
      kind: fc.oneof(
        { weight: 6, arbitrary: pick('step') },
        {
          weight: 4,
          arbitrary: pick(
            'crop_to',
            'crop_floor',
            'pad_to',
            'resize_to',
            'add',
            'concat',
            'gate',
            'multiply',
            'attention',
            'windows',
            'positions',
          ),
        },
      ),
      step: anyStep,
      first: fc.nat(7),
      second: fc.nat(7),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((steps) => {
    const lines = ['w0 = image -> conv(2, 1)'];
    for (const [index, { kind, step, first, second }] of steps.entries()) {
      // Recent tensors more often than early ones: deep networks rather than broad ones.
      const near = (offset: number): string => `w${Math.max(0, index - (offset > 4 ? 0 : offset))}`;
      const [one, other] = [near(first), near(second)];
      const wire = {
        step: `${one} -> ${step}`,
        attention: `${one} -> attention(${other}, ${other}, 2)`,
        windows: `${one} -> attention(${one}, ${other}, 1, window: 2, shift: 1)`,
        positions: `${one} -> positions([6, 8])`,
        crop_to: `${one} -> crop_to(${other})`,
        crop_floor: `${one} -> crop_to(${other}, rounding: floor)`,
        pad_to: `${one} -> pad_to(${other})`,
        resize_to: `${one} -> resize_to(${other})`,
        add: `[${one}, ${other}] -> add`,
        concat: `[${one}, ${other}] -> concat -> conv(2, 1)`,
        multiply: `[${one}, ${other}] -> multiply`,
        gate: `[${one}, (${other} -> global_avg_pool -> sigmoid)] -> multiply`,
      }[kind];
      lines.push(`w${index + 1} = ${wire}`);
    }
    return `model Random {
  input image: [H, W, 1]
  wires {
${lines.map((line) => `    ${line}`).join('\n')}
  }
  head mask: conv(1, 1)
}
`;
  });

/** U-shaped networks: an encoder, skips with each alignment, a decoder. */
export const unetSpec: fc.Arbitrary<string> = fc
  .record({
    depth: fc.integer({ min: 2, max: 4 }),
    stage: fc.array(conv, { minLength: 1, maxLength: 2 }).map((steps) => steps.join(' -> ')),
    down: fc.oneof({ weight: 3, arbitrary: halving }, { weight: 1, arbitrary: stridedConv }),
    up: fc.oneof({ weight: 3, arbitrary: doubling }, { weight: 1, arbitrary: transposed }),
    back: conv,
    bottom: conv,
    align: pick('none', 'crop', 'crop(rounding: floor)', 'pad', 'resize', 'resize(nearest)'),
    merge: pick('[skip, up] -> concat', '[up, skip] -> add', 'up'),
  })
  .map(
    ({ depth, stage, down, up, back, bottom, align, merge }) => `model Random {
  input image: [H, W, 1]
  encoder plain {
    widths: [${Array(depth).fill(2).join(', ')}]
    stage: ${stage}
    down: ${down}
    level ${depth} { stage: ${bottom} }
  }
  skip plain { merge: ${merge}, align: ${align} }
  decoder {
    up: ${up}
    stage: ${back}
  }
  head mask: conv(1, 1)
}
`,
  );

export const anySpec = fc.oneof(wiredSpec, unetSpec);
