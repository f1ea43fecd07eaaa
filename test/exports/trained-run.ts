import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atFile } from '../../src/runtime/data/at-file.js';
import { readImage } from '../../src/runtime/data/image-files.js';
import { readPixels } from '../../src/runtime/data/input-images.js';
import { generateDemo } from '../../src/runtime/demo/generate-demo.js';
import { openRun } from '../../src/runtime/prediction/open-run.js';
import { callCli, type CliResult } from '../cli/run-cli.js';
import { root } from '../codegen/cases.js';

/**
 * A network with operations of all sorts: those that TensorFlow.js has in layers of its
 * own, alone or joined, and those that `network.js` brings.
 */
export const variedSpec = `
model Varied {
  input image: [H, W, 1]
  encoder plain {
    widths: [4, 8]
    stage: conv(width, 3, dilation: 2) -> batch_norm -> prelu
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: bilinear(2, grid: align_corners) -> conv(width, 1)
    stage: depthwise_conv(3) -> conv(width, 3, groups: 2) -> group_norm(2) -> hard_swish
  }
  head mask: conv(2, 1)
}

train Varied {
  loss: cross_entropy
  metrics: [dice]
  classes: [background, "round cell"]
  scaling: normalize(mean: 0.4, deviation: 0.2)
  epochs: 1
  batch: 2
}
`;

/** What a program without unetc says of an image. */
export interface Answers {
  readonly classes?: readonly string[];
  readonly heads: Readonly<Record<string, { shape: readonly number[]; values: readonly number[] }>>;
  /** What the model itself says of 33 x 33. */
  readonly refusal: string;
}

/** A folder inside the checkout, so that `network.js` finds TensorFlow.js, with a spec and small images. */
export async function prepareRun(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'varied.unet'), variedSpec);
  await generateDemo(join(folder, 'data'), { seed: 1, train: 2, val: 1, size: 16 });
}

/** Trains the spec in the folder for an epoch, or as the words say. */
export const trainIn = (
  folder: string,
  run: string,
  ...words: readonly string[]
): Promise<CliResult> =>
  callCli(['train', 'varied.unet', '--data', 'data', '--out', run, ...words], { folder });

/** The image of the validation part, and its pixels as a JSON file for other programs. */
export const imageOf = (folder: string): string => join(folder, 'data/val/images/cells-001.png');
export async function writePixels(folder: string): Promise<string> {
  const { value: image } = await readImage(imageOf(folder));
  const { height, width, channels, data } = image!;
  const pixels = { shape: [height, width, channels], values: [...data] };
  const file = join(folder, 'pixels.json');
  writeFileSync(file, JSON.stringify(pixels));
  return file;
}

/** What `unetc predict` computes for the image before it paints. */
export async function predictionOf(run: string, folder: string): Promise<Float32Array> {
  const { value: opened, diagnostics } = await openRun(run);
  if (opened === undefined) throw new Error(JSON.stringify(diagnostics));
  const { channels, scaling } = opened.network;
  const { value: image } = await readPixels(imageOf(folder), channels, scaling.range);
  const predictor = await opened.createPredictor();
  const { value } = await predictor.predict(image!, atFile(imageOf(folder)));
  predictor.dispose();
  return value!.probabilities.data;
}

/** The answers of `network.js` in a Node.js process of their own. */
export function answersInNode(folder: string, pixels: string): Answers {
  const script = join(root, 'test/exports/answer-in-node.mjs');
  const options = {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  } as const;
  const text = execFileSync(process.execPath, [script, folder, pixels], {
    ...options,
    stdio: 'pipe',
  });
  return JSON.parse(text) as Answers;
}
