import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { SourceFile } from '../../../src/diagnostics/source.js';
import { expandText } from '../../../src/expand-text.js';
import { costOf } from '../../../src/ir/reports/cost.js';
import { walkSizes } from '../../../src/ir/sizes/concrete.js';
import { graphWeights } from '../../../src/codegen/tfjs/weights.js';
import type { Graph } from '../../../src/ir/graph.js';
import { codesOf, compile, diagnose, messagesOf, modelOf, nodeOf } from '../compile.js';

/** A model of some lines of wires. */
const wiresOf = (...lines: readonly string[]): string => modelOf(lines.join('\n'));

const weightNames = (graph: Graph): readonly string[] =>
  graphWeights(graph).map(({ name }) => name);

const stepped = wiresOf(
  'shared step = conv(4, 3) -> batch_norm -> relu',
  'w = image -> conv(4, 1)',
  'a = w -> step',
  'b = a -> step -> relu',
);

describe('an instance', () => {
  test('has its weights once, by its own name', () => {
    expect(weightNames(compile(stepped).graph).filter((name) => name.startsWith('step'))).toEqual([
      'step/conv1/kernel',
      'step/conv1/bias',
      'step/batch_norm1/gamma',
      'step/batch_norm1/beta',
      'step/batch_norm1/moving_mean',
      'step/batch_norm1/moving_variance',
    ]);
  });

  test('leaves the tensors of the spec their names', () => {
    const { graph } = compile(stepped);
    expect(nodeOf(graph, 'a').op.kind).toBe('activation');
    expect(nodeOf(graph, 'a').sharedName).toBe('step');
    expect(nodeOf(graph, 'b').sharedName).toBeUndefined();
  });

  test('costs its weights once and its multiply-adds at each call', () => {
    const once = compile(
      wiresOf('w = image -> conv(4, 1)', 'a = w -> conv(4, 3) -> batch_norm'),
    ).graph;
    const twice = compile(
      wiresOf('shared s = conv(4, 3) -> batch_norm', 'w = image -> conv(4, 1)', 'a = w -> s -> s'),
    ).graph;
    const [one, two] = [once, twice].map((graph) => {
      const { heights, widths } = walkSizes(graph, 8, 8);
      return costOf(graph, heights, widths);
    });
    expect(two!.parameters).toBe(one!.parameters);
    expect(two!.trainable).toBe(one!.trainable);
    expect(two!.macs - one!.macs).toBe(4 * 4 * 9 * 64);
  });

  test('of a block belongs to one call of the block', () => {
    const text = `${wiresOf('w = image -> conv(4, 1)', 'a = w -> again(4) -> again(4)')}
block again(c: int) {
  shared s = conv(c, 3)
  out = in -> s -> s
}`;
    expect(weightNames(compile(text).graph).filter((name) => name.includes('/s/'))).toEqual([
      'a/again1/s/kernel',
      'a/again1/s/bias',
      'a/s/kernel',
      'a/s/bias',
    ]);
  });

  test('shares what is inside of it, instances too', () => {
    const text = `${wiresOf('shared both = again(4) -> conv(4, 1)', 'w = image -> conv(4, 1)', 'a = w -> both', 'b = a -> both')}
block again(c: int) {
  shared s = conv(c, 3)
  out = in -> s -> s
}`;
    expect(weightNames(compile(text).graph).filter((name) => name.startsWith('both'))).toEqual([
      'both/again1/s/kernel',
      'both/again1/s/bias',
      'both/kernel',
      'both/bias',
    ]);
  });

  test('is called by slots of schemes and by heads', () => {
    const text = `model A {
  input image: [H, W, 4]
  encoder plain { widths: [4, 4, 4], stage: step, down: max_pool(2) }
  skip plain { merge: [skip, up] -> add }
  decoder { up: nearest(2), stage: step }
  wires { shared step = relu -> conv(4, 3) }
  head mask: d1 -> step
}`;
    const { graph } = compile(text);
    expect(weightNames(graph)).toEqual(['step/kernel', 'step/bias']);
    expect(graph.nodes.filter(({ op }) => op.kind === 'conv')).toHaveLength(6);
  });

  test('stands for a stage', () => {
    const text = `${wiresOf('shared s = conv(4, 3)', 'w = image -> conv(4, 1)', 'a = w -> thrice(s)')}
block thrice(body: stage) = body -> body -> body`;
    expect(weightNames(compile(text).graph).filter((name) => name.startsWith('s/'))).toEqual([
      's/kernel',
      's/bias',
    ]);
  });

  test('in a loop is a new one each round', () => {
    const text = `${wiresOf('w = image -> conv(4, 1)', 'a = w -> twice')}
block twice() {
  h = in
  for i in range(2) {
    shared s = conv(4, 3)
    h = h -> s -> s
  }
  out = h
}`;
    const kernels = weightNames(compile(text).graph).filter((name) => /\/s.*kernel/.test(name));
    expect(kernels).toEqual(['a/s/kernel', 'a/s_2/kernel']);
  });

  test('of names that meet others gets another', () => {
    const text = wiresOf(
      'shared conv1 = conv(4, 3)',
      'w = image -> conv(4, 1)',
      'a = w -> conv1 -> conv1',
    );
    expect(new Set(weightNames(compile(text).graph)).size).toBe(6);
  });

  test('is named in files of weights by its line, once', () => {
    const text = `encoder tiny() {
  names torch { stem: "stem", step: ["body.conv", "body.norm"] }
  shared again = conv(4, 1)
  shared step = conv(4, 3) -> batch_norm
  stem = in -> conv(4, 3)
  h = stem -> step -> step -> again -> again
  tap s1 = h -> relu
  names torch { stem: "stem", step: ["body.conv", "body.norm"], again: "last" }
}
model A {
  input image: [H, W, 3]
  encoder tiny { }
  head mask: s1 -> conv(1, 1)
}`.replace('  names torch { stem: "stem", step: ["body.conv", "body.norm"] }\n', '');
    expect([...compile(text).encoderFiles!.names]).toEqual([
      ['tiny/stem', { torch: 'stem' }],
      ['tiny/step/conv1', { torch: 'body.conv' }],
      ['tiny/step', { torch: 'body.norm' }],
      ['tiny/again', { torch: 'last' }],
    ]);
  });
});

test('expand keeps instances, and its text is the same network', () => {
  const text = `model A {
  input image: [H, W, 4]
  encoder plain { widths: [4, 4], stage: step, down: max_pool(2) }
  skip none
  decoder { up: nearest(2), stage: step }
  wires { shared step = conv(4, 3) -> relu }
  head mask: d1 -> conv(1, 1)
}`;
  const model = compile(text);
  const expanded = expandText(new SourceFile('a.unet', text), model);
  expect(expanded).toContain('shared step = conv(4, 3) -> relu');
  const plain = ({ nodes }: Graph): unknown =>
    nodes.map(({ name, sharedName, op }) => [name, sharedName, op]);
  expect(plain(compile(expanded).graph)).toEqual(plain(model.graph));
});

describe('what is wrong', () => {
  test('a name that a tensor has', () => {
    expect(
      codesOf(wiresOf('shared a = conv(4, 3)', 'a = image -> conv(4, 1)', 'b = a -> relu')),
    ).toContain('UNET2004');
  });

  test('layers that were meant are told of by the name of a tensor', () => {
    const [found] = diagnose(wiresOf('layer = image -> conv(4, 3)', 'a = image -> layer'));
    expect(found!.code).toBe('UNET2011');
    expect(found!.help.join(' ')).toContain('"shared layer = conv(64, 3)"');
  });

  test('a pipeline that nothing calls is checked all the same', () => {
    expect(codesOf(wiresOf('shared s = konv(4, 3)', 'a = image -> conv(4, 1)'))).toEqual([
      'UNET2001',
    ]);
  });

  test('other channels point at both calls', () => {
    const [found] = diagnose(wiresOf('shared s = conv(4, 3)', 'a = image -> s', 'b = a -> s'));
    expect([found!.code, found!.labels.map(({ text }) => text)]).toEqual([
      'UNET2210',
      ['first called here, with 1 channel'],
    ]);
  });

  test('chains of instances end at a limit', () => {
    const lines = Array.from({ length: 80 }, (_, at) =>
      at === 0 ? 'shared s0 = relu' : `shared s${at} = s${at - 1} -> relu`,
    );
    expect(messagesOf(wiresOf(...lines, 'a = image -> s79 -> s79')).join()).toContain(
      'nested more than',
    );
  });
});

describe('calls that the text counts', () => {
  test.each([
    ['a = image -> conv(4, 1) -> s', ['UNET2214']],
    ['a = image -> conv(4, 1) -> s -> s', []],
    ['a = image -> conv(4, 1) -> twice(s)', []],
  ])('%s', (line, codes) => {
    const text = `${wiresOf('shared s = conv(4, 3)', line)}
block twice(body: stage) = body -> body`;
    expect(codesOf(text).filter((code) => code.startsWith('UNET22'))).toEqual(codes);
  });

  test('loops that no round enters', () => {
    const text = `${wiresOf('a = image -> conv(4, 1) -> recurrent(0)')}
block recurrent(t: int) {
  shared s = conv(4, 3)
  h = in
  for i in range(t) { h = h -> s }
  out = h
}`;
    expect(compileText('a.unet', text).diagnostics).toEqual([]);
  });
});
