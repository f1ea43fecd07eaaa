/** Writes the component tables of `docs/language.md` from the catalogue. */
import { readFileSync, writeFileSync } from 'node:fs';
import { renderReference } from './render-components.js';

const path = 'docs/language.md';
writeFileSync(path, await renderReference(readFileSync(path, 'utf8')));
