import type { CodeLens } from 'vscode-languageserver';
import { describeLegal } from '../../ir/sizes/legal-text.js';
import { rangeOf } from '../positions.js';
import type { FeatureContext } from './feature.js';
import { shapesOf } from './shapes.js';

/**
 * Above each model, and each encoder of a library: its parameters, and the sizes that it
 * takes.
 * Above each block: how often it is called.
 */
export function codeLenses({ analysis }: FeatureContext): readonly CodeLens[] {
  const { source, compilation, index } = analysis;
  const lenses: CodeLens[] = [];
  const add = (span: Parameters<typeof rangeOf>[1], title: string): void => {
    lenses.push({ range: rangeOf(source, span), command: { title, command: '' } });
  };
  for (const draft of [...compilation.drafts, ...compilation.trials]) {
    const { section, sizes } = draft;
    const place = section.name?.span ?? section.keyword.span;
    const shapes = shapesOf(draft);
    if (shapes === undefined || place.file !== source.path) continue;
    const { total, trainable } = shapes.parametersOf(shapes.graph.nodes);
    const learned = total === trainable ? '' : `, ${trainable.toLocaleString('en')} trained`;
    add(place, `${total.toLocaleString('en')} parameters${learned}`);
    if (sizes === undefined) continue;
    const [height, width] = [describeLegal(sizes.height), describeLegal(sizes.width)];
    add(place, `${height}; ${width}`);
  }
  const named = index.occurrences.filter(
    ({ symbol, isDeclaration }) => symbol.kind === 'block' && !isDeclaration,
  );
  const usesOf = countsOf(named.map(({ symbol }) => symbol.name));
  const scopes = compilation.drafts.flatMap(({ graph }) => graph?.scopes ?? []);
  const own = scopes.filter(({ block }) => block?.file === source.path);
  const callsOf = countsOf(own.map(({ block }) => block?.name));
  for (const section of compilation.parsed.file.sections) {
    const { keyword, name } = section;
    if (keyword.text !== 'block' || name === undefined) continue;
    const uses = usesOf.get(name.text) ?? 0;
    const calls = callsOf.get(name.text) ?? 0;
    const calledBy = calls === 0 ? '' : `, ${calls} calls in the network`;
    add(name.span, `${uses} ${uses === 1 ? 'use' : 'uses'}${calledBy}`);
  }
  return lenses;
}

function countsOf(names: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
