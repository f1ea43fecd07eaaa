import { describe, expect, test } from '@jest/globals';
import type { Graph } from '../../../src/ir/graph.js';
import { codesOf, compile, diagnose, modelOf, nodeOf } from '../compile.js';

const namesOf = (graph: Graph): readonly string[] => graph.nodes.map(({ name }) => name);
const inputsOf = (graph: Graph, name: string): readonly string[] =>
  nodeOf(graph, name).inputs.map((id) => graph.nodes[id]!.name);

describe('names', () => {
  test('the last operation of a wire has its name, those before are numbered below it', () => {
    const { graph } = compile(modelOf('a = image -> conv(2) -> relu -> conv(3) -> relu'));
    expect(namesOf(graph)).toEqual(['image', 'a/conv1', 'a/relu1', 'a/conv2', 'a', 'mask']);
  });

  test('a block called at the end of a wire takes the name of the wire', () => {
    const text = `${modelOf('a = image -> max_pool(2) -> twice(4)')}
block twice(c: int) = conv(c) -> conv(c)`;
    expect(namesOf(compile(text).graph)).toEqual(['image', 'a/max_pool1', 'a/conv1', 'a', 'mask']);
  });

  test('blocks on the way are numbered and keep their own names inside', () => {
    const text = `${modelOf('a = image -> twice(4) -> twice(8) -> relu')}
block twice(c: int) = conv(c) -> conv(c)`;
    expect(namesOf(compile(text).graph)).toEqual([
      'image',
      'a/twice1/conv1',
      'a/twice1',
      'a/twice2/conv1',
      'a/twice2',
      'a',
      'mask',
    ]);
  });

  test('lines of a block stand between', () => {
    const text = `${modelOf('a = image -> residual(4)')}
block residual(c: int) {
  h = in -> conv(c) -> relu
  shortcut = in -> conv(c, 1)
  out = [shortcut, h] -> add -> relu
}`;
    const { graph } = compile(text);
    expect(namesOf(graph)).toEqual([
      'image',
      'a/h/conv1',
      'a/h',
      'a/shortcut',
      'a/add1',
      'a',
      'mask',
    ]);
    expect(inputsOf(graph, 'a/add1')).toEqual(['a/shortcut', 'a/h']);
  });

  test('are unique whatever a spec does', () => {
    const text = modelOf('a = image -> identity\nb = image -> [conv(2), conv(2)] -> add -> relu');
    const names = namesOf(compile(text.replace('a = image -> identity\n', '')).graph);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('scopes', () => {
  const text = `${modelOf('a = image -> outer(4)')}
/// Two inner blocks.
block outer(c: int) = inner(c, c / 2) -> inner(c: 2 * c)
block inner(c: int, mid: int = in.channels * 3) = conv(mid) -> conv(c)`;
  const { graph } = compile(text);

  test('keep which block made what, and where it was called', () => {
    expect(graph.scopes.map(({ name, block, parent }) => [name, block?.name, parent])).toEqual([
      ['', undefined, undefined],
      ['a', 'outer', 0],
      ['a/inner1', 'inner', 1],
      ['a', 'inner', 1],
    ]);
    expect(graph.scopes[1]!.block?.doc).toBe('Two inner blocks.');
  });

  test('know what they read and what they return', () => {
    const named = (id: number): string => graph.nodes[id]!.name;
    expect(
      graph.scopes.slice(1).map(({ inputs, output }) => [inputs.map(named), named(output)]),
    ).toEqual([
      [['image'], 'a'],
      [['image'], 'a/inner1'],
      [['a/inner1'], 'a'],
    ]);
  });

  test('record arguments as the caller wrote them in terms of its own parameters', () => {
    const c = { kind: 'parameter', name: 'c', scope: 1 };
    const two = { kind: 'number', value: 2 };
    expect(graph.scopes[2]!.args).toEqual([
      { name: 'c', value: 4, derivation: { formula: c, follows: [] } },
      {
        name: 'mid',
        value: 2,
        derivation: {
          formula: { kind: 'binary', operator: '/', left: c, right: two },
          follows: [],
        },
      },
    ]);
    expect(graph.scopes[3]!.args[0]).toEqual({
      name: 'c',
      value: 8,
      derivation: {
        formula: { kind: 'binary', operator: '*', left: two, right: c },
        follows: [],
      },
    });
  });

  test('a default is evaluated inside, where in.channels is that of the call', () => {
    expect(graph.scopes[3]!.args[1]).toMatchObject({ name: 'mid', value: 12 });
    expect(nodeOf(graph, 'a/inner1').derivations).toEqual({
      channels: { formula: { kind: 'parameter', name: 'c', scope: 2 }, follows: [] },
    });
  });
});

describe('parameters', () => {
  const block = (parameters: string, body: string, call: string): string =>
    `${modelOf(`b = image -> conv(3)\na = b -> ${call}`)}\nblock part(${parameters}) = ${body}`;

  test('of type tensor bring tensors from outside', () => {
    const { graph } = compile(
      `${modelOf('b = image -> conv(3)\na = b -> part(image)')}\nblock part(other: tensor) = [in, other] -> concat`,
    );
    expect(inputsOf(graph, 'a')).toEqual(['b', 'image']);
    expect(graph.scopes[1]!.inputs).toEqual([1, 0]);
  });

  test('of type stage run the pipeline where the block names it, as the caller sees it', () => {
    const { graph } = compile(
      `${modelOf('a = image -> around(8)')}
block around(c: int) = part(conv(c, 1) -> relu)
block part(body: stage) = body -> batch_norm -> body`,
    );
    expect(graph.nodes.map(({ op }) => op.kind)).toEqual([
      'input',
      'conv',
      'activation',
      'batch_norm',
      'conv',
      'activation',
      'conv',
    ]);
    expect(nodeOf(graph, 'a').channels).toBe(8);
  });

  test('of type stage take a bare layer or block', () => {
    const { graph } = compile(block('act: stage', 'conv(2) -> act', 'part(relu)'));
    expect(nodeOf(graph, 'a').op).toEqual({ kind: 'activation', function: 'relu' });
  });

  test.each([
    ['c: int', 'conv(c)', 'part(2.5)', 'UNET3014'],
    ['c: int', 'conv(c)', 'part', 'UNET3002'],
    ['c: int', 'conv(c)', 'part(2, 3)', 'UNET3004'],
    ['c: int', 'conv(c)', 'part(c: 2, c: 3)', 'UNET3005'],
    ['c: int', 'conv(c)', 'part(d: 2)', 'UNET2020'],
    ['c: int, k: int', 'conv(c, k)', 'part(c: 2, 3)', 'UNET3006'],
    ['t: tensor', '[in, t] -> concat', 'part(4)', 'UNET3014'],
    ['c: int', 'conv(c)', 'part(b)', 'UNET3014'],
  ])('(%s) called as %3$s is %4$s', (parameters, body, call, code) => {
    expect(codesOf(block(parameters, body, call))).toEqual([code]);
  });

  test('a block sees nothing of its caller', () => {
    const [found] = diagnose(block('', '[in, b] -> concat', 'part'));
    expect(found!.code).toBe('UNET2001');
  });
});

describe('conditions in pipelines', () => {
  const kinds = (wires: string): readonly string[] =>
    compile(modelOf(wires)).graph.nodes.map(({ op }) => op.kind);

  test('a step without else passes its input on', () => {
    expect(kinds('a = image -> conv(2) -> (batch_norm if 1 > 2) -> relu')).toEqual([
      'input',
      'conv',
      'activation',
      'conv',
    ]);
  });

  test('with else, one of the two runs', () => {
    expect(kinds('a = image -> (max_pool(2) if 1 > 2 else avg_pool(2))')).toEqual([
      'input',
      'avg_pool',
      'conv',
    ]);
  });

  test('a line is one of two', () => {
    const text = (width: number): string => `${modelOf(`a = image -> conv(4) -> part(${width})`)}
block part(c: int) {
  shortcut = in -> conv(c, 1) if in.channels != c else in
  out = [shortcut, in -> conv(c)] -> add
}`;
    expect(compile(text(4)).graph.nodes.map(({ name }) => name)).not.toContain('a/shortcut');
    expect(compile(text(8)).graph.nodes.map(({ name }) => name)).toContain('a/shortcut');
  });

  test('only the chosen side is looked at', () => {
    expect(codesOf(modelOf('a = image -> (conv(2) if 1 < 2 else conv(0))'))).toEqual([]);
  });
});

describe('lists of tensors', () => {
  test('run every branch on the same input', () => {
    const { graph } = compile(
      modelOf('a = image -> [conv(2), identity, conv(3) -> relu] -> concat'),
    );
    expect(inputsOf(graph, 'a')).toEqual(['a/conv1', 'image', 'a/relu1']);
    expect(nodeOf(graph, 'a').channels).toBe(2 + 1 + 3);
  });

  test.each([
    ['[image, image] -> conv(2)', 'UNET2013'],
    ['image -> concat', 'UNET2014'],
    ['conv(2) -> relu', 'UNET2012'],
    ['image -> 3', 'UNET2011'],
    ['image -> conv(2) -> image', 'UNET2011'],
    ['[image, image -> conv(2)] -> add', 'UNET4005'],
    ['image -> cnov(2)', 'UNET2001'],
  ])('%s is %s', (pipeline, code) => {
    expect(codesOf(modelOf(`a = ${pipeline}`))).toEqual([code]);
  });
});

describe('what is endless or too much', () => {
  test('blocks that call themselves', () => {
    const text = `${modelOf('a = image -> p')}\nblock p() = q\nblock q() = relu -> p`;
    const [found, ...more] = diagnose(text);
    expect(found!.message).toContain('p -> q -> p');
    expect(more).toEqual([]);
  });

  test('blocks that double what they call', () => {
    const blocks = Array.from(
      { length: 40 },
      (_, at) => `block b${at}() = ${at === 0 ? 'relu' : `b${at - 1} -> b${at - 1}`}`,
    );
    expect(codesOf(`${modelOf('a = image -> b39')}\n${blocks.join('\n')}`)).toEqual(['UNET2007']);
  });

  test('more channels than a tensor can have', () => {
    expect(codesOf(modelOf('a = image -> conv(65536)\nb = [a, a] -> concat'))).toEqual([
      'UNET4009',
    ]);
  });
});
