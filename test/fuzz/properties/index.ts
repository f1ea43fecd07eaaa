import { compiles } from './compiles.js';
import { emits } from './emits.js';
import { expands } from './expands.js';
import { fixes } from './fixes.js';
import { forms } from './forms.js';
import { formats } from './formats.js';
import { messages } from './messages.js';
import type { Property } from './property.js';
import { reports } from './reports.js';
import { spans } from './spans.js';

/** All that must hold for every text; the first compiles it for the others. */
export const properties: readonly Property[] = [
  compiles,
  spans,
  messages,
  formats,
  expands,
  reports,
  emits,
  forms,
  fixes,
];
