import { packageOf } from '../../../runtime/engines/native-package.js';
import { webgpuPackages } from '../../../runtime/engines/webgpu/find-gpu.js';
import { onnxPackage } from '../../../runtime/onnx/onnx-runtime.js';

/** Engines that can be installed: the packages of each. */
export const installable = {
  'tfjs-node': [packageOf('tfjs-node')],
  'tfjs-node-gpu': [packageOf('tfjs-node-gpu')],
  webgpu: webgpuPackages,
  onnx: [onnxPackage],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** An engine that can be installed. */
export type InstallableEngine = keyof typeof installable;
