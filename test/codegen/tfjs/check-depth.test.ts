import { expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { checkDepth, depthLimit } from '../../../src/codegen/tfjs/check-depth.js';

/** The messages on a chain of so many operations behind the image. */
function messages(operations: number): readonly string[] {
  const text = `model Deep {
    input image: [H, W, 1]
    wires { a = image${' -> conv(1, 3)'.repeat(operations - 1)} }
    head mask: a -> conv(1, 1)
  }`;
  const [model] = compileText('deep.unet', text).models;
  return checkDepth(model!.graph, model!.section.span).map(({ message }) => message);
}

test('a chain that TensorFlow.js can walk is built, a longer one is told', () => {
  expect(messages(depthLimit)).toEqual([]);
  expect(messages(depthLimit + 1)).toEqual([
    'The longest path of model "Deep" has 2001 operations; a layers model of TensorFlow.js takes at most 2000.',
  ]);
});
