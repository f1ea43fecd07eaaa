import { resolve } from 'node:path';
import { createConnection, ProposedFeatures, type Connection } from 'vscode-languageserver/node';
import { isFolder } from '../files/index.js';
import { createNodeHost } from '../host-node.js';
import { createMessageFilter } from './message-frames.js';
import { startServer } from './server.js';

/** Where the standard library may lie as files: beside the package's program, or in an extension. */
const places = ['../../specs/std', '../specs/std', '../../../specs/std'];

/**
 * A program: loading this file starts a server, as the command line says: `--node-ipc`,
 * `--socket=N`, `--pipe=NAME`; standard input and output with `--stdio` or without any.
 */
const transports = ['--node-ipc', '--socket', '--pipe'];
const isTold = process.argv.some((word) => transports.some((option) => word.startsWith(option)));
const library = places
  .map((place) => resolve(import.meta.dirname, place))
  .find((folder) => isFolder(folder));
const connection = isTold ? createConnection(ProposedFeatures.all) : connectStandardStreams();
startServer(connection, { host: createNodeHost('/'), library });

/** Serves standard input and output. What is no message is told in the editor's log and on standard error. */
function connectStandardStreams(): Connection {
  const filter = createMessageFilter((problem) => {
    process.stderr.write(`unetc lsp: ${problem}\n`);
    served.console.warn(`unetc: ${problem}`);
  });
  const served = createConnection(ProposedFeatures.all, process.stdin.pipe(filter), process.stdout);
  return served;
}
