import { describe, expect, test } from '@jest/globals';
import { emitCase } from '../../codegen/cases.js';
import { compile, messagesOf, modelOf, nodeOf } from '../compile.js';

const u = `
block u(c: int, levels: int) {
  h = in -> conv(c)
  below = h -> max_pool(2) -> u(c + 1, levels - 1) -> nearest(2) if levels > 1 else h
  out = [h, below] -> concat -> conv(c)
}
`;
const model = (call: string, blocks: string): string =>
  `${modelOf(`a = image -> ${call}`)}${blocks}`;

describe('a block that calls itself', () => {
  test('ends where a number gets smaller and a condition leaves the call out', () => {
    const { graph } = compile(model('u(2, 3)', u));
    const convs = graph.nodes.filter(({ op }) => op.kind === 'conv');
    expect(convs.map(({ name, channels }) => [name, channels])).toEqual([
      ['a/h', 2],
      ['a/below/u1/h', 3],
      ['a/below/u1/below/u1/h', 4],
      ['a/below/u1/below/u1', 4],
      ['a/below/u1', 3],
      ['a', 2],
      ['mask', 1],
    ]);
    expect(nodeOf(graph, 'a').inputs).toHaveLength(1);
  });

  test('may do so through others, and several times', () => {
    const pair = `
block left(n: int) = right(n)
block right(n: int) = conv(2) -> (left(n - 1) if n > 0) -> (left(n - 1) if n > 0)
`;
    const { graph } = compile(model('left(2)', pair));
    expect(
      graph.nodes.filter(({ name, op }) => op.kind === 'conv' && name !== 'mask'),
    ).toHaveLength(7);
  });

  test('has a function for each depth ', async () => {
    const text = model('u(2, 3) -> u(4, 2)', u);
    const { code } = await emitCase({ name: 'u', file: 'u.unet', text, isValid: true });
    expect(code.match(/^function u\w*\(/gm)).toHaveLength(3);
  });
});

describe('without an end', () => {
  const endless = 'Block "u" calls itself without end: u -> u.';
  test.each([
    ['no number', 'block u() = relu -> u', 'u'],
    ['the same number', 'block u(n: int) = relu -> u(n)', 'u(2)'],
    ['a larger number', 'block u(n: int) = relu -> u(n + 1)', 'u(2)'],
    ['a number below 0', 'block u(n: int) = relu -> u(n - 1)', 'u(2)'],
    ['a word', 'block u(a: string) = relu -> u(a)', 'u("x")'],
  ])('%s', (_, block, call) => {
    expect(messagesOf(model(call, block))).toEqual([`UNET2005: ${endless}`]);
  });

  test('too many calls inside each other are told', () => {
    const block = 'block u(n: int) = relu -> (u(n - 1) if n > 0)';
    expect(messagesOf(model('u(1000)', block))[0]).toContain('UNET2006');
    expect(messagesOf(model('u(60)', block))).toEqual([]);
  });

  test('many at each depth end at the limit of the graph', () => {
    const block = 'block u(n: int) = relu -> (u(n - 1) if n > 0) -> (u(n - 1) if n > 0)';
    expect(messagesOf(model('u(60)', block))[0]).toContain('UNET2007');
  });
});
