import { expect, test } from '@jest/globals';
import { costOf } from '../../../src/ir/reports/cost.js';
import { walkSizes } from '../../../src/ir/sizes/concrete.js';
import { compile } from '../../frontend/compile.js';

const attends = (how: string, before = 'x'): string => `
    x = in -> layer_norm
    few = ${before}
    keys = few -> conv(c, 1)
    values = few -> conv(c, 1)
    taken = x -> conv(c, 1) -> attention(keys, values, heads${how}) -> conv(c, 1)
    a = [in, taken] -> add`;
const feedForward = 'a -> layer_norm -> conv(4 * c, 1) -> gelu -> conv(c, 1)';

const swin = `model SwinT {
  input image: [224, 224, 3]
  wires {
    p = image -> conv(96, 4, stride: 4, padding: valid) -> layer_norm
    a = p -> pair(96, 3) -> merging(192) -> pair(192, 6) -> merging(384)
    b = a -> pair(384, 12) -> pair(384, 12) -> pair(384, 12) -> merging(768) -> pair(768, 24)
    features = b -> layer_norm
  }
  head classes: features -> global_avg_pool -> conv(1000, 1)
}
block merging(c: int) = space_to_depth(2) -> layer_norm -> conv(c, 1, bias: false)
block pair(c: int, heads: int) = unit(c, heads, 0) -> unit(c, heads, 3)
block unit(c: int, heads: int, shift: int) {${attends(', window: 7, shift: shift, position: relative')}
    out = [a, ${feedForward}] -> add
}`;

const vit = `model ViTB16 {
  input image: [224, 224, 3]
  wires {
    p = image -> conv(768, 16, stride: 16, padding: valid) -> positions(14)
    a = p -> four(768, 12) -> four(768, 12) -> four(768, 12) -> layer_norm
  }
  head classes: a -> global_avg_pool -> conv(1000, 1)
}
block four(c: int, heads: int) = unit(c, heads) -> unit(c, heads) -> unit(c, heads) -> unit(c, heads)
block unit(c: int, heads: int) {${attends('')}
    out = [a, ${feedForward}] -> add
}`;

const mit = `model MiTB0 {
  input image: [H, W, 3]
  wires {
    a = image -> conv(32, 7, stride: 4, padding: 3) -> layer_norm -> two(32, 1, 8)
    b = a -> conv(64, 3, stride: 2, padding: 1) -> layer_norm -> two(64, 2, 4)
    c = b -> conv(160, 3, stride: 2, padding: 1) -> layer_norm -> two(160, 5, 2)
    d = c -> conv(256, 3, stride: 2, padding: 1) -> layer_norm -> two(256, 8, 1)
  }
  head features: d
}
block two(c: int, heads: int, ratio: int) =
  unit(c, heads, ratio) -> unit(c, heads, ratio) -> layer_norm
block unit(c: int, heads: int, ratio: int) {${attends(
  '',
  'x -> (conv(c, ratio, stride: ratio, padding: valid) -> layer_norm if ratio > 1 else identity)',
)}
    out = [a, a -> layer_norm -> conv(4 * c, 1) -> depthwise_conv(3) -> gelu -> conv(c, 1)] -> add
}`;

/**
 * Counts that others publish: torchvision's documentation of its weights for `swin_t`, with its
 * multiply-adds in thousands of millions, and for `vit_b_16`, less the class token and its
 * place, of 768 weights each; the first encoder of SegFormer as its authors' code makes it.
 */
test.each([
  ['Swin-T', swin, 28_288_354, 4.49],
  ['ViT-B/16', vit, 86_567_656 - 2 * 768, undefined],
  ['MiT-B0', mit, 3_319_392, undefined],
] as const)('%s has the published number of weights', (_name, text, parameters, billions) => {
  const { graph } = compile(text);
  const { heights, widths, failures } = walkSizes(graph, 224, 224);
  expect(failures).toEqual([]);
  const cost = costOf(graph, heights, widths);
  expect(cost.parameters).toBe(parameters);
  if (billions !== undefined) expect(cost.macs / 1e9).toBeCloseTo(billions, 2);
});
