/**
 * Writes what the studio's gallery shows into a folder: `node scripts/run.mjs
 * scripts/write-examples.ts DIR`. `examples.json` holds every network of `specs/` with the start
 * of its documentation, `examples/` their pictures.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { emitPicture } from '../src/codegen/picture/emit-picture.js';
import { compileText } from '../src/compile.js';
import type { Example } from '../studio/example.js';

const folders = ['specs/templates', 'specs', 'specs/zoo'];
const out = process.argv[2]!;
mkdirSync(join(out, 'examples'), { recursive: true });
const examples: Example[] = [];
for (const folder of folders.filter((each) => existsSync(each))) {
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.unet'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const name = basename(file, '.unet');
    const [model] = compileText(join(folder, file), text).models;
    if (model === undefined || examples.some((example) => example.name === name)) continue;
    examples.push({ name, about: shortened(model.graph.doc ?? ''), text });
    const svg = await emitPicture(model, { format: 'svg', theme: 'light' });
    writeFileSync(join(out, 'examples', `${name}.svg`), svg);
  }
}
writeFileSync(join(out, 'examples.json'), JSON.stringify(examples));

/** The start of a text, cut between words. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= 140 ? line : `${line.slice(0, 140).replace(/ \S*$/, '')} …`;
}
