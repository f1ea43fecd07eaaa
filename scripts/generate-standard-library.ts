/** Writes `src/std/sources.generated.ts` from the specs of the standard library. */
import { writeFileSync } from 'node:fs';
import { renderStandardLibrary } from './render-standard-library.js';

writeFileSync('src/std/sources.generated.ts', renderStandardLibrary());
