import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { emitKeras } from '../../src/codegen/keras/emit.js';
import { emitPyTorch } from '../../src/codegen/pytorch/emit.js';
import { compileText } from '../../src/compile.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { zooNames } from './networks.js';

/** `npm run fidelity` runs what is emitted; here is seen that all is. */
test.each(zooNames)('%s is emitted for PyTorch and Keras', (name) => {
  const file = `${name}.unet`;
  const { models } = compileText(file, readFileSync(`specs/zoo/${file}`, 'utf8'));
  const [torch, keras] = [emitPyTorch(models, { file }), emitKeras(models, { file })];
  expect(hasErrors([...torch.diagnostics, ...keras.diagnostics])).toBe(false);
  for (const model of models)
    expect(torch.value!.text).toContain(`class ${model.name}(nn.Module):`);
  expect(keras.value!.text.match(/^def build_/gm)).toHaveLength(models.length);
});
