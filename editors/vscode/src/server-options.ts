import type { ServerOptions, TransportKind } from 'vscode-languageclient/node';

/** As a number, for the package cannot be loaded where there is no editor. */
const stdio: TransportKind.stdio = 0;

/**
 * How the server starts: the one of the extension, or the program that the setting
 * `unetc.server.path` names, as `PROGRAM lsp`. The latter gets no `--stdio`, which the
 * client would add if the transport were named.
 */
export function serverOptions(bundled: string, configured: string): ServerOptions {
  const program = configured.trim();
  return program === ''
    ? { module: bundled, transport: stdio }
    : { command: program, args: ['lsp'] };
}
