import { createDiagnostic } from '../../diagnostics/report.js';
import { defineCommand } from '../command.js';
import { parseSettings } from '../one-model.js';
import { nowhere, reportDiagnostics, reportUsage } from '../report.js';
import { pathArgument, readSpecs } from '../specs.js';
import { checkWeightWishes } from '../weights.js';
import { buildOptions, findExclusion } from './build/build-options.js';
import { Build } from './build/build-specs.js';
import { watchSpecs } from './build/watch.js';

/** `unetc build PATH...`: TypeScript modules, or layers models, from specs. */
export const buildCommand = defineCommand({
  name: 'build',
  description:
    'Makes a TypeScript module of each spec, beside it: "unet.unet" becomes "unet.ts",\n' +
    'which imports TensorFlow.js and nothing else. With "--target tfjs", a folder\n' +
    '"unet.tfjs" that tf.loadLayersModel reads, with fresh weights or those of a file,\n' +
    'and a module "network.js" that knows scaling, legal sizes and classes. With\n' +
    '"--target onnx", an ONNX file "unet.onnx" that knows the same. With "--target\n' +
    'pytorch", a Python file "unet.py" with a torch.nn.Module for each model and block,\n' +
    'and with "--train" the scripts that train it beside it; with "--target keras", one\n' +
    'with a function that builds each as a model of Keras 3.\n' +
    'A file is written only if its bytes change; a spec with errors writes nothing.',
  arguments: [pathArgument],
  options: buildOptions,
  examples: [
    { call: 'unetc build specs', remark: 'every spec below a folder' },
    { call: 'unetc build net.unet --set base=32 --out src/', remark: 'narrower, elsewhere' },
    { call: 'unetc build net.unet --target onnx --weights run', remark: 'a trained network' },
    { call: 'unetc build net.unet --target pytorch --train', remark: 'and train.py, for torchrun' },
    { call: 'unetc build specs --check', remark: 'in CI: are the committed modules fresh?' },
  ],
  async run({ arguments: paths, options: given }, context) {
    const wrong = findExclusion(given);
    if (wrong !== undefined) {
      const [first, second] = wrong;
      const message = createDiagnostic('options-exclude', { first, second }, { at: nowhere });
      return reportUsage([message], context, 'build');
    }
    const odd = checkWeightWishes(given);
    if (odd.length > 0) return reportUsage(odd, context, 'build');
    const settings = parseSettings(given.set);
    if ('diagnostics' in settings) return reportUsage(settings.diagnostics, context, 'build');

    const found = await readSpecs(paths, context, {
      stdinPath: given['stdin-filepath'],
    });
    let code = reportDiagnostics(found.diagnostics, context);
    const build = new Build(given, settings.set, found.stdin, context);
    const first = await build.all(found.sources, found.sources);
    if (!given.watch) return code === 0 ? first : code;
    context.stderr.line(`watching ${paths.join(', ')}; Ctrl-C ends`);
    await watchSpecs(paths, found.sources, context, {
      contentOf: (source) => build.contentOf(source),
      rebuild: async (changed, all) => {
        code = await build.all(changed, all);
      },
    });
    return 0;
  },
});
