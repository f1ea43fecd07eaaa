/** Compiles the kernels in `wasm/` to `src/runtime/kernels/simd/module.generated.ts`. */
import { writeFileSync } from 'node:fs';
import { renderKernels } from './render-kernels.js';

writeFileSync('src/runtime/kernels/simd/module.generated.ts', await renderKernels());
