import { basename, dirname } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { describeSystemError } from '../../files/index.js';
import { defineCommand } from '../command.js';
import { interruptedCodes, type CommandContext, type Interruption } from '../context.js';
import { findPackageFile } from '../package-file.js';
import { nowhere, reportDiagnostics, wholeFile } from '../report.js';
import { SpecFolder } from '../studio/spec-folder.js';
import { specExtension } from '../specs.js';
import { serveStudio } from '../studio/serve-studio.js';

/** `unetc studio [SPEC|DIR]`: the page in which networks are written, from this machine. */
export const studioCommand = defineCommand({
  name: 'studio',
  description:
    'Serves a page in which networks are written: problems, picture, sizes, costs and code follow\n' +
    'every key. It is served to this machine alone. With a folder or a spec, the page opens the\n' +
    'specs of that folder and saves them there; without one it keeps its texts in the browser.\n' +
    'Ctrl-C ends it.',
  arguments: [{ name: 'PATH', optional: true, help: 'a folder of specs, or one spec of it' }],
  options: {
    port: {
      kind: 'integer',
      value: 'N',
      minimum: 1,
      help: 'the port; one that is free unless given',
    },
  },
  examples: [
    { call: 'unetc studio', remark: 'to try things out' },
    { call: 'unetc studio specs', remark: 'for the specs of a folder' },
  ],
  async run({ arguments: [path], options: { port = 0 } }, context) {
    const folder = openFolder(path, context);
    if (folder !== undefined && 'diagnostics' in folder) {
      return reportDiagnostics(folder.diagnostics, context);
    }
    const index = findPackageFile('dist/studio/index.html');
    if (index === undefined) {
      const problem = createDiagnostic('studio-not-built', {}, { at: nowhere });
      return reportDiagnostics([problem], context);
    }
    try {
      const server = await serveStudio({ page: dirname(index), folder, port });
      context.stdout.line(`The studio is at ${server.address}`);
      const signal = await new Promise<Interruption>((done) => context.onInterrupt(done));
      await server.close();
      return interruptedCodes[signal];
    } catch (error) {
      const parameters = { port, reason: describeSystemError(error).replace(/\.$/, '') };
      const help = ['Another "--port" may be free; without it, one is taken that is.'];
      const problem = createDiagnostic('studio-not-served', parameters, { at: nowhere, help });
      return reportDiagnostics([problem], context);
    }
  },
});

/** The specs that a call names; or why there are none. */
function openFolder(
  path: string | undefined,
  { host, folder: working }: CommandContext,
): SpecFolder | { readonly diagnostics: readonly Diagnostic[] } | undefined {
  if (path === undefined) return undefined;
  const real = host.realPath(host.paths.resolve(working, path));
  const kind = real === undefined ? 'missing' : host.kindOf(real);
  if (real !== undefined && kind === 'folder') return new SpecFolder(host, real, undefined);
  if (real !== undefined && kind === 'file' && real.endsWith(specExtension)) {
    return new SpecFolder(host, dirname(real), basename(real));
  }
  const at = wholeFile(path);
  const reason = `it is neither a folder nor a spec, whose name ends in "${specExtension}"`;
  const problem =
    kind === 'missing'
      ? createDiagnostic('file-missing', { path }, { at })
      : createDiagnostic('file-unreadable', { path, reason }, { at });
  return { diagnostics: [problem] };
}
