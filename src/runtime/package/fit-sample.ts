import { axisGeometry } from '../../ir/sizes/geometry.js';
import { createSamples, type Image } from '../data/image.js';
import { copyPart, resizePixels } from '../data/resample.js';
import type { TrainedNetwork } from '../prediction/trained-network.js';

/** Pixels of a side of a sample at most, where the network takes images of any size. */
const largest = 512;

/** What a sample can be, so that every program predicts it at once. */
export interface SampleSize {
  readonly height: number;
  readonly width: number;
}

/** The largest sample of a network: what one window covers, where its recipe fixes the window. */
export function sampleSize({ network }: Pick<TrainedNetwork, 'network'>): SampleSize {
  const { policy, sizes } = network;
  const along = (axis: 'height' | 'width'): number => {
    const { output } = sizes;
    const input =
      policy.kind === 'tile' || policy.kind === 'resize'
        ? policy[axis]
        : (sizes[axis].legalAtMost(largest) ?? sizes[axis].legalAtLeast(1)!);
    return axisGeometry(sizes[axis], output, input).cover;
  };
  return { height: along('height'), width: along('width') };
}

/**
 * A photograph as a sample: its middle, where it is larger than one prediction; resized where the
 * recipe resizes, so that no other program has to.
 */
export function fitSample(trained: Pick<TrainedNetwork, 'network'>, image: Image): Image {
  const size = sampleSize(trained);
  if (trained.network.policy.kind === 'resize') return resized(image, size);
  const height = Math.min(image.height, size.height);
  const width = Math.min(image.width, size.width);
  const { channels, depth } = image;
  const data = createSamples(depth, height * width * channels);
  const top = (image.height - height) >> 1;
  const left = (image.width - width) >> 1;
  const rows = { rows: image, firstRow: 0, height: image.height };
  const part = { ...image, height, width, data };
  copyPart(rows, top, left, part);
  return part;
}

function resized(image: Image, { height, width }: SampleSize): Image {
  const floats = { ...image, data: Float32Array.from(image.data) };
  const { data } = resizePixels(floats, height, width);
  const samples = createSamples(image.depth, data.length);
  for (const [at, value] of data.entries()) {
    samples[at] = image.depth === 32 ? value : Math.round(value);
  }
  return { ...image, height, width, data: samples };
}
