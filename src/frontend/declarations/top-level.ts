import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Section, SpecFile } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';

/** The words that sections of a file start with. */
export const topLevel = ['model', 'block', 'encoder', 'train'];

/** A file whose misspelt words are read as what was meant, so that nothing below them is missed. */
export function withCorrectedKeywords(file: SpecFile): SpecFile {
  return { ...file, sections: file.sections.map(sectionAsMeant) };
}

function sectionAsMeant(section: Section): Section {
  const { keyword } = section;
  const text = topLevel.includes(keyword.text) ? keyword.text : closest(keyword.text, topLevel);
  return text === undefined ? section : { ...section, keyword: { ...keyword, text } };
}

/** Whether every section starts with a word of the language. */
export function hasKnownWords(file: SpecFile): boolean {
  return file.sections.every((section) => topLevel.includes(section.keyword.text));
}

/** Reports sections whose words are none of the language. */
export function checkTopLevel(file: SpecFile, reporter: Reporter): void {
  for (const { keyword } of file.sections) {
    if (topLevel.includes(keyword.text)) continue;
    const { known, help, fixes } = didYouMean(keyword, topLevel);
    reporter.report(
      'unknown-section',
      { name: keyword.text, where: 'the file', known },
      { at: keyword.span, help, fixes },
    );
  }
}

/** A file of blocks and encoders is a library; any other has a model. */
export function checkHasModel(file: SpecFile, isWhole: boolean, reporter: Reporter): void {
  const hasModel = file.sections.some((section) =>
    ['model', 'block', 'encoder'].includes(section.keyword.text),
  );
  if (hasModel || !isWhole || !hasKnownWords(file)) return;
  reporter.report(
    'no-model',
    {},
    {
      at: { ...file.span, end: file.span.start },
      help: [
        'Start with "model UNet { input image: [H, W, 3] ... }"; "unetc init" writes an example.',
      ],
    },
  );
}
