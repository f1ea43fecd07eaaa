import type { Compilation } from '../../compile.js';
import { indexDeclaration } from './index-declaration.js';
import { indexModel } from './index-model.js';
import { indexTrain } from './index-train.js';
import { SymbolRecorder } from './symbol-recorder.js';
import type { Occurrence, Scope, SpecSymbol } from './symbol.js';

/** Every place of one file where a symbol's name is written, and what can be seen from where. */
export interface FileIndex {
  /** In the order of the text. */
  readonly occurrences: readonly Occurrence[];
  /** Inner scopes come after those around them. */
  readonly scopes: readonly Scope[];
}

/**
 * Resolves the names of a compilation's main file as the compiler does: blocks and
 * encoders through imports, parameters of models and recipes, values of `let` and loops, tensors of wires,
 * of schemes and of encoders, heads. What a broken file leaves is resolved as far as
 * it goes.
 */
export function indexFile({ files, drafts }: Compilation): FileIndex {
  const file = files[0]!;
  const symbols = new SymbolRecorder(file);
  const { imports, sections, span } = file.parsed.file;
  const top = symbols.open(undefined, span);
  for (const { names } of imports) for (const name of names) symbols.callee(name);
  const models = sections.filter(({ keyword }) => keyword.text === 'model');
  const heads = new Map<string, ReadonlyMap<string, SpecSymbol>>();
  for (const section of sections) {
    const word = section.keyword.text;
    if (word === 'block' || word === 'encoder') indexDeclaration(symbols, section, word, top);
    if (word === 'model') {
      heads.set(section.name?.text ?? '', indexModel(symbols, drafts, section, top));
    }
  }
  for (const section of sections) {
    if (section.keyword.text === 'train') indexTrain(symbols, section, models, heads);
  }
  const inOrder = symbols.occurrences.toSorted((a, b) => a.span.start - b.span.start);
  return { occurrences: inOrder, scopes: symbols.scopes };
}
