import { listEngines } from '../../runtime/engines/list-engines.js';
import { defineCommand } from '../command.js';
import { renderColumns } from '../table.js';

/** `unetc engines`: what can compute here, and how to get the rest. */
export const enginesCommand = defineCommand({
  name: 'engines',
  description: 'Lists the engines that train and predict, and whether each is installed.',
  arguments: [],
  options: { json: { kind: 'flag', help: 'print the list as one JSON array on stdout' } },
  examples: [{ call: 'unetc engines --json', remark: 'for a script' }],
  run({ options }, context) {
    const engines = listEngines();
    if (options.json) context.stdout.json(engines);
    else
      context.stdout.write(
        renderColumns(
          engines.map(({ name, installed, description, notes }) => [
            name,
            installed ? 'installed' : 'missing',
            `${description}: ${notes}`,
          ]),
          ['left', 'left', 'left'],
        ),
      );
    return Promise.resolve(0);
  },
});
