/** Writes the component tables of `docs/language.md` from the catalogue, and the page of the gradient audit. */
import { readFileSync, writeFileSync } from 'node:fs';
import { auditPath, renderAudit } from './render-audit.js';
import { renderReference } from './render-components.js';

const path = 'docs/language.md';
writeFileSync(path, await renderReference(readFileSync(path, 'utf8')));
writeFileSync(auditPath, await renderAudit());
