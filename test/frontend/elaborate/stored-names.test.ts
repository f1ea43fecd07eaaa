import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';

/** A model around an encoder `net` with a tap `s1`, and perhaps blocks. */
const around = (body: string, blocks = '', fields = ''): string =>
  `${blocks}
encoder net(width: int = 4, kind: short | long = short) { ${body} }
model Named {
  input image: [H, W, 3]
  encoder net { ${fields} }
  head mask: conv(1, 1)
}
`;

/** What the operations of the encoder are called, and which errors were reported. */
function compile(text: string): {
  readonly names: Readonly<Record<string, string>>;
  readonly reported: readonly string[];
} {
  const { models, diagnostics } = compileText('names.unet', text);
  const nodes = [...(models[0]?.encoderFiles?.names ?? [])];
  const names = nodes.flatMap(([name, texts]) =>
    Object.entries(texts).map(([family, stored]) => [`${family} ${name}`, stored]),
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return { names: Object.fromEntries(names), reported: errors.map(({ message }) => message) };
}

test('operations with weights take the names of a line in order', () => {
  const body = `tap s1 = in -> conv(4, 3) -> relu -> batch_norm -> max_pool(2)
    names torch { s1: ["conv", "norm"] }`;
  expect(compile(around(body))).toEqual({
    names: { 'torch net/s1/conv1': 'conv', 'torch net/s1/batch_norm1': 'norm' },
    reported: [],
  });
});

test('braces take values of lets, loops, parameters and choices', () => {
  const body = `x = in
    for [i, word] in [[1, "a"], [2, "b"]] {
      let next = i + 1
      x = x -> conv(4, 3)
      names torch { x: "{kind}.{width}.{i}{word}.{ next }" }
    }
    tap s1 = x -> relu`;
  expect(compile(around(body)).names).toEqual({
    'torch net/x_1': 'short.4.1a.2',
    'torch net/x_2': 'short.4.2b.3',
  });
});

test('a block without names is as if its operations stood in the line', () => {
  const blocks = 'block unit(c: int) = conv(c, 3) -> batch_norm -> relu';
  const body = `tap s1 = in -> unit(4) -> unit(8)
    names torch { s1: ["a", "b", "c", "d"] }`;
  expect(Object.values(compile(around(body, blocks)).names)).toEqual(['a', 'b', 'c', 'd']);
});

test('a block with names has them continued by its caller, through blocks in blocks', () => {
  const blocks = `
block inner(c: int) {
  out = in -> conv(c, 3) -> batch_norm
  names torch { out: ["conv", "norm"] }
}
block outer(c: int) {
  h = in -> inner(c) -> relu -> inner(c)
  out = h -> conv(c, 1)
  names torch { h: ["first.", "second."], out: "last" }
}`;
  const body = `tap s1 = in -> outer(4)
    names torch { s1: "stage." }
    names keras { s1: ["k1", "k2", "k3", "k4", "k5"] }`;
  const { names, reported } = compile(around(body, blocks));
  expect(reported).toEqual([]);
  expect(
    Object.entries(names)
      .filter(([key]) => key.startsWith('torch'))
      .map(([, name]) => name),
  ).toEqual([
    'stage.first.conv',
    'stage.first.norm',
    'stage.second.conv',
    'stage.second.norm',
    'stage.last',
  ]);
  expect(
    Object.entries(names)
      .filter(([key]) => key.startsWith('keras'))
      .map(([, name]) => name),
  ).toEqual(['k1', 'k2', 'k3', 'k4', 'k5']);
});

test('a line that made nothing has nothing to name', () => {
  const body = `x = in -> conv(4, 3) -> batch_norm if kind == long else in
    tap s1 = x -> conv(4, 3)
    names torch { x: ["conv", "norm"], s1: "end" }`;
  expect(Object.values(compile(around(body)).names)).toEqual(['end']);
  const long = compile(around(body, '', 'kind: long'));
  expect(Object.values(long.names)).toEqual(['conv', 'norm', 'end']);
});

test('letters count as Keras counts blocks', () => {
  const body = `x = in
    for i in range(3) {
      x = x -> conv(4, 3)
      let which = letter(i)
      names keras { x: "block1{which}" }
    }
    tap s1 = x -> relu`;
  expect(Object.values(compile(around(body)).names)).toEqual(['block1a', 'block1b', 'block1c']);
});

describe('mistakes', () => {
  const line = 'tap s1 = in -> conv(4, 3) -> batch_norm';
  test.each([
    ['too few', 's1: "conv"', 'The line "s1" has 2 operations to name; found 1 name.'],
    ['numbers', 's1: [1, 2]', /is a string such as .*; found 1\.$/],
    ['an unknown line', 's2: "a"', 'Unknown field "s2" in "names torch"; expected "s1".'],
    ['an unknown value', 's1: ["a{at}", "b"]', /Unknown name "at"/],
    ['a value that is no text', 's1: ["a{in}", "b"]', /found a tensor\.$/],
  ])('%s', (_, entry, message) => {
    const { reported } = compile(around(`${line}\n names torch { ${entry} }`));
    expect(reported).toHaveLength(1);
    expect(reported[0]).toMatch(message);
  });

  test('names without a family, and letters beyond z', () => {
    expect(compile(around(`${line}\n names { s1: "a" }`)).reported[0]).toMatch(
      /"names" has no name/,
    );
    const far = `${line}\n let a = letter(26)\n names torch { s1: ["{a}", "b"] }`;
    expect(compile(around(far)).reported[0]).toMatch(/one whole number from 0 to 25/);
  });

  test('a parameter may not be called like a field of every encoder', () => {
    const text = around('tap s1 = in -> conv(4, 3)').replace('width: int = 4', 'freeze: int = 4');
    expect(compile(text).reported).toEqual([
      '"freeze" already names a field of encoders of the language.',
    ]);
  });
});

describe('fields of every declared encoder', () => {
  const text = (fields: string): string => around('tap s1 = in -> conv(4, 3)', '', fields);

  test('weights, their adaption, and whether they learn', () => {
    const { models } = compileText(
      'names.unet',
      text('weights: "w/net.safetensors", adapt_input: repeat, freeze: true'),
    );
    const { encoderFiles, graph } = models[0]!;
    expect(encoderFiles).toMatchObject({ file: 'w/net.safetensors', adaptInput: 'repeat' });
    expect(graph.nodes.map(({ isFrozen }) => isFrozen)).toEqual([false, true, false]);
  });

  test.each([
    ['weights: "/etc/passwd"', /lies outside/],
    ['weights: "C:\\\\net.h5"', /lies outside/],
    ['weights: "https://example.org/net.h5"', /lies outside/],
    ['weights: ""', /lies outside/],
    ['weights: 3', /"weights" of "encoder" takes a string/],
    ['adapt_input: mean', /takes "none", "sum", "repeat", "random"|takes .*sum/],
    ['freeze: 1', /takes true or false/],
    ['frieze: true', /Unknown field "frieze" in "encoder net"/],
  ])('%s', (fields, message) => {
    const { reported } = compile(text(fields));
    expect(reported).toHaveLength(1);
    expect(reported[0]).toMatch(message);
  });
});
