import { createDiagnostic } from '../../diagnostics/report.js';
import { defineCommand } from '../command.js';
import { nowhere, reportUsage } from '../report.js';

const lastPort = 65_535;

/** `unetc lsp`: the language server, for editors. */
export const lspCommand = defineCommand({
  name: 'lsp',
  description:
    'Speaks the Language Server Protocol with an editor: problems and sizes while you type,\n' +
    'completion, renaming, repairs. On standard input and output, unless the editor listens\n' +
    'on a port of this machine or on a named pipe.',
  arguments: [],
  options: {
    stdio: { kind: 'flag', help: 'use standard input and output, as without it' },
    socket: { kind: 'integer', value: 'PORT', minimum: 1, help: 'call the editor on this port' },
    pipe: {
      kind: 'text',
      value: 'NAME',
      help: 'call the editor on this named pipe or socket file',
    },
  },
  examples: [{ call: 'unetc lsp', remark: 'what an editor starts' }],
  async run({ options: { stdio, socket, pipe } }, context) {
    const given = [
      ...(stdio ? ['--stdio'] : []),
      ...(socket === undefined ? [] : ['--socket']),
      ...(pipe === undefined ? [] : ['--pipe']),
    ];
    const [first, second] = given;
    if (first !== undefined && second !== undefined) {
      const message = createDiagnostic('options-exclude', { first, second }, { at: nowhere });
      return reportUsage([message], context, 'lsp');
    }
    if (socket !== undefined && socket > lastPort) {
      const expected = `a number from 1 to ${lastPort}`;
      const parameters = { option: '--socket', value: String(socket), expected };
      const message = createDiagnostic('command-option-bad-value', parameters, { at: nowhere });
      return reportUsage([message], context, 'lsp');
    }
    // The program reads the words of the command line by itself, as it does in editors' extensions.
    await import('../../lsp/stdio.js');
    // The connection ends the process, when the editor says so or goes away.
    return new Promise<never>(() => undefined);
  },
});
