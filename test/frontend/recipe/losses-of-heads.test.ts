import { describe, expect, test } from '@jest/globals';
import { inferenceGraph } from '../../../src/ir/forms/inference-graph.js';
import { codesOf, compile, diagnose } from '../compile.js';

const spec = (train: string, head = ''): string => `
model Test {
  input image: [H, W, 1]
  wires { a = image -> conv(4) -> dropout(0.1), b = a -> conv(4) }
  head present: b -> conv(2, 1) -> global_max_pool -> sigmoid
  head mask: b -> conv(1, 1)${head}
  head parts: b -> conv(3, 1)
}
train Test { ${train} }
`;

const kinds = (text: string): unknown =>
  Object.fromEntries(
    Object.entries(compile(text).recipe.losses).map(([name, loss]) => [
      name,
      JSON.stringify(loss)
        .match(/"name":"\w+"/g)!
        .map((match) => match.slice(8, -1)),
    ]),
  );

describe('losses of several heads', () => {
  test('one for all that give masks, bce for one that classifies images', () => {
    expect(kinds(spec('loss: dice'))).toEqual({
      present: ['bce'],
      mask: ['dice'],
      parts: ['dice'],
    });
  });

  test('their own', () => {
    expect(kinds(spec('loss: dice, loss present: focal, loss parts: cross_entropy'))).toEqual({
      present: ['focal'],
      mask: ['dice'],
      parts: ['cross_entropy'],
    });
  });

  test('the recipe names that of the head that is predicted', () => {
    const { recipe } = compile(spec('loss mask: dice, loss parts: iou'));
    expect(recipe.loss).toEqual(recipe.losses['mask']);
  });

  test.each([
    ['loss present: dice', 'UNET3020'],
    ['loss present: bce * borders', 'UNET3020'],
    ['loss mask: cross_entropy', 'UNET3020'],
    ['loss other: bce', 'UNET2001'],
    ['loss mask: bce, loss mask: dice', 'UNET2004'],
  ])('%s is told', (train, code) => {
    expect(codesOf(spec(train))).toEqual([code]);
  });

  test('a loss that classifies images says why another does not fit', () => {
    expect(diagnose(spec('loss present: dice'))[0]!.message).toBe(
      'Loss "dice" does not fit head "present": it classifies whole images, and "dice" needs pixels.',
    );
  });
});

describe('what inference needs', () => {
  test('is one output a head, without dropout, under the same names', () => {
    const { graph, recipe } = compile(spec('loss: dice', ' { supervise: [a, b] }'));
    const inference = inferenceGraph(graph, recipe.losses);
    expect(inference.outputs.map(({ name }) => name)).toEqual(['present', 'mask', 'parts']);
    const names = inference.nodes.map(({ name }) => name);
    expect(names).not.toContain('a');
    expect(names).not.toContain('mask_a');
    expect(names).toContain('a/conv1');
  });

  test('is the mean of the probabilities where the head predicts it', () => {
    const text = spec('loss: dice', ' { supervise: [a, b], predict: average }');
    const { graph, recipe } = compile(text);
    const inference = inferenceGraph(graph, recipe.losses);
    const mask = inference.outputs.find(({ name }) => name === 'mask')!;
    const node = inference.nodes[mask.node]!;
    expect(node.op.kind).toBe('average');
    const functions = node.inputs.map((id) => inference.nodes[id]!.op);
    expect(functions).toEqual([
      { kind: 'activation', function: 'sigmoid' },
      { kind: 'activation', function: 'sigmoid' },
    ]);
  });
});
