/**
 * Prediction as a person writes it with onnxruntime-node and sharp:
 *
 *     node bench/prediction/by-hand.mjs MODEL.onnx OUT THREADS IMAGE...
 *
 * Grey images, each brought to mean 0 and deviation 1, whole and one after the other; writes
 * the mask and the probabilities of each as PNG, and the image with the mask over it.
 */
import { mkdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const [model, out, threads, ...images] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: Number(threads) });
const [input] = session.inputNames;
const [output] = session.outputNames;
/** Sides that the network takes. */
const multiple = 16;

for (const path of images) {
  const { width, height } = await sharp(path).metadata();
  const [right, bottom] = [
    (multiple - (width % multiple)) % multiple,
    (multiple - (height % multiple)) % multiple,
  ];
  const { data, info } = await sharp(path)
    .toColourspace('b-w')
    .extend({ right, bottom, extendWith: 'mirror' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const values = Float32Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const factor = 1 / Math.sqrt(variance);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) * factor;
  const feed = new ort.Tensor('float32', values, [1, 1, info.height, info.width]);
  const logits = (await session.run({ [input]: feed }))[output].data;
  const probability = Uint8Array.from(logits, (logit) => Math.round(255 / (1 + Math.exp(-logit))));
  const mask = probability.map((level) => (level > 127 ? 255 : 0));
  const overlay = new Uint8Array(3 * mask.length);
  for (let i = 0; i < mask.length; i++) {
    const [level, tint] = mask[i] > 0 ? [data[i] >> 1, 127] : [data[i], 0];
    overlay.set([level + tint, level, level], 3 * i);
  }
  const name = join(out, basename(path, extname(path)));
  const raw = { width: info.width, height: info.height, channels: 1 };
  const cut = { left: 0, top: 0, width, height };
  await sharp(mask, { raw }).extract(cut).png().toFile(`${name}.mask.png`);
  const colours = { ...raw, channels: 3 };
  await sharp(overlay, { raw: colours }).extract(cut).png().toFile(`${name}.overlay.png`);
  await sharp(probability, { raw }).extract(cut).png().toFile(`${name}.probability.png`);
}
