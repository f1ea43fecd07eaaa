import { createRequire } from 'node:module';

const versionOf = (name: string): string =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string }).version;

/** The version of TensorFlow.js that is installed; nothing of it is loaded. */
export const tensorflowVersion = (): string => versionOf('@tensorflow/tfjs-core');

/** What the files of layers models name as their maker. */
export const modelGenerator = (): string =>
  `TensorFlow.js tfjs-layers v${versionOf('@tensorflow/tfjs-layers')}`;
