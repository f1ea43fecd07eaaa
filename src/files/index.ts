export * from './file-error.js';
export * from './file-kinds.js';
export * from './folders.js';
export * from './inputs.js';
export { isInside } from './inside.js';
export * from './json.js';
export { explainMissing } from './missing.js';
export { decodeText, readBytes, readBytesSync, requireReadable, type ReadOptions } from './read.js';
export * from './write.js';
