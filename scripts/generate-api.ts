/** Writes the reference of the API, `docs/api/`, from the doc comments of what the package exports. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { apiFolder, readApi, renderApi } from './render-api.js';

mkdirSync(apiFolder, { recursive: true });
for (const [path, text] of await renderApi(readApi())) writeFileSync(path, text);
