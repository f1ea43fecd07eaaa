import { describe, expect, test } from '@jest/globals';
import { compileText, type CompiledModel } from '../../../src/compile.js';
import { sizeAt, type AxisAnalysis } from '../../../src/ir/sizes/analysis.js';
import { describeSize } from '../../../src/ir/sizes/describe.js';
import { describeLegal } from '../../../src/ir/sizes/legal-text.js';
import { accepts, exampleSize, legalAtLeast } from '../../../src/ir/sizes/sizes.js';
import { compileSpec } from '../../networks/reference.js';
import { compile, messagesOf, modelOf, nodeOf } from '../../frontend/compile.js';

/** Residue, minimum and maximum of each legal residue. */
const legalOf = (analysis: AxisAnalysis): readonly (readonly [number, number, number])[] =>
  analysis.residues.map(({ residue, minimum, maximum }) => [residue, minimum, maximum]);

const accepted = (analysis: AxisAnalysis, last = 600): readonly number[] =>
  Array.from({ length: last }, (_, index) => index + 1).filter((size) => accepts(analysis, size));

describe('the 2015 U-Net', () => {
  const { graph, sizes } = compileSpec('unet-2015');
  const mask = graph.outputs[0]!.node;

  test('takes 12 mod 16 from 188 on', () => {
    expect(sizes.height.modulus).toBe(16);
    expect(legalOf(sizes.height)).toEqual([[12, 188, Infinity]]);
    expect(describeLegal(sizes.height)).toBe('H is 12 mod 16, from 188 on');
    expect(describeLegal(sizes.width)).toBe('W is 12 mod 16, from 188 on');
  });

  test('gives H - 184: 388 for 572, 4 for 188', () => {
    expect(describeSize(sizes.height, mask)).toBe('H - 184');
    expect(sizeAt(sizes.height, mask, 572)).toBe(388);
    expect(sizeAt(sizes.height, mask, 188)).toBe(4);
    expect(sizeAt(sizes.height, mask, 187)).toBeUndefined();
  });

  test('has the sizes of the paper on the way', () => {
    const at = (name: string): number | undefined =>
      sizeAt(sizes.height, nodeOf(graph, name).id, 572);
    expect(['e1', 'e2', 'e3', 'e4', 'e5'].map(at)).toEqual([568, 280, 136, 64, 28]);
    expect(['u4', 'd4', 'u3', 'd3', 'u2', 'd2', 'u1', 'd1'].map(at)).toEqual([
      56, 52, 104, 100, 200, 196, 392, 388,
    ]);
  });
});

describe('padded U-Nets', () => {
  test.each(['unet-plain', 'unet-keras', 'unet-narrow-top'])(
    '%s takes multiples of 16 and keeps them',
    (name) => {
      const { graph, sizes } = compileSpec(name);
      expect(legalOf(sizes.height)).toEqual([[0, 16, Infinity]]);
      expect(describeLegal(sizes.height)).toBe('H is a multiple of 16');
      expect(describeSize(sizes.height, graph.outputs[0]!.node)).toBe('H');
      expect(describeSize(sizes.width, nodeOf(graph, 'e3').id)).toBe('W / 4');
    },
  );

  test.each(['unet-padded', 'unet-bilinear'])('%s pads and takes every size from 16 on', (name) => {
    const { graph, sizes } = compileSpec(name);
    expect(accepted(sizes.height, 40)).toEqual(Array.from({ length: 25 }, (_, at) => at + 16));
    expect(describeLegal(sizes.height)).toBe('H is at least 16');
    expect(describeSize(sizes.height, graph.outputs[0]!.node)).toBe('H');
    expect(describeSize(sizes.height, nodeOf(graph, 'e2').id)).toBe('floor(H / 2)');
  });
});

describe('the U-Net in three modes', () => {
  test('cropped takes every size from 188 on, for it rounds odd cuts', () => {
    const { sizes } = compileSpec('unet-three-modes', { mode: 'crop' });
    expect(accepted(sizes.height, 200)[0]).toBe(188);
    expect(sizes.height.residues).toHaveLength(16);
  });

  test('padded to the skip, the output is that of the first stage less four', () => {
    const { graph, sizes } = compileSpec('unet-three-modes', { mode: 'pad' });
    expect(describeSize(sizes.height, graph.outputs[0]!.node)).toBe('H - 8');
    expect(sizeAt(sizes.height, graph.outputs[0]!.node, 572)).toBe(564);
  });

  test('with padded convolutions takes multiples of 16', () => {
    const { sizes } = compileSpec('unet-three-modes', { mode: 'same' });
    expect(describeLegal(sizes.height)).toBe('H is a multiple of 16');
  });
});

describe('residues', () => {
  const skipOver = (down: string, up: string, shape?: string): string =>
    modelOf(
      `a = image -> conv(2)\nb = a -> ${down} -> ${up}\nc = [a, b] -> concat`,
      undefined,
      shape,
    );

  test('a pool that keeps partial windows changes which sizes come back', () => {
    const floor = compile(skipOver('max_pool(2)', 'nearest(2)'));
    const up = compile(skipOver('max_pool(3, stride: 2, rounding: ceil)', 'nearest(2)'));
    expect(legalOf(floor.sizes.height)).toEqual([[0, 2, Infinity]]);
    // ceil((H - 3) / 2) + 1 is H / 2 for even sizes.
    expect(legalOf(up.sizes.height)).toEqual([[0, 2, Infinity]]);
  });

  test('names of their own prove each axis for itself', () => {
    const { sizes } = compile(skipOver('max_pool([2, 3])', 'nearest([2, 3])'));
    expect(describeLegal(sizes.height)).toBe('H is a multiple of 2');
    expect(describeLegal(sizes.width)).toBe('W is a multiple of 3');
  });

  test('one name for both axes leaves the sizes legal for both', () => {
    const { sizes, graph } = compile(skipOver('max_pool([2, 3])', 'nearest([2, 3])', '[H, H, 1]'));
    expect(sizes.height.modulus).toBe(6);
    expect(describeLegal(sizes.height)).toBe('H is a multiple of 6');
    expect(legalOf(sizes.width)).toEqual(legalOf(sizes.height));
    const pooled = nodeOf(graph, 'b/max_pool1').id;
    expect(describeSize(sizes.height, pooled)).toBe('H / 2');
    expect(describeSize(sizes.width, pooled)).toBe('H / 3');
  });

  test('one name and different bounds leave the stricter one', () => {
    const { sizes } = compile(modelOf('a = image -> crop([2, 5])', undefined, '[H, H, 1]'));
    expect(describeLegal(sizes.height)).toBe('H is at least 11');
    expect(describeLegal(sizes.width)).toBe('H is at least 11');
  });

  /** A network that is told to have few legal sizes. */
  const bounded = (line: string): CompiledModel => {
    const text = modelOf(`a = image -> nearest(2)\nb = image -> pad(4)\n${line}`);
    const { models, diagnostics } = compileText('test.unet', text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNET4014']);
    return models[0]!;
  };

  test('a network may fit one size only', () => {
    const { sizes } = bounded('c = [a, b] -> concat');
    expect(legalOf(sizes.height)).toEqual([[0, 8, 8]]);
    expect(describeLegal(sizes.height)).toBe('H is 8');
    expect(exampleSize(sizes.height)).toBe(8);
    expect(legalAtLeast(sizes.height, 9)).toBeUndefined();
  });

  test('a network may fit a range of sizes', () => {
    const { sizes } = bounded('c = a -> pad_to(b)');
    expect(accepted(sizes.height)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('an exact centre crop halves the legal sizes, a rounded one does not', () => {
    const cropped = (options: string): string =>
      modelOf(
        `a = image -> conv(2)\nb = a -> max_pool(2) -> conv(2, 3, padding: valid) -> nearest(2)\n` +
          `c = a -> crop_to(b${options})\nd = [c, b] -> concat`,
      );
    expect(describeLegal(compile(cropped('')).sizes.height)).toBe(
      'H is a multiple of 2, from 6 on',
    );
    expect(describeLegal(compile(cropped(', rounding: floor')).sizes.height)).toBe(
      'H is at least 6',
    );
  });
});

describe('fixed sizes', () => {
  const at = (shape: string): string =>
    modelOf(
      'a = image -> conv(2)\nb = a -> max_pool(4) -> nearest(4)\nc = [a, b] -> concat',
      undefined,
      shape,
    );

  test('are one choice among the legal ones', () => {
    const { sizes, graph } = compile(at('[512, 256, 1]'));
    expect(accepts(sizes.height, 512)).toBe(true);
    expect(accepts(sizes.height, 508)).toBe(false);
    expect(accepts(sizes.width, 256)).toBe(true);
    expect(describeSize(sizes.height, nodeOf(graph, 'b/max_pool1').id)).toBe('128');
    expect(describeSize(sizes.width, nodeOf(graph, 'b/max_pool1').id)).toBe('64');
  });

  test('may stand beside a name', () => {
    const { sizes } = compile(at('[512, W, 1]'));
    expect(exampleSize(sizes.height)).toBe(512);
    expect(describeLegal(sizes.width)).toBe('W is a multiple of 4');
  });

  test('that do not fit are an error at the merge', () => {
    const [message, ...more] = messagesOf(at('[510, 512, 1]'));
    expect(message).toBe(
      'UNET4001: "concat" joins "a" (510 x 512 x 2) with "b" (508 x 512 x 2): their heights differ.',
    );
    expect(more).toEqual([]);
  });
});

describe('strides beyond reason', () => {
  test('are one error, whatever they multiply to', () => {
    const wires = Array.from({ length: 14 }, (_, at) => {
      const source = at === 0 ? 'image' : `w${at}`;
      return `w${at + 1} = ${source} -> max_pool(2)`;
    });
    expect(messagesOf(modelOf(wires.join('\n')))).toEqual([
      'UNET4007: The strides of model "Test" multiply to 8192; at most 4096 is supported.',
    ]);
  });
});
