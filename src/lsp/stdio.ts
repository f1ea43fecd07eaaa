import { connect, type NetConnectOpts } from 'node:net';
import { resolve } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createDiagnostic } from '../diagnostics/report.js';
import { isFolder, toFileError } from '../files/index.js';
import { createNodeHost } from '../host-node.js';
import { createMessageFilter } from './message-frames.js';
import { startServer } from './server.js';
import { transportOf } from './transport.js';

/** A program: loading this file starts a server, which talks as the command line says. */

/** Where the standard library may lie as files: beside the package's program, or in an extension. */
const places = ['../../specs/std', '../specs/std', '../../../specs/std'];
const library = places
  .map((place) => resolve(import.meta.dirname, place))
  .find((folder) => isFolder(folder));
const options = { host: createNodeHost('/'), library };

const transport = transportOf(process.argv.slice(2));
switch (transport.kind) {
  case 'ipc':
    startServer(createConnection(ProposedFeatures.all), options);
    break;
  case 'streams':
    serve(process.stdin, process.stdout);
    break;
  case 'socket': {
    const { port } = transport;
    call({ port, host: '127.0.0.1' }, `port ${port}`);
    break;
  }
  case 'pipe':
    call({ path: transport.path }, `"${transport.path}"`, transport.path);
}

/** Serves what comes in. What is not a message is told in the editor's log and on standard error. */
function serve(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
  const filter = createMessageFilter((problem) => {
    process.stderr.write(`unetc lsp: ${problem}\n`);
    served.console.warn(`unetc: ${problem}`);
  });
  const served = createConnection(ProposedFeatures.all, input.pipe(filter), output);
  startServer(served, options);
}

/** Calls an editor that listens, and serves it until it goes away. */
function call(target: NetConnectOpts, place: string, path = ''): void {
  const socket = connect(target);
  const giveUp = (error: unknown): void => {
    const parameters = { place, reason: toFileError(path, error).message };
    const { code, message } = createDiagnostic('editor-not-reached', parameters, {
      at: { file: '', start: 0, end: 0 },
    });
    process.stderr.write(`error ${code}: ${message}\n`);
    process.exit(1);
  };
  socket.once('error', giveUp);
  socket.once('connect', () => {
    socket.off('error', giveUp);
    // An editor that is gone has no use for answers, however it went.
    socket.on('error', () => process.exit(1));
    socket.on('close', () => process.exit(0));
    serve(socket, socket);
  });
}
