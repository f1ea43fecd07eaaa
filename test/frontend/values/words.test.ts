import { describe, expect, test } from '@jest/globals';
import { compile, diagnose, messagesOf, type Settings } from '../compile.js';

/** A model with parameters around one line. */
const around = (line: string, parameters = ''): string =>
  `model Test(mode: same | valid = same, depth: 18 | 34 = 18, base: int = 8${parameters}) {
  input image: [H, W, 1]
  wires { a = image -> ${line} }
  head mask: a -> conv(base if depth == 18 and mode == same else 1, 1)
}
`;

describe('a bare word is one only beside what has it', () => {
  test.each([
    ['(dropout(0.5) if bsae == 3)', 'bsae', 'base'],
    ['(relu if dpeth == depth)', 'dpeth', 'depth'],
    ['(relu if base != bsae)', 'bsae', 'base'],
    ['(relu if base == 9 and mdoe == same)', 'mdoe', 'mode'],
    ['(relu if bsae)', 'bsae', 'base'],
    ['conv(max(1, bsae), 3)', 'bsae', 'base'],
    ['conv(-bsae, 3)', 'bsae', 'base'],
    ['conv(8 if base == 8 else bsae, 3)', 'bsae', 'base'],
    ['conv(8 if base == 8 else bsae + 1, 3)', 'bsae', 'base'],
    ['conv(8, 3, padding: same if base == 8 else vaild)', 'vaild', 'valid'],
  ])('%s', (line, word, meant) => {
    const [problem, ...others] = diagnose(around(line));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'UNET2001', help: [`Did you mean "${meant}"?`] });
    expect(problem!.message).toContain(`"${word}"`);
  });

  test.each([
    'conv(8, 3, padding: mode)',
    'conv(8, 3, padding: valid if mode == same else same)',
    'conv(8, 3, padding: same if base == 8 else 1)',
    '(relu if same == mode)',
  ])('%s is fine', (line) => {
    expect(messagesOf(around(line))).toEqual([]);
  });

  test('a default, and the items of a loop', () => {
    expect(messagesOf(around('relu', ', rate: float = bsae'))[0]).toMatch(/UNET2001.*"bsae"/);
    const block = 'block b(n: int) {\n  x = in\n  for i in n_ { x = x -> relu }\n  out = x\n}\n';
    expect(messagesOf(around('b(2)') + block)[0]).toMatch(/UNET2001.*"n_"; expected a list/);
  });

  test('a parameter without a type has no words to compare with', () => {
    const block = 'block b(kind) = relu if kind == smooth else relu6\n';
    const [problem] = diagnose(`${around('b(smooth)')}${block}`);
    expect(problem).toMatchObject({
      code: 'UNET2001',
      help: ['Declare the words that it takes: "kind: smooth | ...".'],
    });
  });

  test('in a block that nobody calls', () => {
    const block = 'block b(form: torch | keras) = relu if form == kears else relu6\n';
    expect(messagesOf(around('relu') + block)).toEqual([expect.stringMatching(/"kears"/)]);
  });
});

describe('what a parameter takes', () => {
  const limited = `model Test(levels: int from 2 to 4 = 3, rate: float above 0 below 1 = 0.5, depth: 18 | -34 = 18) {
  error: "{levels} levels are too many for a rate of {rate}." if levels > 3 and rate > 0.2
  input image: [H, W, 1]
  wires { a = image -> dropout(rate) -> (relu if depth == -34) }
  head mask: a -> conv(levels, 1)
}
`;

  test.each([
    [{ levels: '1' }, 'takes a whole number from 2 to 4, found "1"'],
    [{ levels: '5' }, 'takes a whole number from 2 to 4, found "5"'],
    [{ levels: '2.5' }, 'takes a whole number from 2 to 4, found "2.5"'],
    [{ rate: '0' }, 'takes a number above 0 below 1, found "0"'],
    [{ rate: '1' }, 'takes a number above 0 below 1, found "1"'],
    [{ depth: '50' }, 'takes 18 or -34, found "50"'],
    [{ levels: '4' }, 'Model "Test" does not allow this: 4 levels are too many for a rate of 0.5.'],
  ])('%j is told', (set, text) => {
    const messages = messagesOf(limited, set);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(text);
  });

  test.each<Settings>([{}, { levels: '2' }, { levels: '4', rate: '0.1' }, { depth: '-34' }])(
    '%j is fine',
    (set) => {
      expect(compile(limited, set).graph.outputs).toHaveLength(1);
    },
  );

  test('a comparison with a number that it cannot be', () => {
    expect(messagesOf(limited.replace('depth == -34', 'depth == 50'))).toEqual([
      'UNET3016: "50" is not one of the values that "depth" takes; expected 18 or -34.',
    ]);
  });

  test.each([
    ['int from 3 to 2', 'no number is from 3 to 2'],
    ['float above 1 below 1', 'no number is above 1 below 1'],
    ['bool from 1', '"from" limits an "int" or a "float"'],
  ])('%s is no type', (type, reason) => {
    expect(messagesOf(limited.replace('int from 2 to 4', type))[0]).toContain(reason);
  });

  test('of the library is what it implements', () => {
    const withEncoder = (fields: string): string =>
      `import resnet from "std/resnet"\nmodel M {\n  input image: [H, W, 3]\n  encoder resnet { ${fields} }\n  head mask: s32 -> conv(1, 1)\n}\n`;
    expect(messagesOf(withEncoder('depth: 35'))).toEqual([
      'UNET3014: Parameter "depth" of "resnet" takes 18, 34, 50, 101 or 152, found 35.',
    ]);
    expect(messagesOf(withEncoder('base: 0'))[0]).toMatch(/a whole number from 1, found 0/);
  });
});

describe('what is proposed is of the nature that was meant', () => {
  test.each([
    ['linear(3)', '"conv(c, 1)"'],
    ['linear', '"identity"'],
    ['Conv3d(8, 3)', '"conv" is of images'],
    ['MaxPool3D(2)', '"max_pool" is of images'],
    ['conv_transpose_3d(8)', '"conv_transpose" is of images'],
    ['BatchNorm1d', 'take "batch_norm"'],
    ['conv1d(8)', '[1, L, channels]'],
    ['deform_conv3d(8)', 'Networks have two axes.'],
    ['MultiHeadAttention(4)', '"q -> attention(k, v, heads)"'],
    ['self_attention(4)', '"q -> attention(k, v, heads)"'],
    ['PatchEmbed(96)', 'stride: 4'],
    ['squeeze_excite', '"std/blocks"'],
  ])('an operation that does not exist: %s', (line, advice) => {
    const [problem, ...others] = diagnose(around(line));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'UNET2001', fixes: [] });
    expect(problem!.help.join(' ')).toContain(advice);
    expect(problem!.help.join(' ')).not.toContain('Did you mean');
  });

  test('a list before a layer that names its other tensors', () => {
    const [problem, ...others] = diagnose(
      around('conv(4, 1)').replace(
        'a = image',
        'a = [image, image, image] -> attention(2)\n    b = image',
      ),
    );
    expect(others.map(({ code }) => code)).toEqual([]);
    expect(problem).toMatchObject({ fixes: [] });
    expect(problem!.help).toEqual([
      'Let the first flow in and name the others: "x -> attention(keys, values, ...)".',
    ]);
  });

  const schemes = (stage: string, up = 'nearest(2)'): string => `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4], stage: ${stage}, down: max_pool(2) }
  skip plain
  decoder { up: ${up}, stage: conv(width, 3) }
  head mask: conv(1, 1)
}
`;

  test.each([
    ['conv(width, 3) -> (dropout(0.5) if levle == 2)', 'levle', 'level'],
    ['conv(widht, 3)', 'widht', 'width'],
    ['conv(widthe * 2, 3)', 'widthe', 'width'],
  ])('a slip in what a slot takes: %s', (stage, word, meant) => {
    const [problem, ...others] = diagnose(schemes(stage));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'UNET2001', help: [`Did you mean "${meant}"?`] });
    const fixed = schemes(stage.replace(word, meant));
    expect(problem!.fixes.map(({ edits }) => edits.map(({ text }) => text))).toEqual([[meant]]);
    expect(messagesOf(fixed)).toEqual([]);
  });

  test('"in ->" before the layers of a slot', () => {
    const text = schemes('in -> conv(width, 3)', 'in -> nearest(2)');
    const found = diagnose(text);
    expect(found.map(({ code, span }) => [code, text.slice(span.start, span.end)])).toEqual([
      ['UNET2011', 'in'],
      ['UNET2011', 'in'],
    ]);
    expect(found.map(({ fixes }) => fixes.map(({ title }) => title))).toEqual([
      ['Take out "in ->"'],
      ['Take out "in ->"'],
    ]);
    expect(messagesOf(schemes('[in, in -> conv(width, 3)] -> concat'))).toEqual([]);
  });

  test('"in" where nothing flows in', () => {
    const text = around('relu').replace('a = image ->', 'a = in ->');
    const [problem, ...others] = diagnose(text);
    expect(others).toEqual([]);
    expect(problem!.help).toEqual([
      '"in" is what flows into a block; here a wire or a head begins with a tensor.',
    ]);
  });
});

test.each([
  ['input image: [H, W, 1]', 'Give each input a name of its own'],
  ['encoder plain { widths: [2], stage: relu }', 'Give each encoder a name of its own'],
  ['decoder { up: nearest(2), stage: relu }', 'Give each decoder a name of its own'],
])('a second section says how to write what was meant: %s', (line, advice) => {
  const text = `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4], stage: conv(width, 3), down: max_pool(2) }
  skip plain
  decoder { up: nearest(2), stage: conv(width, 3) }
  ${line}
  head mask: conv(1, 1)
}
`;
  const [problem, ...others] = diagnose(text);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ code: 'UNET2004', labels: [{ text: 'first given here' }] });
  expect(problem!.help.join(' ')).toContain(advice);
});
