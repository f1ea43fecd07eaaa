import { expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { copiedTexts } from '../../../src/codegen/tfjs/copied-texts.js';
import { customLayers, type CustomLayer } from '../../../src/codegen/tfjs/layers.js';
import { emitTypeScript } from '../../../src/codegen/typescript/emit.js';
import { layerSources } from '../../../src/codegen/typescript/layer-sources.generated.js';
import { layerModules } from '../../../src/runtime/exports/layer-modules.generated.js';

const all = Object.keys(customLayers) as CustomLayer[];

test.each([
  ['TypeScript', layerSources],
  ['JavaScript', layerModules],
])('%s: two layers share what they call, and all that is read is there', (_title, texts) => {
  const copied = copiedTexts(['BilinearUpsampling2D', 'ResizeTo2D'], texts);
  const text = copied.map((each) => each.text).join('\n');
  expect(text.match(/^function sampleGradient\(/gm)).toHaveLength(1);
  const declared = new Set(copied.flatMap(({ names }) => names));
  const missing = copied.flatMap(({ reads }) => reads).filter((name) => !declared.has(name));
  expect(missing).toEqual([]);
});

test('what is copied knows nothing of our kernels', () => {
  for (const texts of [layerSources, layerModules]) {
    const text = copiedTexts(all, texts)
      .map((each) => each.text)
      .join('\n');
    expect(text).not.toMatch(/kernels?\/|hasKernel|runOne|runMany|Unetc|export |import /);
  }
});

test('a block that is called as a copied function gets another name', async () => {
  const { models } = compileText(
    'taken.unet',
    `block resize_bilinear(c: int) = conv(c, 3) -> relu

model Taken {
  input image: [H, W, 3]
  wires { a = image -> resize_bilinear(4) -> bilinear(2) -> resize_bilinear(4) }
  head mask: a -> conv(1, 1) -> sigmoid
}
`,
  );
  const text = await emitTypeScript(models, { file: 'taken.unet' });
  expect(text.match(/^function (resizeBilinear\w*)\(/gm)).toEqual([
    'function resizeBilinearBlock(',
    'function resizeBilinear(',
  ]);
});
