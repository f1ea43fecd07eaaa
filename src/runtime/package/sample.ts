import { join } from 'node:path';
import { readBytes, replaceFile, withTemporaryFolder } from '../../files/index.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { atFile } from '../data/at-file.js';
import { encodeNpy } from '../data/encode-npy.js';
import { encodePng, readImage } from '../data/image-files.js';
import type { Image, WholeImage } from '../data/image.js';
import { readPixels } from '../data/input-images.js';
import { makeMask, maskRule } from '../post/mask-rule.js';
import { paintImage } from '../prediction/paint.js';
import { pictureFiles } from '../prediction/picture-files.js';
import type { Predictor } from '../prediction/predictor.js';
import type { TrainedNetwork } from '../prediction/trained-network.js';
import type { SampleFacts } from './package-facts.js';
import type { PackageFile } from './package-file.js';
import { fitSample } from './fit-sample.js';
import { drawSample } from './draw-sample.js';

/** The sample of a package: an image, and what the network gives for it. */
export interface Sample {
  readonly facts: SampleFacts;
  readonly files: readonly PackageFile[];
}

const folder = 'sample';

/**
 * Makes the sample of a package: of an image that a person chose, of which the middle is taken where it
 * is large, or else one that is drawn. Undefined where that image cannot be read or does not fit.
 *
 * @param chosen the path of the image.
 */
export async function makeSample(
  trained: TrainedNetwork,
  predictor: Predictor,
  chosen: string | undefined,
): Promise<Result<Sample | undefined>> {
  if (chosen === undefined) return predictSample(trained, predictor, drawSample(trained), true);
  const { value: image, diagnostics } = await readImage(chosen);
  if (image === undefined) return { value: undefined, diagnostics };
  const { channels, scaling } = trained.network;
  // Told by its own name, before it is another file.
  const readable = await readPixels(chosen, channels, scaling.range);
  if (readable.value === undefined) return { value: undefined, diagnostics: readable.diagnostics };
  const sample = await predictSample(trained, predictor, fitSample(trained, image), false);
  return { ...sample, diagnostics: [...diagnostics, ...sample.diagnostics] };
}

async function predictSample(
  trained: TrainedNetwork,
  predictor: Predictor,
  image: Image,
  isSynthetic: boolean,
): Promise<Result<Sample | undefined>> {
  const { run, network, found } = trained;
  const { channels, classifiesImages } = network.head;
  const isPicture = image.depth === 8 && (image.channels === 1 || image.channels === 3);
  const ending = isPicture ? 'png' : 'npy';
  const encoded = isPicture
    ? await encodePng(image as WholeImage)
    : encodeNpy([image.height, image.width, image.channels], image.data);
  return withTemporaryFolder(async (place) => {
    const path = join(place, `image.${ending}`);
    await replaceFile(path, encoded);
    const { value: pixels, diagnostics: unread } = await readPixels(
      path,
      network.channels,
      network.scaling.range,
    );
    if (pixels === undefined) return { value: undefined, diagnostics: unread };
    const { value, diagnostics } = await predictor.predict(pixels, atFile('the sample'));
    if (value === undefined) return { value: undefined, diagnostics };
    const { probabilities } = value;
    const { height, width, data } = probabilities;
    const files: PackageFile[] = [
      { path: `${folder}/image.${ending}`, content: [encoded] },
      {
        path: `${folder}/probabilities.npy`,
        content: [encodeNpy([height, width, channels], data)],
      },
    ];
    const facts: SampleFacts = {
      image: files[0]!.path,
      isSynthetic,
      probabilities: files[1]!.path,
      ...(classifiesImages ? {} : { classes: `${folder}/classes.npy` }),
    };
    if (classifiesImages) return { value: { facts, files }, diagnostics };
    const mask = makeMask([probabilities], maskRule(run.recipe, found.threshold));
    files.push({ path: facts.classes!, content: [encodeNpy([height, width], mask.data)] });
    // The pictures are those of "unetc predict".
    const painted = await paintImage(trained, predictor, { name: 'image', path }, place);
    if (painted.value === undefined) return failedWith(painted.diagnostics);
    const { classes } = run.recipe;
    const pictures = pictureFiles(place, 'image', { channels, classes, everyClass: false });
    for (const name of ['mask', 'overlay'] as const) {
      const bytes = await readBytes(pictures[name], 'image');
      files.push({ path: `${folder}/${name}.png`, content: [bytes] });
    }
    return { value: { facts, files }, diagnostics };
  });

  function failedWith(diagnostics: readonly Diagnostic[]): Result<undefined> {
    return { value: undefined, diagnostics };
  }
}
