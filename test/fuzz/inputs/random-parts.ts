import * as fc from 'fast-check';

/** Models of several inputs, encoders and decoders, with blocks that call themselves. */

const pick = fc.constantFrom;

const way = fc.record({
  skip: pick(
    'skip plain',
    'skip plain { merge: [up, skip] -> concat, align: resize }',
    'skip plain { merge: [skip, OTHER, up] -> concat }',
    'skip nested { merge: [up, reverse(skips)] -> concat }',
    'skip nested { earlier: last }',
    'skip full_scale { down: max_pool(factor), branch: conv(4) }',
    'skip none',
  ),
  bottom: pick('', 'bottom: conv(width, 3)', 'bottom: [ENCODER, OTHER] -> concat -> conv(width)'),
  widths: pick('', 'widths: [4, 6]', 'widths: [5 if column == 2 else 4, 6]'),
  stage: pick('conv(width, 3) -> relu', 'u(width, 2)', 'conv(skip.channels + up.channels)'),
});

const encoder = (name: string, input: string): string =>
  `encoder ${name}: ${input} -> plain { widths: [4, 6, 8], stage: conv(width, 3), down: max_pool(2) }`;

/** The text of such a model; some are none, and the compiler says so. */
export const randomParts: fc.Arbitrary<string> = fc
  .record({
    ways: fc.array(way, { minLength: 1, maxLength: 3 }),
    isPair: fc.boolean(),
    isBare: fc.boolean(),
    supervise: pick('', ' { supervise: all }'),
  })
  .map(({ ways, isPair, isBare, supervise }) => {
    const names = ways.map((_, at) => (isBare && ways.length === 1 ? '' : `way${at} `));
    const decoders = ways.map(({ skip, bottom, widths, stage }, at) => {
      const [own, other] = isPair && at % 2 === 1 ? ['range', 'color'] : ['color', 'range'];
      const fields = [bottom, widths, `up: nearest(factor)`, `stage: ${stage}`];
      const written = [`encoder: ${own}`, ...fields].filter((field) => field !== '');
      return `  decoder ${names[at]!}{\n    ${skip}\n    ${written.join('\n    ')}\n  }`
        .replaceAll('ENCODER', own!)
        .replaceAll('OTHER', isPair ? other! : own!);
    });
    const heads = names.map((name, at) => {
      const start = name === '' ? '' : `${name}-> `;
      return `  head h${at}: ${start}conv(1, 1)${supervise}`;
    });
    return [
      'model Parts {',
      '  input rgb: [H, W, 3]',
      ...(isPair ? ['  input depth: [H, W, 1]', `  ${encoder('range', 'depth')}`] : []),
      `  ${encoder('color', 'rgb')}`,
      ...[...decoders, ...heads, '}'],
      'block u(c: int, levels: int) {',
      '  h = in -> conv(c, 3)',
      '  below = h -> u(c + 1, levels - 1) if levels > 1 else h',
      '  out = [h, below] -> concat -> conv(c, 1)',
      '}',
      '',
    ].join('\n');
  });
