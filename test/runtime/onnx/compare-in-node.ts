/** Run as a process of its own, for native code knows no realms of tests: compares on onnxruntime-node, prints JSON. */
import { loadOnnxRuntime } from '../../../src/runtime/onnx/onnx-runtime.js';
import { compareSpecs } from './compare-specs.js';

console.log(JSON.stringify(await compareSpecs(await loadOnnxRuntime())));
