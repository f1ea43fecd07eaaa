import { describe, expect, test } from '@jest/globals';
import { costOf, receptiveFields } from '../../../src/ir/reports/cost.js';
import { summarise } from '../../../src/ir/reports/summary.js';
import { walkSizes } from '../../../src/ir/sizes/concrete.js';
import { graphWeights } from '../../../src/codegen/tfjs/weights.js';
import { compileSpec } from '../../networks/reference.js';
import { compile, modelOf, nodeOf } from '../../frontend/compile.js';

/** Costs of the node `a` in an 8 x 6 image of three channels. */
function costOfA(pipeline: string): Record<string, number> {
  const { graph } = compile(modelOf(`a = ${pipeline}`, 'conv(1, 1)', '[H, W, 3]'));
  const walk = walkSizes(graph, 8, 6);
  expect(walk.failures).toEqual([]);
  const { parameters, trainable, macs, activationBytes } = costOf(graph, walk.heights, walk.widths)
    .nodes[nodeOf(graph, 'a').id]!;
  return { parameters, trainable, macs, activationBytes };
}

describe('costs of one layer on 8 x 6 x 3', () => {
  test.each([
    // kernel * in * out + out; pixels * kernel * in * out; 4 bytes * pixels * channels
    ['image -> conv(5, 3)', 9 * 3 * 5 + 5, 48 * 9 * 3 * 5, 4 * 48 * 5],
    ['image -> conv(5, 3, bias: false)', 9 * 3 * 5, 48 * 9 * 3 * 5, 4 * 48 * 5],
    ['image -> conv(5, [3, 1], stride: 2)', 3 * 3 * 5 + 5, 12 * 3 * 3 * 5, 4 * 12 * 5],
    ['image -> conv(5, 3, padding: valid)', 9 * 3 * 5 + 5, 24 * 9 * 3 * 5, 4 * 24 * 5],
    ['image -> depthwise_conv(3, multiplier: 2)', 9 * 6 + 6, 48 * 9 * 6, 4 * 48 * 6],
    // A group reads and makes a third of the channels; a dilation changes neither.
    ['image -> conv(6, 3, groups: 3)', 9 * 6 + 6, 48 * 9 * 6, 4 * 48 * 6],
    ['image -> conv(5, 3, dilation: 2)', 9 * 3 * 5 + 5, 48 * 9 * 3 * 5, 4 * 48 * 5],
    ['image -> group_norm(3)', 6, 0, 4 * 48 * 3],
    ['image -> instance_norm(affine: false)', 0, 0, 4 * 48 * 3],
    ['image -> prelu', 3, 0, 4 * 48 * 3],
    ['image -> nearest(2) -> max_pool(3, stride: 2, padding: 1)', 0, 0, 4 * 48 * 3],
    // Every input pixel meets every weight once.
    ['image -> conv_transpose(5, 2)', 4 * 3 * 5 + 5, 48 * 4 * 3 * 5, 4 * 192 * 5],
    ['image -> conv_transpose(5, 3, padding: same)', 9 * 15 + 5, 48 * 9 * 15, 4 * 192 * 5],
    ['image -> max_pool(2)', 0, 0, 4 * 12 * 3],
    ['image -> relu', 0, 0, 4 * 48 * 3],
    ['image -> global_avg_pool', 0, 0, 4 * 3],
    ['[image, image] -> concat', 0, 0, 4 * 48 * 6],
  ])('%s', (pipeline, parameters, macs, activationBytes) => {
    expect(costOfA(pipeline)).toEqual({ parameters, trainable: parameters, macs, activationBytes });
  });

  test('running statistics count, but are not trained', () => {
    expect(costOfA('image -> batch_norm')).toMatchObject({ parameters: 12, trainable: 6, macs: 0 });
  });
});

describe('weights', () => {
  test('have the names of their nodes and the shapes of Keras', () => {
    const { graph } = compile(
      modelOf(
        'a = image -> conv(5, [3, 1], bias: false)\nb = a -> batch_norm -> conv_transpose(2, 4)',
        'depthwise_conv(3, bias: false)',
        '[H, W, 3]',
      ),
    );
    expect(graphWeights(graph).map(({ name, shape }) => `${name} ${shape.join('x')}`)).toEqual([
      'a/kernel 3x1x3x5',
      'b/batch_norm1/gamma 5',
      'b/batch_norm1/beta 5',
      'b/batch_norm1/moving_mean 5',
      'b/batch_norm1/moving_variance 5',
      'b/kernel 4x4x2x5',
      'b/bias 2',
      'mask/kernel 3x3x2x1',
    ]);
  });
});

describe('receptive fields', () => {
  const fieldOf = (wires: string): readonly number[] => {
    const { graph } = compile(modelOf(wires));
    return receptiveFields(graph)[nodeOf(graph, 'a').id]!;
  };

  test.each([
    ['a = image -> conv(2, 3)', [3, 3]],
    ['a = image -> conv(2, [1, 5])', [1, 5]],
    ['a = image -> conv(2, 3) -> conv(2, 3)', [5, 5]],
    ['a = image -> conv(2, 3, stride: 2) -> conv(2, 3)', [7, 7]],
    ['a = image -> max_pool(2) -> conv(2, 3)', [6, 6]],
    ['a = image -> max_pool(2) -> max_pool(2) -> conv(2, 3)', [12, 12]],
    ['a = image -> max_pool(2) -> nearest(2) -> conv(2, 3)', [4, 4]],
    ['a = image -> max_pool(2) -> conv_transpose(2, 2) -> conv(2, 3)', [4, 4]],
    ['a = [image, image -> conv(2, 7)] -> concat', [7, 7]],
    ['a = image -> global_avg_pool', [Infinity, Infinity]],
  ])('%s', (wires, expected) => expect(fieldOf(wires)).toEqual(expected));

  test('the bottom of the 2015 U-Net sees 140 x 140', () => {
    const { graph } = compileSpec('unet-2015', { base: '1' });
    const fields = receptiveFields(graph);
    expect(
      ['e1', 'e2', 'e3', 'e4', 'e5'].map((name) => fields[nodeOf(graph, name).id]![0]),
    ).toEqual([5, 14, 32, 68, 140]);
  });
});

test('what leads to a tap is one stage with it', () => {
  const { graph, sizes } = compile(
    `encoder steps() {
      tap s1 = in -> conv(4, 3) -> relu
      x = s1 -> max_pool(2)
      tap s2 = x -> conv(8, 3) -> relu
    }
    model Tapped {
      input image: [H, W, 3]
      encoder steps {}
      wires { d1 = [s1, s2 -> nearest(2)] -> concat }
      head mask: conv(1, 1)
    }`,
  );
  const { stages } = summarise(graph, sizes, [8, 8]);
  expect(stages.map(({ name, operations }) => [name, operations]).slice(1, 4)).toEqual([
    ['s1', 'conv, relu'],
    ['steps/x', 'max_pool'],
    ['s2', 'conv, relu'],
  ]);
});

describe('published numbers', () => {
  test('the U-Net of 31,044,106 trained parameters, stage by stage', () => {
    const { graph, sizes } = compileSpec('unet-three-modes', { mode: 'same' });
    const { parameters, stages } = summarise(graph, sizes, [224, 224]);
    expect(parameters.trainable).toBe(31_044_106);
    const trained = (names: readonly string[]): readonly number[] =>
      names.map((name) => stages.find((stage) => stage.name === name)!.trainable);
    expect(trained(['e1', 'e2', 'e3', 'e4', 'e5'])).toEqual([
      38_976, 221_952, 886_272, 3_542_016, 14_161_920,
    ]);
    const ups = trained(['u4', 'u3', 'u2', 'u1']);
    const decoder = trained(['d4', 'd3', 'd2', 'd1']).map((count, at) => count + ups[at]!);
    expect(decoder).toEqual([9_178_624, 2_295_552, 574_336, 143_808]);
    expect(trained(['mask'])).toEqual([650]);
  });

  test('its stages have the published sizes at 572 x 572', () => {
    const { graph, sizes } = compileSpec('unet-three-modes', { mode: 'crop' });
    const { stages } = summarise(graph, sizes, [572, 572]);
    expect(
      ['e1', 'e5', 'd4', 'd3', 'd2', 'd1', 'mask'].map(
        (name) => stages.find((stage) => stage.name === name)!.shape,
      ),
    ).toEqual([
      [568, 568, 64],
      [28, 28, 1024],
      [52, 52, 512],
      [100, 100, 256],
      [196, 196, 128],
      [388, 388, 64],
      [388, 388, 10],
    ]);
  });

  test('sums are those of the stages', () => {
    const { graph, sizes } = compileSpec('unet-keras', { base: '4' });
    const summary = summarise(graph, sizes, [64, 96]);
    const sum = (key: 'parameters' | 'macs' | 'activationBytes'): number =>
      summary.stages.reduce((total, stage) => total + stage[key], 0);
    expect(sum('parameters')).toBe(summary.parameters.total);
    expect(sum('macs')).toBe(summary.macs);
    expect(sum('activationBytes')).toBe(summary.activationBytes);
  });
});
