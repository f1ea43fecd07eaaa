import { dirname, join, resolve } from 'node:path';
import { counted } from '../../diagnostics/counted.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { listFolder, readBytesSync } from '../../files/index.js';
import { defineCommand } from '../command.js';
import { startChosenEngine } from '../engine-options.js';
import { findPackageFile } from '../package-file.js';
import { displayedPath, nowhere, reportDiagnostics, wholeFile } from '../report.js';
import { completeEvaluation } from '../run-report.js';

/** `unetc package RUN --out DIR`: a folder of a trained network for other people. */
export const packageCommand = defineCommand({
  name: 'package',
  description:
    'Makes one folder of the best weights of a run, for people who do not have unetc: the weights\n' +
    'as safetensors, the network for ONNX Runtime, TensorFlow.js and PyTorch, what is to be done\n' +
    'to images, a model card, a sample with its expected mask, checksums, and a page that runs\n' +
    'the network in a browser. No image of the training is in it, unless "--sample" names one.\n' +
    'A package that is there is replaced, if nothing in it was changed.',
  arguments: [{ name: 'RUN', help: 'the folder that "unetc train" has made' }],
  options: {
    out: { kind: 'text', value: 'DIR', required: true, help: 'the folder of the package' },
    license: {
      kind: 'text',
      value: 'ID',
      help: 'the licence of the weights, such as CC-BY-4.0; not stated unless given',
    },
    sample: {
      kind: 'text',
      value: 'IMAGE',
      help: 'the image to show, of which others get a copy; one is drawn unless given',
    },
    data: {
      kind: 'text',
      value: 'DIR',
      help: 'the folder of the data, where metrics are still to be measured',
    },
  },
  examples: [
    { call: 'unetc package runs/cells --out cells --license CC-BY-4.0', remark: 'for others' },
    { call: 'node cells/serve.mjs', remark: 'its page, on this machine' },
  ],
  async run({ arguments: [given], options }, context) {
    const folder = resolve(context.folder, given!);
    const out = resolve(context.folder, options.out);
    const { placeOf } = await import('../../runtime/package/earlier-package.js');
    const place = placeOf(out);
    if (place.kind === 'taken') {
      const parameters = { folder: displayedPath(out, context.folder), reason: place.reason };
      const help = ['Choose another folder with "--out", or move what is there away.'];
      const at = wholeFile(out);
      return reportDiagnostics(
        [createDiagnostic('package-folder-taken', parameters, { at, help })],
        context,
      );
    }
    const page = readPage();
    if (typeof page === 'string') {
      const help = ['In a checkout, "npm run build" makes it.'];
      const at = wholeFile(page);
      return reportDiagnostics(
        [createDiagnostic('package-page-missing', { file: page }, { at, help })],
        context,
      );
    }
    const { openRun } = await import('../../runtime/prediction/open-run.js');
    const { value: trained, diagnostics } = await openRun(folder, 'best');
    if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
    if (trained === undefined || hasErrors(diagnostics)) return 1;
    // What a package holds does not depend on the machine that makes it.
    const wished = { engine: 'wasm', threads: undefined } as const;
    if ((await startChosenEngine(wished, context)) === undefined) return 1;
    const data = options.data === undefined ? undefined : resolve(context.folder, options.data);
    await completeEvaluation(folder, { data, engine: { kind: 'running' } }, context);
    const { gatherRun } = await import('../../runtime/report/gather/gather-run.js');
    const { value: known } = await gatherRun(folder);
    const { packageFiles } = await import('../../runtime/package/package-files.js');
    const made = await packageFiles(trained, {
      evaluation: known?.evaluation,
      data: known?.data ?? [],
      license: options.license,
      sample: options.sample === undefined ? undefined : resolve(context.folder, options.sample),
      page,
    });
    if (made.diagnostics.length > 0) reportDiagnostics(made.diagnostics, context);
    if (made.value === undefined) return 1;
    const { writePackage } = await import('../../runtime/package/write-package.js');
    const failed = await writePackage(out, made.value, place);
    if (failed.length > 0) return reportDiagnostics(failed, context);
    const shown = displayedPath(out, context.folder);
    if (options.license === undefined) {
      const help = ['For example: --license CC-BY-4.0'];
      const told = createDiagnostic('package-without-license', {}, { at: nowhere, help });
      reportDiagnostics([told], context);
    }
    context.stderr.line(
      `wrote ${counted(made.value.length, 'file')}; look: node ${shown}/serve.mjs`,
    );
    context.stdout.line(shown);
    return 0;
  },
});

/** The files of the page that the build has made, or the path of the one that is missing. */
function readPage(): ReadonlyMap<string, Uint8Array> | string {
  const first = 'dist/page/worker.js';
  const found = findPackageFile(first);
  if (found === undefined) return first;
  const folder = dirname(found);
  return new Map(
    listFolder(folder).map((name) => [name, readBytesSync(join(folder, name), 'program')]),
  );
}
