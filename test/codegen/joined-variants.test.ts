import { describe, expect, test } from '@jest/globals';
import { buildProgram } from '../../src/codegen/program/program.js';
import { pytorchTarget } from '../../src/codegen/pytorch/target.js';
import { layersTarget } from '../../src/codegen/typescript/layer-forms.js';
import { writeModule } from '../../src/codegen/typescript/emit.js';
import { compileText } from '../../src/compile.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import type { Target } from '../../src/codegen/program/target.js';

function compile(wires: string, block: string) {
  const text = `model M(base: int = 4) { input image: [H, W, 4]
    wires { ${wires} } head mask: conv(1, 1) }\n${block}`;
  const { models, diagnostics } = compileText('m.unet', text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(hasErrors(diagnostics)).toBe(false);
  return models[0]!;
}

/** Each function with the steps that not all of its calls take, and when. */
function choicesOf(wires: string, block: string, target: Target = layersTarget) {
  const { functions } = buildProgram([compile(wires, block).graph], target);
  return functions.map(({ name, body }) => [
    name,
    ...body.steps.flatMap(({ suffix, when }) => (when === undefined ? [] : [[suffix, when]])),
  ]);
}

describe('variants of a block are one function', () => {
  test('that asks for the parameter which decides, where it has two whole numbers', () => {
    const block = `block part(c: int, factor: int = 6) {
      wide = in -> conv(in.channels * factor, 1) -> relu if factor != 1 else in
      out = wide -> conv(c, 3) -> relu }`;
    const wires = `a = image -> part(8, 1)\nb = a -> part(8)\n`;
    const when = { by: 'parameter', name: 'factor', value: 1, is: false };
    expect(choicesOf(wires, block)).toEqual([['part', ['/wide/conv1', when], ['/wide', when]]]);
  });

  test('that asks whether a tensor was given, where some calls have no use for it', () => {
    const block = `block part(c: int, other: tensor) {
      h = in -> conv(c, 3) -> relu
      out = [h, other] -> add if c == 4 else h }`;
    const wires = `z = image -> conv(4, 1)\na = z -> part(4, image)\nb = a -> part(8, z)\n`;
    const when = { by: 'input', index: 1, is: true };
    expect(choicesOf(wires, block)).toEqual([['part', ['', when]]]);
    const text = writeModule([compile(wires, block)], { file: 'm.unet' });
    expect(text).toContain('c: number, other?: Tensor): Tensor {');
    expect(text).toContain('return other ? add([h, other], name) : h;');
    expect(text).toContain('part(z, "a", 4, image)');
    expect(text).toContain('part(a, "b", 8)');
  });

  test('that takes a flag, by the name of a parameter or of the step', () => {
    const wires = `a = image -> part(8, true)\nb = a -> part(16, false)\n`;
    const block = (condition: string) => `block part(c: int, first: bool) {
      h = in -> (batch_norm if ${condition})
      out = h -> conv(c, 3) -> relu }`;
    const texts = ['not first', 'in.channels != 4'].map((condition) =>
      writeModule([compile(wires, block(condition))], { file: 'm.unet' }),
    );
    expect(texts[0]).toContain('const h = first ? input : batchNorm(input, `${name}/h`);');
    expect(texts[0]).toContain('part(image, "a", 8, true)');
    const other = writeModule(
      [compile(wires.replace('true', 'false'), block('in.channels != 4'))],
      { file: 'm.unet' },
    );
    expect(other).toContain('const h = hasH ? batchNorm(input, `${name}/h`) : input;');
    expect(other).toContain('part(a, "b", 16, true)');
  });

  test('with the number of each side where sides are of one parameter', () => {
    const block = `block part(c: int, stride: int = 1) =
      conv(c, 3, stride: stride, padding: 1) -> batch_norm -> relu`;
    const wires = `a = image -> part(8)\nb = a -> part(8, 2)\n`;
    const text = writeModule([compile(wires, block)], { file: 'm.unet' });
    expect(text).toContain('stride === 1 ? conv(input, `${name}/conv1`, c, 3');
    expect(text).toContain(' : paddedConv(input, `${name}/conv1`, c, 3);');
  });
});

describe('variants of a block stay apart', () => {
  const apart = (wires: string, block: string): number => choicesOf(wires, block).length;

  test('where a side of a choice has several steps and the other has some, too', () => {
    const block = `block part(c: int, first: bool) {
      h = in -> conv(c, 3) -> relu if first else in -> batch_norm -> conv(c, 1)
      out = h -> sigmoid }`;
    expect(apart(`a = image -> part(8, true)\nb = a -> part(8, false)\n`, block)).toBe(2);
  });

  test('where there are more choices than common steps', () => {
    const block = `block part(c: int, first: bool) {
      h = in -> (batch_norm if first)
      g = h -> conv(c, 3)
      out = g -> (relu if first) }`;
    expect(apart(`a = image -> part(8, true)\nb = a -> part(8, false)\n`, block)).toBe(1);
    const more = `block part(c: int, norm: bool, bent: bool) {
      h = in -> (batch_norm if norm)
      g = h -> conv(c, 3)
      out = g -> (relu if bent) }`;
    const wires = `a = image -> part(8, true, true)\nb = a -> part(8, false, true)
      d = b -> part(8, false, false)\n`;
    expect(apart(wires, more)).toBe(2);
  });

  test('in targets that do not ask for it', () => {
    const block = `block part(c: int, first: bool) {
      h = in -> (batch_norm if first)
      out = h -> conv(c, 3) -> relu }`;
    const wires = `a = image -> part(8, true)\nb = a -> part(8, false)\n`;
    expect(choicesOf(wires, block)).toHaveLength(1);
    const { joinsVariants: _, ...plain } = layersTarget;
    expect(choicesOf(wires, block, plain)).toHaveLength(2);
    expect(choicesOf(wires, block, pytorchTarget)).toHaveLength(2);
  });
});
