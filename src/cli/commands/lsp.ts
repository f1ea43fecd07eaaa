import { defineCommand } from '../command.js';

/** `unetc lsp`: the language server, for editors. */
export const lspCommand = defineCommand({
  name: 'lsp',
  description:
    'Speaks the Language Server Protocol on standard input and output, for editors: problems\n' +
    'and sizes while you type, completion, renaming, repairs.',
  arguments: [],
  options: {
    stdio: { kind: 'flag', help: 'use standard input and output, as without it' },
  },
  examples: [{ call: 'unetc lsp', remark: 'what an editor starts' }],
  async run() {
    await import('../../lsp/stdio.js');
    // The connection ends the process, when the editor says so or goes away.
    return new Promise<never>(() => undefined);
  },
});
