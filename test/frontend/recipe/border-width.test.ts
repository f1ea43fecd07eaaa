import { expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';

function read(fields: string, channels: number): readonly unknown[] {
  const text = `model Cells {
  input image: [H, W, 1]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: a -> conv(${channels}, 1)
}
train Cells { ${fields} }`;
  const { models, diagnostics } = compileText('cells.unet', text);
  return [models[0]?.recipe.borderWidth, ...diagnostics.map(({ code }) => code)];
}

test('masks that number objects are for heads of three channels', () => {
  expect(read('border_width: 2', 3)).toEqual([2]);
  expect(read('', 3)).toEqual([undefined]);
  expect(read('border_width: 2', 1).slice(1)).toEqual(['UNET6166']);
});

test('and go with no field that speaks of classes in masks', () => {
  expect(read('border_width: 2\n ignore: 255', 3).slice(1)).toEqual(['UNET6166']);
  expect(read('border_width: 2\n colors: [[0, 0, 0], [1, 1, 1], [2, 2, 2]]', 3).slice(1)).toEqual([
    'UNET6166',
  ]);
});
