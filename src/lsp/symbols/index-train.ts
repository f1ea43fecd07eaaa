import type { Family } from '../../catalog/component.js';
import { componentNames } from '../../catalog/index.js';
import { ownValue } from '../../diagnostics/own-value.js';
import { ownerOf } from '../../frontend/values/section-parameters.js';
import type { Expression, Section } from '../../parser/ast.js';
import { partsOf } from '../../parser/parts.js';
import { indexAssertion, indexParameters } from './index-declaration.js';
import type { Scope, SpecSymbol } from './symbol.js';
import type { SymbolRecorder } from './symbol-recorder.js';

/** Which components each field of `train` takes. */
export const familiesOfFields: Readonly<Record<string, readonly Family[]>> = {
  loss: ['loss', 'weight_map'],
  metrics: ['metric'],
  optimizer: ['optimizer'],
  schedule: ['schedule'],
  clip: ['clipping'],
  augment: ['augmentation'],
  sizes: ['size_policy'],
  scaling: ['scaling'],
  pairs: ['pairing'],
  split: ['split'],
  post: ['post_step'],
  objects: ['separation'],
  target: ['target'],
};

/** What a recipe says of single heads. */
const wordsOfHeads: ReadonlySet<string> = new Set(['loss', 'target']);

/**
 * A recipe: the model that it trains, the heads that its losses are of, and its parameters,
 * which are all that its fields know beside components.
 */
export function indexTrain(
  symbols: SymbolRecorder,
  section: Section,
  models: readonly Section[],
  heads: ReadonlyMap<string, ReadonlyMap<string, SpecSymbol>>,
): void {
  const name = section.name?.text ?? models[0]?.name?.text ?? '';
  const model = symbols.occurrences.find(
    ({ symbol }) => symbol.kind === 'model' && symbol.name === section.name?.text,
  );
  if (section.name !== undefined) symbols.refer(model?.symbol, section.name.span);
  const scope = symbols.open(undefined, section.span);
  indexParameters(symbols, section.parameters ?? [], 'train', ownerOf(section), scope);
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'field') {
      indexAssertion(symbols, member, scope);
      if (member.name.text !== 'error') {
        indexField(symbols, member.value, member.name.text, scope);
      }
    }
    if (member.kind !== 'section' || !wordsOfHeads.has(member.keyword.text)) continue;
    if (member.value !== undefined) indexField(symbols, member.value, member.keyword.text, scope);
    if (member.name === undefined) continue;
    symbols.refer(heads.get(name)?.get(member.name.text), member.name.span);
  }
}

function indexField(symbols: SymbolRecorder, value: Expression, field: string, scope: Scope): void {
  const families = ownValue(familiesOfFields, field) ?? [];
  indexWords(symbols, value, families.flatMap(componentNames), scope);
}

/** The names in a field; `words` are components, whatever parameters are called so, too. */
function indexWords(
  symbols: SymbolRecorder,
  expression: Expression,
  words: readonly string[],
  scope: Scope,
): void {
  if (expression.kind === 'name' && !words.includes(expression.name)) {
    symbols.refer(scope.find(expression.name), expression.span);
  }
  const inner = expression.kind === 'call' ? [] : words;
  for (const part of partsOf(expression)) indexWords(symbols, part, inner, scope);
}
