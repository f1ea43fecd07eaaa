/** Compiles the kernels in `wasm/` to `src/runtime/kernels/simd/module.generated.ts`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { renderKernels } from './render-kernels.js';

const path = 'src/runtime/kernels/simd/module.generated.ts';
const text = await renderKernels();
// A file that is written is newer than what was built of it.
if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
