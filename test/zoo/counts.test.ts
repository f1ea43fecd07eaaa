import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { compileText } from '../../src/compile.js';
import type { Graph } from '../../src/ir/graph.js';
import { compileZoo, references, zooNames } from './networks.js';

/** A count and who says it. */
interface Published {
  readonly trained: number;
  readonly source: string;
}

/** The number of trained parameters. */
const trainedOf = (graph: Graph): number =>
  graphWeights(graph)
    .filter(({ trainable }) => trainable)
    .map(({ shape }) => shape.reduce((size, axis) => size * axis, 1))
    .reduce((sum, size) => sum + size, 0);

const smp = (name: string): string => `segmentation_models.pytorch, ${name}("resnet34", classes=1)`;
const rebuilt = (paper: string): string => `the layers of ${paper}, in test/oracles/make-zoo.py`;

/** Trained parameters of every network of the zoo with its own parameters. */
const published: Readonly<Record<string, Published>> = {
  'attention-unet-encoders': {
    trained: 24_571_165,
    source: rebuilt('ResNet-34 and the gates of the paper'),
  },
  cellpose: { trained: 6_600_843, source: rebuilt("Cellpose's code") },
  'convnext-unet': {
    trained: 31_928_753,
    source: 'segmentation_models.pytorch, Unet("tu-convnext_tiny", classes=1)',
  },
  deeplabv3: { trained: 42_004_074, source: "torchvision's page of deeplabv3_resnet50" },
  'deeplabv3-plus': { trained: 22_437_457, source: smp('DeepLabV3Plus') },
  enet: { trained: 354_391, source: rebuilt('the paper, which has 0.37 M') },
  erfnet: { trained: 2_064_256, source: rebuilt("the authors' PyTorch code, 2.1 M in the paper") },
  'fc-densenet': {
    trained: 9_322_091,
    source: rebuilt('the paper, which has 9.4 M with running statistics'),
  },
  fpn: { trained: 23_155_393, source: smp('FPN') },
  fusenet: { trained: 44_186_341, source: rebuilt('the paper: VGG-16 twice, and its mirror') },
  'hover-net': {
    trained: 54_744_457,
    source: rebuilt("the authors' PyTorch code, 54.7 M in the paper's form"),
  },
  linknet: { trained: 21_771_937, source: smp('Linknet') },
  // 24,522 means and variances are counted with them.
  'multires-unet': { trained: 7_262_750 - 24_522, source: 'the paper, table 2' },
  nnunet: { trained: 33_471_820, source: rebuilt('PlainConvUNet of nnU-Net') },
  'nnunet-residual': { trained: 105_916_812, source: rebuilt('ResidualEncoderUNet of nnU-Net') },
  // Stages 3 and 4 of the encoder are there and never run.
  pspnet: { trained: 21_437_985 - 6_822_400 - 13_114_368, source: smp('PSPNet') },
  r2unet: { trained: 39_091_393, source: 'LeeJunHyun/Image_Segmentation, R2U_Net(t=2)' },
  'resunet-plus-plus': { trained: 4_062_993, source: "the authors' Keras code" },
  // An attention of the last block is there and never runs.
  'scse-unet': { trained: 24_550_360 - 195, source: `${smp('Unet')} with decoder_attention_type` },
  stardist: { trained: 1_406_689, source: rebuilt("StarDist's Config2D") },
  u2net: { trained: 44_009_869, source: "the authors' PyTorch code, U2NET(3, 1)" },
  'unet-plus-plus-encoders': {
    trained: 48_985_745,
    source: 'segmentation_models.pytorch, UnetPlusPlus("resnet50", classes=1)',
  },
  upernet: { trained: 29_599_681, source: smp('UPerNet') },
  'v-net': { trained: 13_275_346, source: rebuilt('the paper, with kernels of two axes') },
};

test('specs/unet-plus-plus-resnet.unet has the parameters of smp', () => {
  const path = 'specs/unet-plus-plus-resnet.unet';
  const [model] = compileText(path, readFileSync(path, 'utf8')).models;
  expect(trainedOf(model!.graph)).toBe(26_078_609);
});

/** Models of a file behind its first one: features that smp keeps and never runs are left out. */
test.each([
  ['unet-plus-plus-encoders', 'UNetPlusPlusEfficientNet', 6_569_581 - 320 * 1280 - 2 * 1280],
  ['unet-plus-plus-encoders', 'UNetPlusPlusMobileNet', 6_824_721],
])('%s: %s has the parameters of smp', (name, model, trained) => {
  const path = `specs/zoo/${name}.unet`;
  const { models } = compileText(path, readFileSync(path, 'utf8'));
  expect(trainedOf(models.find((each) => each.name === model)!.graph)).toBe(trained);
});

test('every network has its count', () => {
  expect(Object.keys(published).sort()).toEqual(zooNames);
});

describe.each(Object.entries(published))('%s', (name, { trained, source }) => {
  test(`has the parameters of ${source}`, () => {
    expect(trainedOf(compileZoo(name).graph)).toBe(trained);
  });
});

test.each(references.map((reference) => [reference.name, reference] as const))(
  '%s has as many in PyTorch',
  (name, { parameters }) => {
    expect(parameters).toBe(published[name]?.trained);
  },
);
