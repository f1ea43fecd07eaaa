import { expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { emitPyTorch } from '../../../src/codegen/pytorch/emit.js';

/** The class of a block or a shared instance that is one layer. */
function classOf(layer: string, name: string): string {
  const text = `model Net {
  input image: [H, W, 4]
  wires {
    shared own = ${layer}
    a = image -> one -> one
    b = [image -> own, image -> own] -> add
    c = [a, b -> resize_to(a)] -> add
  }
  head mask: c -> conv(1, 1)
}
block one() = ${layer}`;
  const { models } = compileText('net.unet', text);
  const { value } = emitPyTorch(models, { file: 'net.unet' });
  const found = new RegExp(`^class ${name}\\([^]*?(?=\\n\\n\\n)`, 'm').exec(value!.text);
  return found![0];
}

// Edges that depend on the size, or are cut off behind, are no part of PyTorch's layer.
test.each([
  ['conv(4, 4, stride: 3)', true],
  ['conv_transpose(4, 3, stride: 2, padding: [1, 0, 1, 0])', true],
  ['conv(4, 3)', false],
] as const)('a class that is %s says what it does beside the layer: %s', (layer, isSaid) => {
  for (const name of ['One', 'Own']) {
    expect([name, classOf(layer, name).includes('def forward')]).toEqual([name, isSaid]);
  }
});
