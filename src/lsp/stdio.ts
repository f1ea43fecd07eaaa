import { resolve } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { isFolder } from '../files/index.js';
import { createNodeHost } from '../host-node.js';
import { startServer } from './server.js';

/** Where the standard library may lie as files: beside the package's program, or in an extension. */
const places = ['../../specs/std', '../specs/std', '../../../specs/std'];

/**
 * A program: loading this file starts a server, as the command line says: `--stdio`,
 * `--node-ipc`, `--socket=N`, `--pipe=NAME`; standard input and output without one.
 */
const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];
const isTold = process.argv.some((word) => transports.some((option) => word.startsWith(option)));
if (!isTold) process.argv.push('--stdio');
const library = places
  .map((place) => resolve(import.meta.dirname, place))
  .find((folder) => isFolder(folder));
startServer(createConnection(ProposedFeatures.all), { host: createNodeHost('/'), library });
