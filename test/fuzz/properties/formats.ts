import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import { SourceFile } from '../../../src/diagnostics/source.js';
import { formatText } from '../../../src/parser/format/format.js';
import { parse } from '../../../src/parser/parse.js';
import { networksOf, treeOf } from '../meaning.js';
import { Subject, subjectPath, type Property } from './property.js';

/** Formatting keeps the tree, the comments and the network, and formatting twice changes nothing. */
export const formats: Property = {
  name: 'formats',
  check({ text, compilation }) {
    const formatted = formatText(new SourceFile(subjectPath, text));
    if (hasErrors(formatted.diagnostics)) {
      return formatted.value === text ? undefined : 'A broken text is changed';
    }
    const again = formatText(new SourceFile(subjectPath, formatted.value));
    if (hasErrors(again.diagnostics)) {
      return `Formatted text does not parse\n${again.diagnostics[0]!.message}\n${formatted.value}`;
    }
    if (again.value !== formatted.value) return 'Formatting twice changes the text again';
    const [before, after] = [text, formatted.value].map(parsed) as [ParsedText, ParsedText];
    if (before.tree !== after.tree) return `Formatting changes the tree\n${formatted.value}`;
    if (before.comments !== after.comments) return 'Formatting changes comments';
    if (compilation.models.length === 0 || formatted.value === text) return undefined;
    const networks = networksOf(new Subject(formatted.value).compilation);
    return networks === networksOf(compilation) ? undefined : 'Formatting changes the network';
  },
};

interface ParsedText {
  readonly tree: string;
  readonly comments: string;
}

function parsed(text: string): ParsedText {
  const { value } = parse(new SourceFile(subjectPath, text));
  return {
    tree: treeOf(value),
    comments: value.comments.map((comment) => comment.text.trimEnd()).join('\n'),
  };
}
