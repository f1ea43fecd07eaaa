import { describe, expect, test } from '@jest/globals';
import type { GraphNode } from '../../src/ir/graph.js';
import { graphWeights, holdsWeights } from '../../src/ir/operations/weights.js';
import { encoderGraph } from './encoder-graph.js';

/** The encoder's operations that have weights, in order. */
function operationsOf(call: string, tap: string): readonly GraphNode[] {
  const graph = encoderGraph(call, [tap]);
  expect(graphWeights(graph).length).toBeGreaterThan(10);
  return graph.nodes.filter(({ op, ofEncoder }) => ofEncoder !== undefined && holdsWeights(op));
}

const namesOf = (operations: readonly GraphNode[], family: string): readonly string[] =>
  operations.map(({ ofEncoder }) => ofEncoder!.storedNames[family] ?? 'none');

describe.each([
  ['resnet { depth: 18 }', 's32', ['torchvision']],
  ['resnet { depth: 34 }', 's32', ['torchvision']],
  ['resnet { depth: 50 }', 's32', ['torchvision']],
  ['vgg16 {}', 's16', ['torchvision', 'keras']],
  ['vgg16 { norm: true }', 's16', ['torchvision']],
  ['mobilenet_v1 { form: keras }', 's32', ['keras']],
  ['mobilenet_v2 {}', 's32', ['torchvision', 'timm', 'keras']],
  ['mobilenet_v2 { tapped: expansion }', 's32', ['torchvision', 'timm', 'keras']],
  ['efficientnet { end: features }', 's32', ['torchvision', 'timm', 'keras']],
  ['efficientnet { width: 2, depth: 3.1 }', 's32', ['torchvision', 'timm', 'keras']],
])('%s', (call, tap, families) => {
  const operations = operationsOf(call, tap);

  test.each(families)('every operation has a name of %s, and its own', (family) => {
    const names = namesOf(operations, family);
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
  ['mobilenet_v2 {}', 's32', 'torchvision', -1, 'features.18.1'],
  ['mobilenet_v2 {}', 's32', 'keras', -1, 'Conv_1_bn'],
  ['efficientnet { end: features }', 's32', 'torchvision', -1, 'features.8.1'],
  ['efficientnet { end: features }', 's32', 'torchvision', 4, 'features.1.0.block.1.fc1'],
  ['efficientnet { end: features }', 's32', 'timm', -1, 'bn2'],
  ['efficientnet { end: features }', 's32', 'keras', 8, 'block2a_expand_conv'],
])('%s: of %s, %s calls operation %i "%s"', (call, tap, family, at, name) => {
  expect(namesOf(operationsOf(call, tap), family).at(at)).toBe(name);
});
