import { annotationMessages } from './annotations.js';
import { commandLineMessages } from './command-line.js';
import { imageMessages } from './images.js';
import { maskMessages } from './masks.js';
import { packageMessages } from './packages.js';
import { pythonMessages } from './python.js';
import { recipeMessages } from './recipes.js';
import { reportMessages } from './reports.js';
import { runFolderMessages } from './run-folders.js';
import { runMessages } from './runs.js';
import { sweepMessages } from './sweeps.js';
import { targetMessages } from './targets.js';
import { syntaxMessages } from './syntax.js';
import { nameMessages } from './names.js';
import { valueMessages } from './values.js';
import { weightMessages } from './weights.js';
import { sizeMessages } from './sizes.js';
import { lintMessages } from './lints.js';

/** Every message of the compiler, by name. */
export const messages = {
  ...syntaxMessages,
  ...imageMessages,
  ...maskMessages,
  ...annotationMessages,
  ...recipeMessages,
  ...runMessages,
  ...runFolderMessages,
  ...targetMessages,
  ...reportMessages,
  ...sweepMessages,
  ...packageMessages,
  ...pythonMessages,
  ...weightMessages,
  ...commandLineMessages,
  ...nameMessages,
  ...valueMessages,
  ...sizeMessages,
  ...lintMessages,
} as const;
