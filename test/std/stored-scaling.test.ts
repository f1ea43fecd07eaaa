import { describe, expect, test } from '@jest/globals';
import { encoderNetwork } from './encoder-network.js';

/** What each library does to images of its published weights, from its documentation. */
const published = {
  torchvision: {
    resnet: 'imagenet',
    vgg16: 'imagenet',
    mobilenet_v2: 'imagenet',
    efficientnet: 'imagenet',
  },
  timm: { mobilenet_v1: 'symmetric', mobilenet_v2: 'imagenet', efficientnet: 'imagenet' },
  smp: { efficientnet: 'imagenet' },
  keras: {
    resnet: 'caffe',
    vgg16: 'caffe',
    mobilenet_v1: 'symmetric',
    mobilenet_v2: 'symmetric',
    efficientnet: 'imagenet',
  },
} as const;

describe.each([
  ['resnet {}', 's32'],
  ['vgg16 {}', 's16'],
  ['mobilenet_v1 {}', 's32'],
  ['mobilenet_v2 {}', 's32'],
  ['efficientnet {}', 's32'],
])('%s', (call, tap) => {
  const { graph, encoderFiles } = encoderNetwork(call, [tap]);
  const scalings = encoderFiles!.scalings;

  test('says a scaling for every family that it has names of', () => {
    const families = new Set(
      graph.nodes.flatMap(({ name }) => Object.keys(encoderFiles!.names.get(name) ?? {})),
    );
    expect(families.size).toBeGreaterThan(0);
    expect(scalings.map(({ family }) => family).sort()).toEqual([...families].sort());
  });

  test('says the published one', () => {
    const [name] = call.split(' ') as [string];
    for (const { family, calls } of scalings) {
      const of = published[family as keyof typeof published] as Readonly<Record<string, string>>;
      expect([family, calls[0]!.name]).toEqual([family, of[name]]);
    }
  });
});
