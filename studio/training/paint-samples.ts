import type { DataSplit } from '../../src/runtime/data/dataset.js';
import { classesOfProbabilities } from '../../src/runtime/data/overlay.js';
import type { Pixels } from '../../src/runtime/data/pixels.js';
import { prepareWindows } from '../../src/runtime/prediction/functional-windows.js';
import { graphToPredict } from '../../src/runtime/prediction/predicted-graph.js';
import { createPredictor } from '../../src/runtime/prediction/predictor.js';
import type { NetworkInterface } from '../../src/runtime/training/network-interface.js';
import type { CompiledRun } from '../../src/runtime/training/run-spec.js';
import type { Sample } from '../messages.js';

/** As many validation images as are painted. */
const most = 4;

/** Predicts the first validation images with some weights, to be painted beside their masks. */
export async function paintSamples(
  { model, recipe }: CompiledRun,
  { sizes, policy, scaling }: NetworkInterface,
  split: DataSplit,
  weights: ReadonlyMap<string, Float32Array>,
): Promise<readonly Sample[]> {
  const predicted = graphToPredict(model, recipe);
  const network = await prepareWindows({ graph: predicted.graph, weights, recipe });
  const predictor = createPredictor({ ...predicted, network, sizes, policy, scaling });
  try {
    const samples: Sample[] = [];
    for (const pair of split.pairs.slice(0, most)) {
      const { pixels, mask } = await split.load(pair);
      const { value } = await predictor.predict(pixels, recipe.origin);
      if (value === undefined || predicted.head.classifiesImages) continue;
      samples.push({
        name: pair.name,
        width: pixels.width,
        height: pixels.height,
        ...bytesOf(pixels),
        truth: mask.data.slice(),
        found: classesOfProbabilities(value.probabilities, 0.5).data.slice(),
      });
    }
    return samples;
  } finally {
    predictor.dispose();
  }
}

/** The first channel, or the first three where there are as many, as bytes. */
function bytesOf({ data, channels }: Pixels): Pick<Sample, 'channels' | 'image'> {
  const shown = channels >= 3 ? 3 : 1;
  const image = new Uint8Array((data.length / channels) * shown);
  for (let i = 0; i < image.length; i++) {
    const pixel = Math.floor(i / shown);
    image[i] = Math.round(255 * Math.min(1, Math.max(0, data[pixel * channels + (i % shown)]!)));
  }
  return { channels: shown, image };
}
