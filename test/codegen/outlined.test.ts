import { expect, test } from '@jest/globals';
import { buildProgram } from '../../src/codegen/program/program.js';
import { layersTarget } from '../../src/codegen/typescript/layer-forms.js';
import { compileText } from '../../src/compile.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';

/** The functions that a program has beside those of the spec's blocks. */
function functionsOf(wires: string, blocks = ''): readonly string[] {
  const text = `model M(base: int = 4) { input image: [H, W, 3]
    wires { ${wires} } head mask: conv(1, 1) }\n${blocks}`;
  const { models, diagnostics } = compileText('m.unet', text);
  expect(hasErrors(diagnostics)).toBe(false);
  const { functions } = buildProgram([models[0]!.graph], layersTarget);
  return functions.map(({ name, of }) => `${name} ${of.calls.length}`);
}

const line = (name: string, from: string, width: string, kernel = 3): string =>
  `${name} = ${from} -> conv(${width}, ${kernel}) -> batch_norm -> relu\n`;

test('a pipeline that is written three times is one function of its width', () => {
  const wires = line('a', 'image', 'base') + line('b', 'a', '2 * base') + line('c', 'b', '8');
  expect(functionsOf(wires)).toEqual(['conv_batch_norm_relu 3']);
});

test('one that is written twice, or with other kernels, stays where it is', () => {
  const twice = line('a', 'image', 'base') + line('b', 'a', 'base');
  expect(functionsOf(twice)).toEqual([]);
  expect(functionsOf(twice + line('c', 'b', 'base', 5))).toEqual([]);
});

test('what is read in its middle is no pipeline', () => {
  const wires = `a = image -> part\nb = a -> part\nc = b -> part\n`;
  const block = `block part() { inner = in -> conv(4) -> relu
    out = [inner, inner -> conv(4)] -> add }`;
  expect(functionsOf(wires, block)).toEqual(['part 3']);
});

test('functions of one block are called by what sets them apart', () => {
  const block = `block part(c: int, stride: int = 1, form: slim | wide = slim) {
      h = in -> conv(c, 3, stride: stride, padding: 1) -> relu if form == slim
        else in -> batch_norm -> conv(c, 1) -> sigmoid
      out = h -> relu }`;
  const wires = `a = image -> part(4)\nb = a -> part(8, form: wide)\n`;
  expect(functionsOf(wires, block)).toEqual(['part 1', 'part_wide 1']);
});
