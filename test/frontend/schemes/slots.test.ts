import { describe, expect, test } from '@jest/globals';
import { printExpression } from '../../../src/parser/format/format.js';
import { codesOf, compile } from '../compile.js';

const sections = {
  encoder: 'widths: 8 * [1, 2, 4], stage: part(width), down: max_pool(2)',
  skip: 'merge: [skip, up] -> concat',
  decoder: 'up: nearest(2), stage: part(width)',
  blocks: 'block part(c: int) = conv(c) -> relu',
};

function unet(changes: Partial<typeof sections>): string {
  const { encoder, skip, decoder, blocks } = { ...sections, ...changes };
  return `model Test(base: int = 8) {
  input image: [H, W, base]
  encoder plain {\n${encoder}\n}
  skip plain {\n${skip}\n}
  decoder {\n${decoder}\n}
  head mask: conv(1, 1)
}
${blocks}
`;
}

/** The wires that the schemes stand for, as `expand` prints them. */
const wiresOf = (changes: Partial<typeof sections>): readonly string[] =>
  compile(unet(changes)).unfolded.wires.map(
    ({ name, expression }) => `${name} = ${printExpression(expression)}`,
  );

/** The wires whose names begin with a letter. */
const some = (letters: string, changes: Partial<typeof sections>): readonly string[] =>
  wiresOf(changes).filter((line) => letters.includes(line[0]!));

test('schemes unfold from the top down and up again', () => {
  expect(wiresOf({})).toEqual([
    'e1 = image -> part(8)',
    'e2 = e1 -> max_pool(2) -> part(16)',
    'e3 = e2 -> max_pool(2) -> part(32)',
    'u2 = e3 -> nearest(2)',
    'd2 = [e2, u2] -> concat -> part(16)',
    'u1 = d2 -> nearest(2)',
    'd1 = [e1, u1] -> concat -> part(8)',
  ]);
});

test('full-scale skips need no branch: each tensor that is moved has a name of its own', () => {
  const text = unet({ encoder: 'widths: 8 * [1, 2, 4, 8], stage: part(width), down: max_pool(2)' })
    .replace(
      'skip plain {\nmerge: [skip, up] -> concat\n}',
      'skip full_scale { down: max_pool(factor) }',
    )
    .replace('nearest(2)', 'nearest(factor)');
  const { unfolded } = compile(text);
  expect(unfolded.wires.map(({ name }) => name).filter((name) => !/^[ed]/.test(name))).toEqual([
    'b3_e1',
    'b3_e2',
    'b3_e4',
    'b2_e1',
    'b2_d3',
    'b2_e4',
    'b1_d2',
    'b1_d3',
    'b1_e4',
  ]);
});

describe('widths', () => {
  test('are written as the parameters they come from', () => {
    expect(
      some('e', { encoder: 'widths: base * [1, 2, 4], stage: part(width), down: max_pool(2)' }),
    ).toEqual([
      'e1 = image -> part(base)',
      'e2 = e1 -> max_pool(2) -> part(base * 2)',
      'e3 = e2 -> max_pool(2) -> part(base * 4)',
    ]);
  });

  test('of the decoder are its own, one fewer', () => {
    expect(some('d', { decoder: 'widths: [5, 6], up: nearest(2), stage: part(width)' })).toEqual([
      'd2 = [e2, u2] -> concat -> part(6)',
      'd1 = [e1, u1] -> concat -> part(5)',
    ]);
  });

  test.each(['[8]', '8', '[8, 0]', '[8, 2.5]', '[8, [1]]'])('%s are none', (widths) => {
    expect(
      codesOf(unet({ encoder: `widths: ${widths}, stage: part(width), down: max_pool(2)` })),
    ).toEqual(['UNET3019']);
  });

  test('with a word are an unknown name', () => {
    expect(
      codesOf(unet({ encoder: 'widths: [8, same], stage: part(width), down: max_pool(2)' })),
    ).toEqual(['UNET2001']);
  });

  test('of a decoder with another number of levels are an error', () => {
    expect(
      codesOf(unet({ decoder: 'widths: [5, 6, 7], up: nearest(2), stage: part(width)' })),
    ).toEqual(['UNET3019']);
  });
});

describe('a block is called with its channels', () => {
  const changes = (stage: string, blocks: string): Partial<typeof sections> => ({
    encoder: `widths: [8, 16], stage: ${stage}, down: max_pool(2)`,
    decoder: 'up: nearest(2), stage: relu',
    blocks,
  });

  test.each([
    ['part(width)', 'block part(c: int) = conv(c)', 'part(8)'],
    ['part(width, k: 5)', 'block part(c: int, k: int = 3) = conv(c, k)', 'part(8, k: 5)'],
    ['part(c: 4)', 'block part(c: int) = conv(c)', 'part(c: 4)'],
    ['part(4)', 'block part(c: int) = conv(c)', 'part(4)'],
    ['part', 'block part(c: int = 4) = conv(c)', 'part'],
    ['part', 'block part() = relu', 'part'],
    [
      'wrap(part(width))',
      'block wrap(s: stage) = s\nblock part(c: int) = conv(c)',
      'wrap(part(8))',
    ],
  ])('%s of %s becomes %s', (stage, blocks, expected) => {
    expect(some('e', changes(stage, blocks))[0]!).toContain(`image -> ${expected}`);
  });

  test.each([
    ['part', 'block part(c: int) = conv(c)'],
    ['part()', 'block part(c) = conv(c)'],
    ['part(k: 5)', 'block part(c: int, k: int = 3) = conv(c, k)'],
    ['part(same)', 'block part(padding: same | valid, c: int) = conv(c, padding: padding)'],
    ['wrap(part)', 'block wrap(s: stage) = s\nblock part(c: int) = conv(c)'],
  ])('%s of %s lacks them', (stage, blocks) => {
    expect(codesOf(unet(changes(stage, blocks)))).toEqual(['UNET3002']);
  });
});

describe('what slots know', () => {
  const stage = (text: string): readonly string[] =>
    some('ep', {
      encoder: `widths: [8, 16, 32], stage: ${text}, down: max_pool(2)`,
      decoder: 'up: nearest(2), stage: relu',
      blocks: '',
    });

  test('width and level are those of the level, and arithmetic on them is done', () => {
    expect(stage('conv(width / 2, 2 * level + 1)')).toEqual([
      'e1 = image -> conv(4, 3)',
      'e2 = e1 -> max_pool(2) -> conv(8, 5)',
      'e3 = e2 -> max_pool(2) -> conv(16, 7)',
    ]);
  });

  test('conditions on the level are decided', () => {
    expect(
      stage('conv(width) -> (dropout(0.5) if level >= 3) -> (relu if level == 1 else elu)'),
    ).toEqual([
      'e1 = image -> conv(8) -> relu',
      'e2 = e1 -> max_pool(2) -> conv(16) -> elu',
      'e3 = e2 -> max_pool(2) -> conv(32) -> dropout(0.5) -> elu',
    ]);
  });

  test('a stage that asks for its input gets a name for it', () => {
    expect(stage('conv(in.channels)')).toEqual([
      'e1 = image -> conv(image.channels)',
      'p2 = e1 -> max_pool(2)',
      'e2 = p2 -> conv(p2.channels)',
      'p3 = e2 -> max_pool(2)',
      'e3 = p3 -> conv(p3.channels)',
    ]);
  });

  test('so does a decoder stage, whose input is the merge', () => {
    expect(some('md', { decoder: 'up: nearest(2), stage: part(in.channels / 2)' })).toEqual([
      'm2 = [e2, u2] -> concat',
      'd2 = m2 -> part(m2.channels / 2)',
      'm1 = [e1, u1] -> concat',
      'd1 = m1 -> part(m1.channels / 2)',
    ]);
  });

  test('down and up know the tensors they start from', () => {
    const wires = wiresOf({
      encoder: 'widths: [8, 16], stage: part(width), down: conv(in.channels, 3, stride: 2)',
      decoder: 'up: conv_transpose(in.channels / 2, 2), stage: part(width)',
    });
    expect(wires[1]).toBe('e2 = e1 -> conv(e1.channels, 3, stride: 2) -> part(16)');
    expect(wires[2]).toBe('u1 = e2 -> conv_transpose(e2.channels / 2, 2)');
  });
});

describe('levels', () => {
  test('say what is different, the rest stays', () => {
    expect(
      some('e', {
        encoder:
          'widths: [8, 16, 32], stage: part(width), down: max_pool(2)\n' +
          'level 2, 3 { stage: part(width) -> dropout(0.5) }',
      }),
    ).toEqual([
      'e1 = image -> part(8)',
      'e2 = e1 -> max_pool(2) -> part(16) -> dropout(0.5)',
      'e3 = e2 -> max_pool(2) -> part(32) -> dropout(0.5)',
    ]);
  });

  test('of skips and decoders are counted from the top, too', () => {
    expect(
      some('ud', {
        skip: 'level 1 { merge: up }',
        decoder: 'up: nearest(2), stage: part(width)\nlevel 2 { up: bilinear(2) }',
      }),
    ).toEqual([
      'u2 = e3 -> bilinear(2)',
      'd2 = [e2, u2] -> concat -> part(16)',
      'u1 = d2 -> nearest(2)',
      'd1 = u1 -> part(8)',
    ]);
  });

  test.each([
    [
      'encoder',
      'widths: [8, 16], stage: part(width), down: max_pool(2)\nlevel 3 { stage: part(width) }',
    ],
    [
      'encoder',
      'widths: [8, 16], stage: part(width), down: max_pool(2)\nlevel 0 { stage: part(width) }',
    ],
    ['decoder', 'up: nearest(2), stage: part(width)\nlevel 3 { stage: part(width) }'],
  ] as const)('%s levels that do not exist are told', (section, body) => {
    expect(codesOf(unet({ [section]: body }))).toContain('UNET2019');
  });

  test('are given once', () => {
    const body = `${sections.decoder}\nlevel 1 { up: bilinear(2) }\nlevel 1 { stage: relu }`;
    expect(codesOf(unet({ decoder: body }))).toEqual(['UNET2004']);
  });
});

describe('alignment', () => {
  const merged = (align: string, merge = '[skip, up] -> concat'): readonly string[] =>
    some('ad', { skip: `merge: ${merge}, align: ${align}` }).filter((line) => line[1] === '1');

  test.each([
    ['none', 'd1 = [e1, u1] -> concat -> part(8)'],
    ['crop', 'd1 = [e1 -> crop_to(u1), u1] -> concat -> part(8)'],
    ['crop(rounding: floor)', 'd1 = [e1 -> crop_to(u1, rounding: floor), u1] -> concat -> part(8)'],
    ['pad', 'd1 = [e1, u1 -> pad_to(e1)] -> concat -> part(8)'],
    ['resize(nearest)', 'd1 = [e1, u1 -> resize_to(e1, nearest)] -> concat -> part(8)'],
    ['crop if base > 8 else pad', 'd1 = [e1, u1 -> pad_to(e1)] -> concat -> part(8)'],
  ])('%s', (align, expected) => expect(merged(align)).toEqual([expected]));

  test('names the tensor that a merge uses twice or as an argument', () => {
    expect(merged('pad', '[skip, up, up] -> concat')).toEqual([
      'a1 = u1 -> pad_to(e1)',
      'd1 = [e1, a1, a1] -> concat -> part(8)',
    ]);
    expect(merged('crop', '[up -> conv(skip.channels), skip] -> add')).toEqual([
      'a1 = e1 -> crop_to(u1)',
      'd1 = [u1 -> conv(a1.channels), a1] -> add -> part(8)',
    ]);
  });

  test('that nobody knows is told', () => {
    expect(codesOf(unet({ skip: 'align: corp' }))).toContain('UNET3003');
  });
});
