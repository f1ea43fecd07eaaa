import { createSamples, largestSample, type Depth, type Image } from '../data/image.js';
import { drawDemoPair } from '../demo/demo-pairs.js';
import type { TrainedNetwork } from '../prediction/trained-network.js';
import { Random } from '../random.js';
import { sampleSize } from './fit-sample.js';

/** Pixels of a side, where the network does not ask for others. */
const usual = 128;

/**
 * Draws a sample image for a network: cells as a microscope shows them, another drawing for each
 * channel, with values as in the images that it was trained on. What is on it does not matter: it
 * shows that a program predicts as unetc does. The same network gives the same image.
 */
export function drawSample(trained: Pick<TrainedNetwork, 'network' | 'found'>): Image {
  const { network, found } = trained;
  const most = sampleSize(trained);
  const isFixed = network.policy.kind === 'tile' || network.policy.kind === 'resize';
  const height = isFixed ? most.height : Math.min(usual, most.height);
  const width = isFixed ? most.width : Math.min(usual, most.width);
  const { channels, scaling } = network;
  const seen = found.images?.at(-1);
  const depth: Depth = seen?.depth ?? (scaling.range === undefined ? 8 : 32);
  const [low, high] = scaling.range ?? [seen?.low ?? 0, seen?.high ?? largestSample(depth)];
  const side = Math.max(16, height, width);
  const data = createSamples(depth, height * width * channels);
  for (let c = 0; c < channels; c++) {
    const { image } = drawDemoPair(new Random(1).fork(`sample ${c}`), side);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = low + (image[y * side + x]! / 255) * (high - low);
        data[(y * width + x) * channels + c] = depth === 32 ? value : Math.round(value);
      }
    }
  }
  // A fourth band, or a second one, is a band, and no alpha.
  return { height, width, channels, depth, alpha: false, data };
}
