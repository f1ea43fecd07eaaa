/** Brings the numbers of the engines' self-test in line with its network: `npm run generate`. */
import { writeFileSync } from 'node:fs';
import { renderSelfTest, selfTestPath } from './render-self-test.js';

writeFileSync(selfTestPath, await renderSelfTest());
