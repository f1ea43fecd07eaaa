/** The WASM engine of TensorFlow.js, as pages ship it. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './bundling.mjs';

const installed = join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');

/** With SIMD and without; `src/runtime/engines/wasm-in-page.ts` loads one of them. */
const files = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];

/** Copies the engine's files into a folder. */
export const copyWasmEngine = (folder) =>
  Promise.all(files.map((name) => copyFile(join(installed, name), join(folder, name))));
