import type { Reporter } from '../diagnostics/report.js';
import type { Section } from '../parser/ast.js';
import type { BlockTable } from './blocks.js';
import { mentionsOf } from './mentions.js';

/** Warns of blocks, encoders and imports that no other section of the file mentions. */
export function lintUnused(
  sections: readonly Section[],
  blocks: BlockTable,
  reporter: Reporter,
): void {
  const mentions = sections.map((section) => ({ section, names: mentionsOf(section) }));
  const isMentioned = (name: string): boolean =>
    mentions.some(({ section, names }) => section.name?.text !== name && names.has(name));
  for (const { name, kind } of blocks.declarations) {
    if (isMentioned(name.text)) continue;
    reporter.report(
      kind === 'block' ? 'unused-block' : 'unused-encoder',
      { name: name.text },
      { at: name.span, help: [`${kind === 'block' ? 'Call' : 'Use'} it, or take it out.`] },
    );
  }
  for (const { text, span } of blocks.imports) {
    if (isMentioned(text)) continue;
    reporter.report(
      'unused-import',
      { name: text },
      { at: span, help: ['Use it, or take it out.'] },
    );
  }
}

/** Warns of the parameters of a section that its own text does not mention. */
export function lintParameters(section: Section, reporter: Reporter): void {
  const names = mentionsOf(section);
  const kind = section.keyword.text;
  for (const { name } of section.parameters ?? []) {
    if (names.has(name.text)) continue;
    reporter.report(
      'unused-parameter',
      { name: name.text, owner: section.name?.text ?? kind },
      { at: name.span, help: [`Use it in the ${kind}, or take it out.`] },
    );
  }
}
