/** Writes `grammar/unet.ebnf` and `grammar/unet.tmLanguage.json`. */
import { writeFileSync } from 'node:fs';
import { renderGrammar } from './render-grammar.js';
import { renderTextMate } from './render-textmate.js';

writeFileSync('grammar/unet.ebnf', renderGrammar());
writeFileSync('grammar/unet.tmLanguage.json', await renderTextMate());
