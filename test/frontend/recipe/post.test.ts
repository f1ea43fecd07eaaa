import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import type { PostProcessing } from '../../../src/ir/post-processing.js';

function read(
  fields: string,
  head = 'conv(1, 1)',
): { readonly post: PostProcessing | undefined; readonly messages: readonly string[] } {
  const text = `model Cells {
  input image: [H, W, 1]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: a -> ${head}
}
train Cells { ${fields} }`;
  const { models, diagnostics } = compileText('cells.unet', text);
  const messages = diagnostics.map(({ code, message }) => `${code} ${message}`);
  return { post: models[0]?.recipe.post, messages };
}

describe('post', () => {
  test('is nothing unless given', () => {
    expect(read('')).toEqual({ post: { threshold: undefined, steps: [] }, messages: [] });
  });

  test('is a list of steps, or one', () => {
    const { post, messages } = read('post: [threshold(0.4), remove_small(20), fill_holes]');
    expect(messages).toEqual([]);
    expect(post).toEqual({
      threshold: 0.4,
      steps: [
        { kind: 'remove_small', pixels: 20, corners: false },
        { kind: 'fill_holes', pixels: undefined, corners: false },
      ],
    });
    expect(read('post: threshold(found)').post?.threshold).toBe('found');
    const several = read('post: keep_largest(corners: true)', 'conv(3, 1)').post;
    expect(several?.steps).toEqual([{ kind: 'keep_largest', corners: true }]);
  });

  test.each([
    ['a threshold of several channels', 'post: threshold(0.4)', 'conv(3, 1)', 'UNET6160'],
    ['a threshold behind a step', 'post: [fill_holes, threshold(0.4)]', 'conv(1, 1)', 'UNET6160'],
    ['two thresholds', 'post: [threshold(0.4), threshold(0.5)]', 'conv(1, 1)', 'UNET6160'],
    ['masks of whole images', 'post: fill_holes', 'global_avg_pool -> conv(1, 1)', 'UNET6160'],
    [
      'a metric with another threshold',
      'post: threshold(0.4)\n metrics: [dice, iou(threshold: 0.3)]',
      'conv(1, 1)',
      'UNET6161',
    ],
    [
      'metrics with several thresholds',
      'post: fill_holes\n metrics: [dice, iou(threshold: 0.3)]',
      'conv(1, 1)',
      'UNET6161',
    ],
  ])('refuses %s', (_, fields, head, code) => {
    const { messages } = read(fields, head);
    expect(messages).toEqual([expect.stringContaining(code)]);
  });

  test('goes with metrics of its threshold, of none, and with soft ones', () => {
    const fields = 'post: threshold(0.4)\n metrics: [dice, iou(threshold: 0.4), dice(soft: true)]';
    expect(read(fields).messages).toEqual([]);
  });
});
