/** Writes `grammar/unet.ebnf` from the parser's rules. */
import { writeFileSync } from 'node:fs';
import { renderGrammar } from './render-grammar.js';

writeFileSync('grammar/unet.ebnf', renderGrammar());
