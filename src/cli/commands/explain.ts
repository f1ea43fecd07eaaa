import { createDiagnostic } from '../../diagnostics/report.js';
import { messages } from '../../diagnostics/messages/index.js';
import type { Message } from '../../diagnostics/messages/message.js';
import { sentenceShape } from '../../diagnostics/sentence-shape.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { defineCommand } from '../command.js';
import { readPackageFile } from '../package-file.js';
import { nowhere, reportUsage } from '../report.js';

/** One row of the list of messages. */
interface Listed {
  readonly code: string;
  readonly severity: string;
  readonly name: string;
  readonly sentence: string;
}

/** `unetc explain [CODE]`: the page of a message, or the list of all. */
export const explainCommand = defineCommand({
  name: 'explain',
  description:
    'Prints the page of a message: what it means, a spec that raises it, the repaired spec.\n' +
    'Without a code, lists every message.',
  arguments: [
    { name: 'CODE', help: 'the code of a message, "UNET7001", "7001" or its name', optional: true },
  ],
  options: {
    json: { kind: 'flag', help: 'print the list, or the row of one message, as JSON' },
  },
  examples: [{ call: 'unetc explain UNET7001', remark: 'what to do about a missing file' }],
  async run({ arguments: [requested], options }, context) {
    const { stdout } = context;
    const all = listMessages();
    if (requested === undefined) {
      if (options.json) stdout.json(all);
      else stdout.write(all.map(renderRow).join(''));
      return 0;
    }
    const code = /^\d+$/.test(requested) ? `UNET${requested}` : requested.toUpperCase();
    const found = all.find((row) => row.code === code || row.name === requested);
    if (found === undefined) {
      const meant =
        didYouMean(
          code,
          all.map((row) => row.code),
        ) ??
        didYouMean(
          requested,
          all.map((row) => row.name),
        );
      const help = [meant ?? 'Run "unetc explain" for the list of all messages.'];
      const unknown = createDiagnostic('unknown-code', { code: requested }, { at: nowhere, help });
      return reportUsage([unknown], context, 'explain');
    }
    const page = readPackageFile(`docs/diagnostics/${found.code}.md`);
    if (options.json) stdout.json(found);
    else stdout.write(page ?? renderRow(found));
    return 0;
  },
});

function listMessages(): readonly Listed[] {
  return Object.entries(messages)
    .map(([name, message]) => ({
      code: message.code,
      severity: message.severity,
      name,
      sentence: sentenceShape(message as Message<never>),
    }))
    .sort((first, second) => (first.code < second.code ? -1 : 1));
}

function renderRow({ code, severity, sentence }: Listed): string {
  return `${code}  ${severity.padEnd(7)}  ${sentence.replace(/\s*\n\s*/g, ' ')}\n`;
}
