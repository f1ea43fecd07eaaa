import { describe, expect, test } from '@jest/globals';
import { holdsWeights } from '../../src/ir/operations/weights.js';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { isOfEncoder } from '../../src/ir/provenance.js';
import { encoderNetwork } from './encoder-network.js';

/** What a family calls the encoder's operations that have weights, in order. */
function namesOf(call: string, tap: string, family: string): readonly string[] {
  const { graph, encoderFiles } = encoderNetwork(call, [tap]);
  expect(graphWeights(graph).length).toBeGreaterThan(10);
  const operations = graph.nodes.filter((node) => isOfEncoder(node) && holdsWeights(node.op));
  return operations.map(({ name }) => encoderFiles!.names.get(name)?.[family] ?? 'none');
}

describe.each([
  ['resnet { depth: 18 }', 's32', ['torchvision']],
  ['resnet { depth: 34 }', 's32', ['torchvision']],
  ['resnet { depth: 50 }', 's32', ['torchvision']],
  ['vgg16 {}', 's16', ['torchvision', 'keras']],
  ['vgg16 { norm: true }', 's16', ['torchvision']],
  ['mobilenet_v1 { form: keras }', 's32', ['timm', 'keras']],
  ['mobilenet_v2 {}', 's32', ['torchvision', 'timm', 'keras']],
  ['mobilenet_v2 { taps_at: expansion }', 's32', ['torchvision', 'timm', 'keras']],
  ['efficientnet { s32_at: features }', 's32', ['torchvision', 'timm', 'smp', 'keras']],
  ['efficientnet { width: 2, depth: 3.1 }', 's32', ['torchvision', 'timm', 'smp', 'keras']],
])('%s', (call, tap, families) => {
  test.each(families)('every operation has a name of %s, and its own', (family) => {
    const names = namesOf(call, tap, family);
    expect(names).not.toContain('none');
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Names as the libraries print them, from the documentation of each. */
test.each([
  ['resnet { depth: 18 }', 's32', 'torchvision', 0, 'conv1'],
  ['resnet { depth: 18 }', 's32', 'torchvision', 1, 'bn1'],
  ['resnet { depth: 18 }', 's32', 'torchvision', -1, 'layer4.1.bn2'],
  ['resnet { depth: 50 }', 's32', 'torchvision', -1, 'layer4.2.bn3'],
  ['vgg16 {}', 's16', 'torchvision', -1, 'features.28'],
  ['vgg16 { norm: true }', 's16', 'torchvision', -1, 'features.41'],
  ['vgg16 {}', 's16', 'keras', -1, 'block5_conv3'],
  ['mobilenet_v1 { form: keras }', 's32', 'keras', -1, 'conv_pw_13_bn'],
  ['mobilenet_v1 {}', 's32', 'timm', 1, 'bn1'],
  ['mobilenet_v1 {}', 's32', 'timm', 2, 'blocks.0.0.conv_dw'],
  ['mobilenet_v1 {}', 's32', 'timm', -1, 'blocks.4.1.bn2'],
  ['mobilenet_v2 {}', 's32', 'torchvision', -1, 'features.18.1'],
  ['mobilenet_v2 {}', 's32', 'keras', -1, 'Conv_1_bn'],
  ['efficientnet { s32_at: features }', 's32', 'torchvision', -1, 'features.8.1'],
  ['efficientnet { s32_at: features }', 's32', 'torchvision', 4, 'features.1.0.block.1.fc1'],
  ['efficientnet { s32_at: features }', 's32', 'timm', -1, 'bn2'],
  ['efficientnet { s32_at: features }', 's32', 'smp', -1, '_bn1'],
  ['efficientnet { s32_at: features }', 's32', 'smp', 5, '_blocks.0._se_expand'],
  ['efficientnet {}', 's32', 'smp', -1, '_blocks.15._bn2'],
  ['efficientnet { width: 1.2, depth: 1.4 }', 's32', 'smp', -1, '_blocks.25._bn2'],
  ['efficientnet { width: 2, depth: 3.1 }', 's32', 'smp', -1, '_blocks.54._bn2'],
  ['efficientnet { s32_at: features }', 's32', 'keras', 8, 'block2a_expand_conv'],
])('%s: of %s, %s calls operation %i "%s"', (call, tap, family, at, name) => {
  expect(namesOf(call, tap, family).at(at)).toBe(name);
});
