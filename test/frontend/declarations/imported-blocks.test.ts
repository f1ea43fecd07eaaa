import { expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';

const blocks = `block joins(other: tensor) {
  a = in -> conv(4, 3)
  out = [a, other] -> add
}
block narrows() = conv(4, 9, padding: valid)
block crops(other: tensor) = crop_to(other)
block outer(other: tensor) {
  a = in -> joins(other)
  out = a -> relu
}
block parts() = group_norm(3)
`;

/** A mistake that shows inside a block of another file, and the call that a person wrote. */
test.each([
  ['UNET4001', 'joins(small)', 'conv(4, 1) -> max_pool(2)', 'add'],
  ['UNET4001', 'outer(small)', 'conv(4, 1) -> max_pool(2)', 'add'],
  ['UNET4002', 'narrows', 'conv(4, 1)', 'conv(4, 9, padding: valid)'],
  ['UNET4003', 'crops(small)', 'conv(4, 1) -> nearest(2)', 'crop_to(other)'],
  ['UNET4005', 'joins(small)', 'conv(3, 1)', 'add'],
  ['UNET4005', 'outer(small)', 'conv(3, 1)', 'add'],
  ['UNET4010', 'parts', 'conv(4, 1)', 'group_norm(3)'],
])('%s in a block of another file is shown at the call: %s', (code, call, other, inside) => {
  const [name = ''] = call.split('(');
  const text = `import ${name} from "./blocks"
model Test {
  input image: [8, 8, 4]
  wires {
    small = image -> ${other}
    kept = small -> global_avg_pool
    a = image -> ${call}
    b = [a, kept] -> multiply
  }
  head mask: b -> conv(1, 1)
}
`;
  const { diagnostics } = compileText('/p/s.unet', text, {
    resolve: () => ({ path: '/p/blocks.unet', text: blocks }),
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map((error) => error.code)).toEqual([code]);
  const [{ span, labels }] = errors as [(typeof errors)[number]];
  expect([span.file, text.slice(span.start, span.end)]).toEqual(['/p/s.unet', call]);
  const elsewhere = labels.filter((label) => label.span.file !== '/p/s.unet');
  const places = elsewhere.map((label) => blocks.slice(label.span.start, label.span.end));
  expect(places).toEqual([inside]);
});
