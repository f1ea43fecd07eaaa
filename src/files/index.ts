export { agreementOf } from './compare.js';
export { crc32, crc32c } from './crc32.js';
export * from './file-error.js';
export * from './file-kinds.js';
export * from './folders.js';
export * from './inputs.js';
export { withErrorsHushed } from './hush.js';
export { isInside } from './inside.js';
export * from './json.js';
export { linkTarget } from './links.js';
export { explainMissing } from './missing.js';
export { readPart, withOpenFile, type FilePart, type OpenFile } from './parts.js';
export {
  decodeText,
  readBytes,
  readBytesSync,
  readTailSync,
  requireReadable,
  type ReadOptions,
} from './read.js';
export { commandLine, shellWord } from './shell-word.js';
export { withTemporaryFolder } from './temporary-folder.js';
export { keepAtEnd, removeAtEnd } from './unfinished.js';
export * from './write.js';
