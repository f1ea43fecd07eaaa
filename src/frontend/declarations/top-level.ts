import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
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
  // A section as written stays itself: what is found in one tree is looked up in the other.
  if (topLevel.includes(keyword.text)) return section;
  const text = closest(keyword.text, topLevel);
  return text === undefined ? section : { ...section, keyword: { ...keyword, text } };
}

/** Whether every section starts with a word of the language. */
export function hasKnownWords(file: SpecFile): boolean {
  return file.sections.every((section) => topLevel.includes(section.keyword.text));
}

/** Reports sections whose words are none of the language. */
export function checkTopLevel(file: SpecFile): readonly Diagnostic[] {
  return file.sections.flatMap(({ keyword }) => {
    if (topLevel.includes(keyword.text)) return [];
    const { known, help, fixes } = didYouMean(keyword, topLevel);
    const parameters = { name: keyword.text, where: 'the file', known };
    return [createDiagnostic('unknown-section', parameters, { at: keyword.span, help, fixes })];
  });
}

/** A file of blocks and encoders is a library; any other has a model. */
export function checkHasModel(file: SpecFile, isWhole: boolean): readonly Diagnostic[] {
  const hasModel = file.sections.some((section) =>
    ['model', 'block', 'encoder'].includes(section.keyword.text),
  );
  if (hasModel || !isWhole || !hasKnownWords(file)) return [];
  const help = [
    'Start with "model UNet { input image: [H, W, 3] ... }"; "unetc init" writes an example.',
  ];
  return [createDiagnostic('no-model', {}, { at: { ...file.span, end: file.span.start }, help })];
}

/** The models of a file; a second of one name is reported and left out. */
export function modelsOf(file: SpecFile): Result<readonly Section[]> {
  const reporter = new Reporter();
  const models = new Map<string, Section>();
  for (const section of file.sections) {
    const { keyword, name } = section;
    if (keyword.text !== 'model') continue;
    const first = models.get(name?.text ?? '');
    if (first !== undefined) {
      reportDuplicate(reporter, {
        ...{ name: name?.text ?? '', what: 'model', at: name?.span ?? keyword.span },
        first: { span: first.name?.span ?? first.keyword.span, text: 'first declared here' },
      });
      continue;
    }
    models.set(name?.text ?? '', section);
    if (name !== undefined) continue;
    const parameters = { section: 'model', example: 'model UNet { ... }' };
    reporter.report('missing-name', parameters, { at: keyword.span });
  }
  return reporter.result([...models.values()]);
}
