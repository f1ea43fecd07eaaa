import { commandLineMessages } from './command-line.js';
import { dataMessages } from './data.js';
import { syntaxMessages } from './syntax.js';

/** Every message of the compiler, by name. */
export const messages = {
  ...syntaxMessages,
  ...dataMessages,
  ...commandLineMessages,
} as const;
