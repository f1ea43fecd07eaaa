import { basename, dirname, resolve } from 'node:path';
import { counted } from '../../diagnostics/counted.js';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import type { CocoImage } from '../../runtime/instances/coco.js';
import { nameOfClass } from '../../runtime/data/class-names.js';
import type { ImageFacts, SeenImage } from '../../runtime/data/image-facts.js';
import type { InputImage } from '../../runtime/data/input-images.js';
import { describeFailure } from '../../runtime/engines/describe-failure.js';
import type { ImageClassification } from '../../runtime/prediction/classify-image.js';
import type { PaintedImage } from '../../runtime/prediction/paint.js';
import type { TrainedNetwork } from '../../runtime/prediction/trained-network.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../context.js';
import { checkOutputs, inputFiles } from '../output-files.js';
import { writeCoco } from '../write-coco.js';
import { displayedPath, nowhere, reportDiagnostics, reportUsage, wholeFile } from '../report.js';
import { checkTiles, readTiles, tileOption } from '../tile-option.js';
import { showTiles } from '../tile-progress.js';
import {
  checkNetworksWishes,
  networksArgument,
  openNetworks,
  splitNetworks,
} from '../several-networks.js';
import { networkOptions } from '../trained-network.js';
import { checkPredictWishes, imageArgument } from './predict/wishes.js';

/** `unetc predict RUN|SPEC IMAGE... --out DIR`: paints masks of images. */
export const predictCommand = defineCommand({
  name: 'predict',
  description:
    'Paints the masks of images of any size: NAME.mask.png, NAME.overlay.png and\n' +
    'NAME.probability.png for each, with several classes that of the class painted; with\n' +
    '--probabilities one NAME.probability-CLASS.png for each class, by its name or number. The\n' +
    'mask of more than two classes holds their numbers as palette indices, unless the recipe has\n' +
    'colours. Says what was padded, resized or cut, and which class has which colour in overlays.\n' +
    'Images that cannot be read are reported, and the others painted. A network that classifies\n' +
    'whole images paints nothing: NAME.classes.json holds the probability of each class. Where the\n' +
    'recipe has "objects", NAME.instances.png numbers them, NAME.objects.csv measures them,\n' +
    'NAME.objects.geojson and objects.coco.json outline them. Several runs, or the members of a\n' +
    'sweep, predict together: all is made of the mean of their probabilities.',
  arguments: [networksArgument, imageArgument],
  options: {
    out: { kind: 'text', value: 'DIR', required: true, help: 'the folder for the pictures' },
    tile: tileOption,
    ...networkOptions,
    probabilities: { kind: 'flag', help: 'of several classes: a picture of each one' },
    uncertainty: {
      kind: 'flag',
      help: 'NAME.uncertainty.png: how far mirror images (--tta) or several runs disagree',
    },
    json: { kind: 'flag', help: 'print what was painted as one JSON array on stdout' },
  },
  examples: [
    { call: 'unetc predict runs/cells cells/val --out painted', remark: 'a folder of images' },
    {
      call: 'unetc predict sweeps/folds cells/val --out painted',
      remark: 'the mean over the runs of a sweep',
    },
    {
      call: 'unetc predict unet.unet cells/val --weights unet.pth --out painted',
      remark: 'weights of another program',
    },
  ],
  async run({ arguments: given, options }, context) {
    const { networks, rest: paths } = splitNetworks(given, context);
    const tiles = readTiles(options.tile);
    if ('diagnostics' in tiles) return reportUsage(tiles.diagnostics, context, 'predict');
    const odd = checkNetworksWishes(networks, options, context);
    if (odd.length > 0) return reportUsage(odd, context, 'predict');
    const unmet = checkPredictWishes(given, options, context);
    if (unmet.length > 0) return reportUsage(unmet, context, 'predict');
    const out = resolve(context.folder, options.out);
    const images = await listImages(paths, out, context);
    if (images === undefined) return 1;
    const { checkOutFolder } = await import('../../runtime/prediction/out-folder.js');
    const places = checkOutFolder(out);
    if (places.length > 0) reportDiagnostics(places, context);
    if (hasErrors(places)) return 1;
    const opened = await openNetworks(networks, options, context);
    if (opened === undefined) return 1;
    const { trained, engine } = opened;
    const unfit = await checkTiles(tiles.tiles, trained);
    if (unfit.length > 0) return reportUsage(unfit, context, 'predict');
    const { probabilities: everyClass, uncertainty: spread } = options;
    if (spread && trained.network.head.classifiesImages) {
      const parameters = {
        option: '--uncertainty',
        given: networks[0]!,
        expected: 'a network of masks',
      };
      const problem = createDiagnostic('option-of-other-network', parameters, { at: nowhere });
      return reportUsage([problem], context, 'predict');
    }
    const taken = await checkPictures(trained, images, { out, everyClass, spread }, context);
    if (taken.length > 0) return reportDiagnostics(taken, context);
    const predictImage = trained.network.head.classifiesImages
      ? (await import('../../runtime/prediction/classify-image.js')).classifyImage
      : (await import('../../runtime/prediction/paint.js')).paintImage;
    const wishes = { engine, ...tiles, tta: options.tta, spread };
    const predictor = await trained.createPredictor(wishes);
    const seen = new Map<InputImage, ImageFacts>();
    const separated = new Map<InputImage, CocoImage>();
    const predicted: Predicted[] = [];
    let hasFailed = false;
    try {
      const { inOrder } = await import('../../runtime/prediction/in-order.js');
      const results = inOrder(images, (image, onOpen): Promise<Result<Predicted | undefined>> => {
        const name = basename(image.path);
        if (!options.json) context.stderr.status(`${name}  reading`);
        return predictImage(trained, predictor, image, out, {
          onOpen,
          onRead: (facts) => seen.set(image, facts),
          onObjects: (objects) => separated.set(image, objects),
          ...{ everyClass, spread },
          ...(!options.json && { onTile: showTiles(context.stderr, name) }),
        });
      });
      for await (const [, { value, diagnostics }] of results) {
        context.stderr.status('');
        if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
        hasFailed ||= hasErrors(diagnostics);
        if (value === undefined) continue;
        predicted.push(value);
        if (!options.json) context.stdout.line(renderImage(value, trained, context));
      }
    } catch (error) {
      // What was painted before is whole; --json tells of it.
      const failure = describeFailure(error);
      if (failure === undefined) throw error;
      reportDiagnostics([failure], context);
      hasFailed = true;
    } finally {
      predictor.dispose();
    }
    const read = images.flatMap((image): readonly SeenImage[] => {
      const facts = seen.get(image);
      return facts === undefined ? [] : [{ imagePath: image.path, image: facts }];
    });
    await warnOfImages(read, trained, context);
    const described = images.flatMap((image) => separated.get(image) ?? []);
    hasFailed ||= !(await writeCoco(described, trained, out, context));
    const [first] = predicted;
    const isPainted = first !== undefined && 'legend' in first;
    const legend = isPainted && !options.json ? renderLegend(first) : undefined;
    if (legend !== undefined) context.stderr.line(legend);
    if (options.json) context.stdout.json(predicted);
    return hasFailed ? 1 : 0;
  },
});

type Predicted = PaintedImage | ImageClassification;

/** The images that the paths name; undefined when a problem was reported. */
async function listImages(
  paths: readonly string[],
  out: string,
  context: CommandContext,
): Promise<readonly InputImage[] | undefined> {
  const { listInputImages } = await import('../../runtime/data/input-images.js');
  const reporter = new Reporter();
  const images = new Map<string, InputImage>();
  for (const path of paths) {
    const { value, diagnostics } = listInputImages(resolve(context.folder, path), out);
    reporter.add(diagnostics);
    for (const image of value) {
      const before = images.get(image.name);
      if (before === undefined) images.set(image.name, image);
      else if (before.path !== image.path) {
        const parameters = { first: before.path, second: image.path, name: image.name };
        const help = ['Paint them in two calls with different folders.'];
        reporter.report('prediction-names-clash', parameters, { at: wholeFile(image.path), help });
      }
    }
  }
  if (reporter.diagnostics.length > 0) reportDiagnostics(reporter.diagnostics, context);
  return hasErrors(reporter.diagnostics) ? undefined : [...images.values()];
}

/** Warns, once for each kind, of images whose values are not what the network was trained on. */
async function warnOfImages(
  seen: readonly SeenImage[],
  trained: TrainedNetwork,
  context: CommandContext,
): Promise<void> {
  const [first] = seen;
  if (first === undefined) return;
  const { checkImages } = await import('../../runtime/data/check-images.js');
  const { trainedValues } = await import('../../runtime/prediction/trained-network.js');
  const { channels: inputChannels, scaling } = trained.network;
  const isMeasured = scaling.statistics === undefined;
  const { range } = scaling;
  const rules = { inputChannels, range, isMeasured, trained: trainedValues(trained) };
  const reporter = new Reporter();
  checkImages(dirname(first.imagePath), seen, rules, reporter);
  if (reporter.diagnostics.length > 0) reportDiagnostics(reporter.diagnostics, context);
}

/** Which pictures are painted, and where. */
interface WantedPictures {
  readonly out: string;
  readonly everyClass: boolean;
  readonly spread: boolean;
}

/** Reports files that would replace an image of the call. */
async function checkPictures(
  { network, run }: TrainedNetwork,
  images: readonly InputImage[],
  { out, everyClass, spread }: WantedPictures,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  const { classesFile, cocoFile, objectFiles, pictureFiles, uncertaintyFile } =
    await import('../../runtime/prediction/picture-files.js');
  const { targetFile } = await import('../../runtime/prediction/target-outputs.js');
  const ofTargets = network.outputs.flatMap(({ head }) =>
    run.recipe.data.targets[head.name] === undefined ? [] : head,
  );
  const read = images.map(({ path }) => path);
  const hasObjects = run.recipe.post.objects !== undefined;
  const pictures = images.flatMap(({ name }) => {
    if (network.head.classifiesImages) return [classesFile(out, name)];
    const { channels } = network.head;
    const { classes } = run.recipe;
    const { mask, overlay, probabilities } = pictureFiles(out, name, {
      ...{ channels, classes, everyClass },
    });
    const objects = hasObjects ? Object.values<string>({ ...objectFiles(out, name) }) : [];
    const uncertainty = spread ? [uncertaintyFile(out, name)] : [];
    const targets = ofTargets.map((head) => targetFile(out, name, head));
    return [mask, overlay, ...probabilities, ...objects, ...uncertainty, ...targets];
  });
  if (hasObjects) pictures.push(cocoFile(out));
  return checkOutputs(pictures, inputFiles(read, context));
}

/** A line that says what the colours of overlays mean; undefined where there is one colour alone. */
function renderLegend({ legend }: PaintedImage): string | undefined {
  const entries = legend.flatMap(({ name, colour }) => (colour ? [`${colour} ${name}`] : []));
  return entries.length < 2 ? undefined : `colours: ${entries.join(', ')}`;
}

function renderImage(image: Predicted, { run }: TrainedNetwork, context: CommandContext): string {
  if ('file' in image) {
    const said = image.classes
      .map(({ name, probability }) => `${probability.toFixed(4)} ${name}`)
      .join(', ');
    return `${displayedPath(image.file, context.folder)}: ${said}; ${image.description}`;
  }
  const { mask, description, shares, objects } = image;
  const { classes } = run.recipe;
  const found = shares
    .slice(1)
    .map((share, i) => `${(100 * share).toFixed(1)} % ${nameOfClass(i + 1, classes)}`)
    .join(', ');
  const count = objects === undefined ? '' : `, ${counted(objects.count, 'object')}`;
  return `${displayedPath(mask, context.folder)}: ${found}${count}; ${description}`;
}
