import { hasErrors, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { defineCommand } from '../command.js';
import { setOption } from '../one-model.js';
import { nowhere, reportDiagnostics, reportUsage } from '../report.js';
import { checkpointOption } from '../trained-network.js';
import { weightFormatNames, weightFormatOf, type FileFormat } from './weights/formats.js';

const options = {
  to: {
    kind: 'choice',
    choices: weightFormatNames,
    required: true,
    help: 'the format to write',
  },
  out: {
    kind: 'text',
    short: 'o',
    value: 'PATH',
    help: 'the file or folder to write; beside SOURCE unless given',
  },
  spec: { kind: 'text', value: 'SPEC', help: 'the network, where SOURCE is not a run' },
  set: setOption,
  model: { kind: 'text', value: 'NAME', help: 'the model, where the spec holds several' },
  partial: { kind: 'flag', help: 'with --spec: what SOURCE lacks starts anew' },
  checkpoint: checkpointOption,
} as const;

/** `unetc weights SOURCE --to FORMAT`: weights in the format of another library. */
export const weightsCommand = defineCommand({
  name: 'weights',
  description:
    'Writes the weights of a trained run, or of any file of weights that the spec of "--spec"\n' +
    'can start from, in another format. Of PyTorch\'s formats, "safetensors" and "pytorch", the\n' +
    'names are those of the module of "build --target pytorch", and "keras" has those of the\n' +
    'model of "build --target keras"; "tfjs" and "onnx" are whole networks, as "build" writes\n' +
    'them. No bit of a weight changes. A file that is there is never replaced by other weights.',
  arguments: [{ name: 'SOURCE', help: 'a run of "unetc train", or a file of weights' }],
  options,
  examples: [
    { call: 'unetc weights runs/cells --to safetensors', remark: 'runs/cells.safetensors' },
    { call: 'unetc weights unet.pth --spec unet.unet --to keras -o unet.h5', remark: 'of a file' },
  ],
  async run({ arguments: [source], options: given }, context) {
    const odd = checkWishes(given);
    if (odd.length > 0) return reportUsage(odd, context, 'weights');
    const format = weightFormatOf(given.to);
    const place = given.out ?? besides(source!, format.ending);
    if (format.kind === 'file' && isModel(place, format)) {
      reportDiagnostics(
        [createDiagnostic('weights-as-model', { path: place }, { at: nowhere })],
        context,
      );
      return 1;
    }
    const { findNetwork } = await import('./weights/find-network.js');
    const found = await findNetwork(source!, given, context);
    if (typeof found === 'number') return found;
    const { model, weigh, inputs } = found;
    let diagnostics: readonly Diagnostic[];
    if (format.kind === 'file') {
      const { writeWeightsFile } = await import('./weights/write-weights-file.js');
      diagnostics = await writeWeightsFile(place, format, weigh, inputs, context);
    } else if (given.to === 'onnx') {
      const { writeOnnx } = await import('./build/write-onnx.js');
      const wishes = { check: false, isApart: false, foldsNorms: false };
      ({ diagnostics } = await writeOnnx(place, weigh, wishes, inputs, context));
    } else {
      const { writeLayersModel } = await import('./build/write-layers-model.js');
      diagnostics = await writeLayersModel(place, model, weigh, inputs, context);
    }
    if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
    return hasErrors(diagnostics) ? 1 : 0;
  },
});

const isModel = (place: string, { endingOfModels }: FileFormat): boolean =>
  endingOfModels !== undefined && place.endsWith(endingOfModels);

interface Wishes {
  readonly spec: string | undefined;
  readonly set: readonly string[];
  readonly model: string | undefined;
  readonly partial: boolean;
  readonly checkpoint: string | undefined;
}

/** Reports options that say nothing without a spec, or nothing with one. */
function checkWishes({ spec, set, model, partial, checkpoint }: Wishes): readonly Diagnostic[] {
  if (spec !== undefined) {
    if (checkpoint === undefined) return [];
    const parameters = { first: '--spec', second: '--checkpoint' };
    return [createDiagnostic('options-exclude', parameters, { at: nowhere })];
  }
  const lonely = [
    ...(set.length > 0 ? ['--set'] : []),
    ...(model === undefined ? [] : ['--model']),
    ...(partial ? ['--partial'] : []),
  ];
  return lonely.map((option) =>
    createDiagnostic('option-needs-other', { option, other: '--spec' }, { at: nowhere }),
  );
}

/** The path of a source with another ending: `runs/cells` and `cells.pth` alike. */
const besides = (source: string, ending: string): string =>
  source
    .replace(/[/\\]+$/, '')
    .replace(/(?<=[^/\\])\.(safetensors|pth?|keras|(weights\.)?h5|onnx|tfjs|ckpt)$/, '') + ending;
