/** Writes `src/catalog/validators.generated.ts` from the catalogue's option schemas. */
import { writeFileSync } from 'node:fs';
import { renderValidators } from './render-validators.js';

writeFileSync('src/catalog/validators.generated.ts', await renderValidators());
