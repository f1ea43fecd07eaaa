import { describe, expect, test } from '@jest/globals';
import { diagnose, messagesOf } from '../compile.js';

interface Scheme {
  readonly encoder?: string;
  readonly skip?: string;
  readonly decoder?: string;
}

const model = ({ encoder = '', skip = 'plain', decoder = '' }: Scheme): string => `
block narrow(n: int) = conv(n, 1)
model Test {
  input image: [H, W, 1]
  encoder plain {
    widths: [2, 4, 6]
    ${encoder.includes('stage:') ? '' : 'stage: conv(width, 3)'}
    ${encoder.includes('down:') ? '' : 'down: max_pool(2)'}
    ${encoder}
  }
  skip ${skip}
  decoder {
    ${decoder.includes('up:') ? '' : 'up: nearest(2)'}
    ${decoder.includes('stage:') ? '' : 'stage: narrow(width)'}
    ${decoder}
  }
  head mask: narrow(1)
}
`;

const fullScale = (down: string, up: string): Scheme => ({
  skip: `full_scale {\n down: ${down}\n branch: conv(2, 3)\n }`,
  decoder: `up: ${up}`,
});

/** What each slot may ask for, by name; every other slot variable is unknown there. */
const slots: readonly (readonly [
  slot: string,
  write: (value: string) => Scheme,
  known: readonly string[],
])[] = [
  ['stage of the encoder', (v) => ({ encoder: `stage: conv(${v}, 3)` }), ['width', 'level']],
  [
    'down of the encoder',
    (v) => ({ encoder: `down: conv(${v}, 2, stride: 2)` }),
    ['width', 'level'],
  ],
  ['stage of the decoder', (v) => ({ decoder: `stage: conv(${v}, 3)` }), ['width', 'level']],
  [
    'up of the decoder',
    (v) => ({ decoder: `up: conv_transpose(${v}, 2)` }),
    ['width', 'level', 'factor'],
  ],
  [
    'stage of a nested decoder',
    (v) => ({ skip: 'nested', decoder: `stage: conv(${v}, 3)` }),
    ['width', 'level', 'column'],
  ],
  [
    'down of full-scale skips',
    (v) => fullScale(`max_pool(factor, rounding: ceil) -> conv(${v}, 1)`, 'bilinear(factor)'),
    ['width', 'level', 'factor'],
  ],
  [
    'up of full-scale decoders',
    (v) => fullScale('max_pool(factor, rounding: ceil)', `bilinear(factor) -> conv(${v}, 1)`),
    ['width', 'level', 'factor'],
  ],
];

describe.each(slots)('%s', (_, write, known) => {
  test.each(['width', 'level', 'column', 'factor'])('%s', (name) => {
    const codes = diagnose(model(write(name))).map(({ code }) => code);
    expect([...new Set(codes)]).toEqual(known.includes(name) ? [] : ['UNET2001']);
  });
});

describe('widths of the decoder', () => {
  test.each<Scheme>([
    { decoder: 'widths: [3, 5]\nstage: conv(width, 3)' },
    { decoder: 'widths: [3, 5]\nstage: narrow(width)' },
    { decoder: 'widths: [3, 5]\nup: conv_transpose(width, 2)\nstage: conv(7, 3)' },
    { decoder: 'widths: [3, 5]\nstage: conv(7, 3)\nlevel 2 { stage: conv(width, 3) }' },
    {
      skip: 'plain { merge: [skips, up] -> concat -> narrow(width) }',
      decoder: 'widths: [3, 5]\nstage: relu',
    },
    { decoder: 'stage: conv(7, 3)' },
  ])('are taken: %j', (scheme) => {
    expect(messagesOf(model(scheme))).toEqual([]);
  });

  test('that no slot takes are told', () => {
    for (const stage of ['conv(7, 3)', 'narrow(7)', 'relu']) {
      const [problem, ...others] = diagnose(model({ decoder: `widths: [3, 5]\nstage: ${stage}` }));
      expect(others).toEqual([]);
      expect(problem).toMatchObject({ code: 'UNET5018', severity: 'warning' });
      expect(problem!.message).toContain('no slot takes the "width" of its level');
    }
  });
});
