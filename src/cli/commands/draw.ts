import { extname } from 'node:path';
import {
  emitPicture,
  pictureFormats,
  type PictureFormat,
} from '../../codegen/picture/emit-picture.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { defineCommand } from '../command.js';
import { formOf, formOptions } from '../model-form.js';
import { compileOne, modelOption, setOption, specArgument } from '../one-model.js';
import { inputFiles, writeOutput } from '../output-files.js';
import { displayedPath, nowhere, reportDiagnostics, reportUsage } from '../report.js';
import { specExtension } from '../specs.js';
import { checkSize, readSize, sizeOption } from '../size-option.js';

/** Formats by the extensions of files. */
const extensions: Readonly<Record<string, PictureFormat>> = {
  '.svg': 'svg',
  '.dot': 'dot',
  '.gv': 'dot',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
};

/** `unetc draw SPEC --out net.svg`: the network as papers draw it. */
export const drawCommand = defineCommand({
  name: 'draw',
  description:
    'Draws the network as papers do: a row for each resolution, the encoder down the left, the\n' +
    'decoder up the right, skips between. Without "--out" the picture is printed.',
  arguments: [specArgument],
  options: {
    out: { kind: 'text', value: 'FILE', help: 'the file to write; its extension tells the format' },
    format: { kind: 'choice', choices: pictureFormats, help: 'svg unless the file says otherwise' },
    theme: {
      kind: 'choice',
      choices: ['auto', 'light', 'dark'],
      help: "of svg: auto follows the reader's choice, and is the default",
    },
    size: sizeOption,
    ...formOptions,
    set: setOption,
    model: modelOption,
  },
  examples: [
    { call: 'unetc draw net.unet --out net.svg', remark: 'for a page or a paper' },
    { call: 'unetc draw net.unet --format mermaid', remark: 'for a README' },
  ],
  async run({ arguments: [path], options }, context) {
    const reported = options.out === undefined ? undefined : extensions[extname(options.out)];
    if (options.out !== undefined && reported === undefined && options.format === undefined) {
      const expected = `a file that ends in ${Object.keys(extensions).join(', ')}, or "--format"`;
      const parameters = { option: '--out', value: options.out, expected };
      const message = createDiagnostic('command-option-bad-value', parameters, { at: nowhere });
      return reportUsage([message], context, 'draw');
    }
    if (options.out?.endsWith(specExtension) === true) {
      const expected = 'the file of a picture, not of a spec';
      const parameters = { option: '--out', value: options.out, expected };
      const message = createDiagnostic('command-option-bad-value', parameters, { at: nowhere });
      return reportUsage([message], context, 'draw');
    }
    const given = readSize(options.size);
    if ('diagnostics' in given) return reportUsage(given.diagnostics, context, 'draw');
    const { size } = given;
    const answer = await compileOne(path!, options, context);
    if (answer.kind === 'failed') return answer.code;
    const form = formOf(answer.model, options);
    if ('diagnostics' in form) return reportUsage(form.diagnostics, context, 'draw');
    const problems = checkSize(form.model, size);
    if (hasErrors(problems)) {
      return reportDiagnostics(problems, context, { sources: [answer.source] });
    }
    const format = options.format ?? reported ?? 'svg';
    const text = await emitPicture(form.model, { format, theme: options.theme ?? 'auto', size });
    if (options.out === undefined) {
      context.stdout.content(text);
      return 0;
    }
    const failed = writeOutput(options.out, text, context, inputFiles(answer.files, context));
    if (failed.length > 0) return reportDiagnostics(failed, context);
    context.stderr.line(`drew ${displayedPath(options.out, context.folder)}`);
    return 0;
  },
});
