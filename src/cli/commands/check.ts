import { setImmediate } from 'node:timers/promises';
import { compileText } from '../../compile.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { SourceFile } from '../../diagnostics/source.js';
import { defineCommand } from '../command.js';
import type { Resolve } from '../../frontend/declarations/load-files.js';
import { modernize } from '../../modernize.js';
import { createResolver } from '../../project/imports.js';
import { writeOutput } from '../output-files.js';
import { displayedPath, reportDiagnostics } from '../report.js';
import { weightSourceOf } from '../weights.js';
import { pathArgument, readSpecs, stdinOption } from '../specs.js';

/** How many specs are checked between two looks at Ctrl-C. */
const batch = 50;

/** Weights are those that the spec names. */
const noWishes = { weights: undefined, partial: false };

/** `unetc check PATH...`: compiles specs for their messages alone. */
export const checkCommand = defineCommand({
  name: 'check',
  description:
    'Compiles specs and reports what is wrong with them, without writing anything.\n' +
    'Sizes are proved for every legal input size, not tried for one.\n' +
    'With --fix, specs of an older version of the language are first carried over, in place.',
  arguments: [pathArgument],
  options: {
    fix: { kind: 'flag', help: 'rewrite what an older version of the language said otherwise' },
    json: { kind: 'flag', help: 'print the messages as one JSON array on stdout' },
    'warnings-as-errors': { kind: 'flag', help: 'treat every warning as an error' },
    'stdin-filepath': stdinOption,
  },
  examples: [
    { call: 'unetc check specs', remark: 'all specs below a folder' },
    { call: 'unetc check --fix old.unet', remark: 'a spec of an older version' },
    { call: 'unetc check --json - < net.unet', remark: 'for an editor or a script' },
  ],
  async run({ arguments: paths, options }, context) {
    const found = await readSpecs(paths, context, { stdinPath: options['stdin-filepath'] });
    const diagnostics: Diagnostic[] = [...found.diagnostics];
    const sources: SourceFile[] = [];
    for (const [index, source] of found.sources.entries()) {
      if (index % batch === batch - 1) await setImmediate();
      const { path } = source;
      const resolve = createResolver(path, context);
      const text = options.fix ? carriedOver(source, resolve) : source.text;
      const compilation = compileText(path, text, { resolve });
      const own = [...compilation.diagnostics];
      for (const model of compilation.models) {
        const chosen = weightSourceOf(path, model, noWishes, context);
        if ('diagnostics' in chosen) own.push(...chosen.diagnostics);
      }
      if (own.length === 0) continue;
      diagnostics.push(...own);
      sources.push(...compilation.files.map((file) => file.source));
    }
    const isStrict = options['warnings-as-errors'];
    const reported = isStrict ? diagnostics.map(asError) : diagnostics;
    if (reported.length === 0 && !options.json) {
      const count = found.sources.length;
      context.stderr.write(`${count} ${count === 1 ? 'spec' : 'specs'}, no problems\n`);
    }
    return reportDiagnostics(reported, context, { json: options.json, sources });

    /** The text in today's language, which is written where it differs. */
    function carriedOver(source: SourceFile, resolve: Resolve): string {
      const { path, text } = source;
      const modern = modernize(path, text, { resolve });
      if (modern === text) return text;
      if (source === found.stdin) {
        if (!options.json) context.stdout.content(modern);
        return modern;
      }
      const failed = writeOutput(path, modern, context);
      diagnostics.push(...failed);
      if (failed.length === 0 && !options.json) {
        context.stderr.line(`carried over ${displayedPath(path, context.folder)}`);
      }
      return modern;
    }
  },
});

function asError(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'error' };
}
