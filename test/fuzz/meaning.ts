import type { Compilation } from '../../src/compile.js';
import type { ParsedFile } from '../../src/parser/parse.js';

/** Where something stands, and what of a spec made it: `expand` writes wires in place of schemes. */
const places = new Set(['span', 'operatorSpan', 'open', 'close', 'origin', 'madeBy']);

/** What a value says, as text; where it stands in a file does not count. */
const meaningOf = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (places.has(key) ? undefined : inner));

/** The networks and recipes of a compilation. */
export const networksOf = ({ models }: Pick<Compilation, 'models'>): string =>
  meaningOf(models.map(({ graph, recipe }) => ({ graph, recipe })));

/** The tree of a file, without its comments. */
export const treeOf = ({ file }: ParsedFile): string => meaningOf([file.imports, file.sections]);
