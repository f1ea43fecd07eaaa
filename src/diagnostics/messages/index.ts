import { dataMessages } from './data.js';

/** Every message of the compiler, by name. */
export const messages = {
  ...dataMessages,
} as const;
