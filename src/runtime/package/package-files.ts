import { createHash } from 'node:crypto';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { jsonText } from '../../diagnostics/json-text.js';
import { describeModel } from '../../codegen/model-facts.js';
import { mainHead } from '../../ir/graph-heads.js';
import { encodeModel, messageLimit } from '../../codegen/onnx/encode.js';
import { emitOnnx } from '../../codegen/onnx/emit.js';
import { lengthOf } from '../../codegen/onnx/protobuf.js';
import { emitPicture } from '../../codegen/picture/emit-picture.js';
import { emitPyTorch } from '../../codegen/pytorch/emit.js';
import { checkDepth } from '../../codegen/tfjs/check-depth.js';
import { emitTypeScript } from '../../codegen/typescript/emit.js';
import { describeNetwork } from '../exports/describe-network.js';
import { namedValues } from '../exports/onnx-weights.js';
import { torchTensors } from '../exports/weights/named-tensor.js';
import { safetensorsFile } from '../exports/weights/safetensors.js';
import { buildLayersModel, savedWeightNames, setModelWeights } from '../network/layers-model.js';
import { layersModelFiles } from '../network/model-files.js';
import { weightsFromValues } from '../network/weights.js';
import type { TrainedRun } from '../prediction/open-run.js';
import type { PredictionEngine } from '../prediction/window-network.js';
import type { StoredEvaluation } from '../runs/evaluation-file.js';
import type { SplitSummary } from '../data/summary.js';
import { factsFile, packageFacts } from './package-facts.js';
import { textFile, type PackageFile } from './package-file.js';
import { modelCard } from './model-card.js';
import { pageHtml } from './page-html.js';
import { modelFolder, pageSpecFile, type PageSpec } from './page/page-spec.js';
import { predictScript } from './predict-script.js';
import { makeSample } from './sample.js';
import { serveScript } from './serve-script.js';

/** What a package is made of beside the run. */
export interface PackageSources {
  /** What the weights do on the validation images, where that is known. */
  readonly evaluation: StoredEvaluation | undefined;
  /** What the data held, where the run says it. */
  readonly data: readonly SplitSummary[];
  /** The licence as the person states it. */
  readonly license?: string | undefined;
  /** The image to take as the sample; one is drawn unless given. */
  readonly sample?: string | undefined;
  /** What predicts the sample. */
  readonly engine?: PredictionEngine | undefined;
  /** The files of the page beside `index.html`, by their names (`scripts/package-page.mjs`). */
  readonly page: ReadonlyMap<string, Uint8Array>;
}

/** The name of the list of checksums, the last file of a package. */
export const sumsFile = 'SHA256SUMS';

/**
 * All files of a package that other people can use without unetc, the list of their checksums last. The
 * engine of TensorFlow.js has to run. Undefined, with what is wrong, where the sample cannot be
 * predicted or the network not be saved. Equal runs give equal bytes.
 */
export async function packageFiles(
  trained: TrainedRun,
  { evaluation, data, license, sample: chosen, engine, page }: PackageSources,
): Promise<Result<readonly PackageFile[] | undefined>> {
  const { model, recipe, spec } = trained.run;
  const { graph, section } = model;
  const tooDeep = checkDepth(graph, section.name?.span ?? section.keyword.span);
  if (hasErrors(tooDeep)) return { value: undefined, diagnostics: tooDeep };
  const predictor = await trained.createPredictor({ engine });
  const made = await makeSample(trained, predictor, chosen).finally(() => predictor.dispose());
  const { value: sample, diagnostics } = made;
  if (sample === undefined) return { value: undefined, diagnostics };
  const facts = packageFacts({ trained, evaluation, sample: sample.facts, license });
  const python = pythonFiles(trained);
  const described = { ...model, recipe };
  const source = { file: 'spec.unet', set: spec.set };
  const pageSpec: PageSpec = { spec, threshold: trained.found.threshold };
  const typescript = await emitTypeScript([described], source);
  const buildName = /^export function (build\w+)/m.exec(typescript)![1]!;
  const { className } = python;
  const hasPyTorch = python.files.length > 0;
  const card = { facts, graph, recipe, data, hasPyTorch, className, buildName };
  const files: PackageFile[] = [
    textFile('README.md', modelCard(card)),
    textFile('index.html', pageHtml(facts)),
    ...onnxFiles(trained),
    textFile(factsFile, `${jsonText(facts)}\n`),
    textFile('network.svg', await emitPicture(model, { format: 'svg', theme: 'auto' })),
    ...[...page].map(([name, bytes]) => ({ path: `page/${name}`, content: [bytes] })),
    textFile(pageSpecFile, `${jsonText(pageSpec)}\n`),
    ...python.files,
    ...sample.files,
    textFile('serve.mjs', serveScript),
    textFile('spec.unet', spec.text),
    ...(await tensorflowFiles(trained)),
    textFile('typescript/network.ts', typescript),
    {
      path: 'weights.safetensors',
      content: safetensorsFile(
        torchTensors(graph, trained.checkpoint.weights),
        describeModel(described),
      ),
    },
  ];
  return { value: [...files, sumsOf(files)], diagnostics: [...diagnostics, ...python.diagnostics] };
}

/** The network as a PyTorch module and the script that predicts with it; none where PyTorch has no words for it. */
function pythonFiles({ run: { model, recipe, spec } }: TrainedRun): {
  readonly files: readonly PackageFile[];
  readonly className: string;
  readonly diagnostics: readonly Diagnostic[];
} {
  const emitted = emitPyTorch([{ ...model, recipe }], { file: 'spec.unet', set: spec.set });
  if (emitted.value === undefined) {
    // The other parts of the package do without.
    const diagnostics = emitted.diagnostics.map((each) => ({
      ...each,
      severity: 'warning' as const,
    }));
    return { files: [], className: '', diagnostics };
  }
  const { text, models } = emitted.value;
  const { className, predictions } = models[0]!;
  const { heads } = model.graph;
  const field = heads.length === 1 ? undefined : predictions[heads.indexOf(mainHead(model.graph))];
  return {
    files: [
      textFile('python/network.py', text),
      textFile('python/predict.py', predictScript({ className, field })),
    ],
    className,
    diagnostics: emitted.diagnostics,
  };
}

/** The network as ONNX; with the weights in a file beside it where one file cannot hold all. */
function onnxFiles({ run, checkpoint }: TrainedRun): readonly PackageFile[] {
  const { model, recipe } = run;
  const network = emitOnnx({ ...model, recipe }, namedValues(checkpoint.weights));
  const path = 'model.onnx';
  const whole = encodeModel(network);
  if (lengthOf(whole.model) <= messageLimit) return [{ path, content: whole.model }];
  const weights = `${path}.data`;
  const apart = encodeModel(network, weights);
  return [
    { path, content: apart.model },
    { path: weights, content: apart.weights! },
  ];
}

/** The layers model of TensorFlow.js with the module that opens it. */
async function tensorflowFiles({ run, checkpoint }: TrainedRun): Promise<readonly PackageFile[]> {
  const { model, recipe } = run;
  const { graph } = model;
  const layers = buildLayersModel(graph, 'zero');
  const weights = weightsFromValues(graph, checkpoint.weights);
  try {
    setModelWeights(layers, graph, weights);
    const weightNames = savedWeightNames(layers, graph);
    const network = describeNetwork({ ...model, recipe });
    const files = await layersModelFiles(layers, { weightNames, network });
    return files.map(({ name, bytes }) => ({ path: `${modelFolder}/${name}`, content: [bytes] }));
  } finally {
    layers.dispose();
    weights.dispose();
  }
}

/** What `sha256sum -c` reads. */
function sumsOf(files: readonly PackageFile[]): PackageFile {
  const lines = files.map(({ path, content }) => {
    const hash = createHash('sha256');
    for (const piece of content) hash.update(piece);
    return `${hash.digest('hex')}  ${path}\n`;
  });
  return textFile(sumsFile, lines.join(''));
}
