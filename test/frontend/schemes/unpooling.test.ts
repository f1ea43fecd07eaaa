import { describe, expect, test } from '@jest/globals';
import { walkSizes } from '../../../src/ir/sizes/concrete.js';
import { codesOf, compile, diagnose, graphOf } from '../compile.js';

const segNet = (up: string, rest = '', skip = 'skip none'): string => `model M {
  input image: [H, W, 2]
  encoder plain { widths: [4, 5, 5], stage: conv(width, 3) -> relu, down: max_pool(2) ${rest} }
  ${skip}
  decoder { widths: [4, 4], up: ${up}, stage: conv(width, 3) -> relu }
  head mask: conv(1, 1)
}
`;

const wires = (lines: string, blocks = ''): string => `model M {
  input image: [H, W, 2]
  wires {
    a = image -> conv(4, 3) -> relu
    ${lines}
  }
  head mask: conv(1, 1)
}
${blocks}`;

/** The name of the tensor whose maxima each unpooling takes. */
function pooledBy(text: string): readonly (string | undefined)[] {
  const { nodes } = graphOf(text);
  return nodes.flatMap(({ op, inputs }) =>
    op.kind === 'max_unpool' ? [nodes[inputs[1]!]?.name] : [],
  );
}

describe('max_unpool', () => {
  test.each(['skip none', 'skip plain { merge: [skip, up] -> concat }'])(
    'goes up to the map of each level by its own pool: %s',
    (skip) => {
      expect(pooledBy(segNet('max_unpool(skip)', '', skip))).toEqual(['e2', 'e1']);
    },
  );

  test('takes every size, odd ones as well', () => {
    const { sizes } = compile(segNet('max_unpool(skip)'));
    expect(sizes.height.residues.map(({ residue, minimum }) => [residue, minimum])).toEqual([
      [0, 4],
      [1, 5],
      [2, 6],
      [3, 7],
    ]);
  });

  test('is as large as what its pool read, not twice as large as its input', () => {
    const { graph } = compile(segNet('max_unpool(skip)'));
    const { heights, widths } = walkSizes(graph, 13, 22);
    const sizeOf = (wanted: string) => {
      const { id } = graph.nodes.find(({ name }) => name === wanted)!;
      return [heights[id], widths[id]];
    };
    expect(['e3', 'u2', 'u1', 'mask'].map(sizeOf)).toEqual([
      [3, 5],
      [6, 11],
      [13, 22],
      [13, 22],
    ]);
  });

  test('names a pool, or what it alone reads', () => {
    const unpool = (pool: string): string =>
      wires(`p = a -> max_pool(2)\n b = p -> conv(4, 3) -> max_unpool(${pool})`);
    expect(pooledBy(unpool('p'))).toEqual(['a']);
    expect(pooledBy(unpool('a'))).toEqual(['a']);
  });

  test('works in a block on a tensor that it is given', () => {
    const back = 'block back(pooled: tensor) = conv(4, 3) -> max_unpool(pooled)\n';
    expect(pooledBy(wires('p = a -> max_pool(2)\n b = p -> back(a)', back))).toEqual(['a']);
    expect(codesOf(wires('p = a -> max_pool(2)\n b = p -> back(p)', back))).toEqual(['UNET2027']);
  });

  test.each([
    ['a mean', 'p = a -> avg_pool(2)\n b = p -> max_unpool(p)', 'UNET2027'],
    ['a maximum of all', 'p = a -> global_max_pool\n b = p -> max_unpool(p)', 'UNET2027'],
    [
      'different pools of one tensor',
      'p = a -> max_pool(2)\n q = a -> max_pool(4)\n b = p -> max_unpool(a) -> max_unpool(q)',
      'UNET2027',
    ],
    ['overlaps', 'p = a -> max_pool([2, 3], stride: 2)\n b = p -> max_unpool(p)', 'UNET4027'],
    ['other channels', 'p = a -> max_pool(2)\n b = p -> conv(8, 1) -> max_unpool(p)', 'UNET4018'],
    ['another size', 'p = a -> max_pool(2)\n b = p -> crop(1) -> max_unpool(p)', 'UNET4017'],
  ])('refuses %s', (_what, lines, code) => {
    expect(codesOf(wires(lines))).toEqual([code]);
  });

  test('two pools that do the same are one', () => {
    const lines =
      'p = a -> max_pool(2)\n q = a -> max_pool(2) -> relu\n b = [p, q] -> add -> max_unpool(a)';
    expect(diagnose(wires(lines))).toEqual([]);
  });
});
