import { encoderSchemes } from '../../catalog/sections.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Section } from '../../parser/ast.js';
import { examples } from './find-sections.js';
import { readSlots, type Slots } from './slots.js';

/** The encoders and skip topologies that are part of the language. */
export const schemes = {
  encoder: encoderSchemes,
  skip: ['plain', 'nested', 'full_scale', 'none'],
} as const;

/** The fields of a scheme whose name says which one it is; undefined where that is not known, which is reported. */
export function readScheme(
  section: Section,
  keyword: 'encoder' | 'skip',
  known: readonly string[],
  perLevel: readonly string[],
  reporter: Reporter,
  declared: readonly string[] = [],
): Slots | undefined {
  const name = section.name;
  if (name === undefined) {
    reporter.report(
      'missing-name',
      { section: keyword, example: examples[keyword] },
      {
        at: section.keyword.span,
        fixes: [
          {
            title: `Insert "plain"`,
            edits: [
              {
                span: { ...section.keyword.span, start: section.keyword.span.end },
                text: ' plain',
              },
            ],
          },
        ],
      },
    );
    // Other fields are those of an encoder whose name is missing.
    const isOther = (section.body?.members ?? []).some(
      (member) => member.kind === 'field' && !known.includes(member.name.text),
    );
    if (isOther) return undefined;
  } else if (!schemes[keyword].some((scheme) => scheme === name.text)) {
    const suggestion = didYouMean(name, [...schemes[keyword], ...declared], '');
    reporter.report(
      'unknown-name',
      { name: name.text, expected: suggestion.known },
      { at: name.span, help: suggestion.help, fixes: suggestion.fixes },
    );
    return undefined;
  }
  return readSlots(section, `${keyword} ${name?.text ?? 'plain'}`, known, perLevel, reporter);
}
