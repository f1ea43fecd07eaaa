/** The language server in a worker of its own: a compilation that takes long stops no typing. */
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
} from 'vscode-languageserver/browser';
import { createMemoryHost } from '../../src/host.js';
import { startServer } from '../../src/lsp/server.js';
import { standardLibrary } from '../../src/std/sources.generated.js';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const library = Object.entries(standardLibrary).map(([path, text]) => [`/${path}`, text]);
startServer(createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)), {
  host: createMemoryHost(Object.fromEntries(library) as Record<string, string>),
  library: '/std',
});
