import { join } from 'node:path';
import { isFile } from '../../../files/index.js';
import { packageOf } from '../../../runtime/engines/native-package.js';
import { webgpuPackages } from '../../../runtime/engines/webgpu/find-gpu.js';
import { onnxPackage } from '../../../runtime/onnx/onnx-runtime.js';
import type { NpmPlace } from './npm-place.js';
import { versionOfPeer } from './peer-versions.js';

/** Engines that can be installed: the packages of each. */
export const installable = {
  'tfjs-node': [packageOf('tfjs-node')],
  'tfjs-node-gpu': [packageOf('tfjs-node-gpu')],
  webgpu: webgpuPackages,
  onnx: [onnxPackage],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** An engine that can be installed. */
export type InstallableEngine = keyof typeof installable;

/**
 * The packages that npm is to be called with, each with its version: those of an engine, and where
 * npm does not write down what it brought, those of other engines that are there, which it would take away.
 *
 * @param root the folder of this package
 */
export function packagesToBring(
  name: InstallableEngine,
  root: string,
  { folder, isSaved }: NpmPlace,
): readonly string[] {
  const there = Object.values(installable)
    .flat()
    .filter((each) => isFile(join(folder, 'node_modules', each, 'package.json')));
  const packages = new Set<string>([...installable[name], ...(isSaved ? [] : there)]);
  return [...packages].map((each) => `${each}@${versionOfPeer(root, each)}`);
}
