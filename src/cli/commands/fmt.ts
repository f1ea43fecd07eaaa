import { shellWord } from '../../files/index.js';
import { hasErrors, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { SourceFile } from '../../diagnostics/source.js';
import { formatText } from '../../parser/format/format.js';
import { defineCommand } from '../command.js';
import { writeOutput } from '../output-files.js';
import { displayedPath, reportDiagnostics } from '../report.js';
import { pathArgument, readSpecs, stdinOption } from '../specs.js';

/** `unetc fmt PATH...`: brings specs into the canonical layout. */
export const fmtCommand = defineCommand({
  name: 'fmt',
  description:
    'Brings specs into the canonical layout, in place. There is nothing to configure.\n' +
    'A spec that cannot be parsed is reported and left as it is.',
  arguments: [pathArgument],
  options: {
    check: { kind: 'flag', help: 'write nothing; report the specs that would change' },
    json: { kind: 'flag', help: 'print the messages as one JSON array on stdout' },
    'stdin-filepath': stdinOption,
  },
  examples: [
    { call: 'unetc fmt specs', remark: 'all specs below a folder' },
    { call: 'unetc fmt - < net.unet', remark: 'the formatted text on stdout' },
  ],
  async run({ arguments: paths, options }, context) {
    const found = await readSpecs(paths, context, { stdinPath: options['stdin-filepath'] });
    const diagnostics: Diagnostic[] = [...found.diagnostics];
    for (const source of found.sources) diagnostics.push(...formatOne(source));
    return reportDiagnostics(diagnostics, context, { json: options.json, sources: found.sources });

    function formatOne(source: SourceFile): readonly Diagnostic[] {
      const formatted = formatText(source);
      if (hasErrors(formatted.diagnostics)) return formatted.diagnostics;
      const isSame = formatted.value === source.text;
      if (options.check) return isSame ? [] : [notFormatted(source, formatted.value)];
      if (source === found.stdin) {
        if (!options.json) context.stdout.content(formatted.value);
        return [];
      }
      if (isSame) return [];
      const failed = writeOutput(source.path, formatted.value, context);
      if (failed.length === 0 && !options.json) {
        context.stderr.line(`formatted ${displayedPath(source.path, context.folder)}`);
      }
      return failed;
    }
  },
});

/** Points at the first place where the text leaves the layout. */
function notFormatted({ path, text }: SourceFile, formatted: string): Diagnostic {
  let start = 0;
  while (start < text.length && text[start] === formatted[start]) start++;
  const at = { file: path, start, end: start };
  const help = [`run "unetc fmt ${shellWord(path)}".`];
  return createDiagnostic('not-formatted', { path }, { at, help });
}
