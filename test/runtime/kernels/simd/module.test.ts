import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { renderKernels } from '../../../../scripts/render-kernels.js';

test('the bytes of the kernels are those of their source', async () => {
  const path = 'src/runtime/kernels/simd/module.generated.ts';
  expect(readFileSync(path, 'utf8')).toBe(await renderKernels());
});
