import { describe, expect, test } from '@jest/globals';
import type { Graph } from '../../../src/ir/graph.js';
import { compileText } from '../../../src/compile.js';
import { codesOf, compile, diagnose, messagesOf, type Settings } from '../compile.js';

const model = (parameters: string, use: string): string =>
  `model Test(${parameters}) {
  input image: [H, W, 3]
  wires { a = image -> ${use} }
  head mask: conv(1, 1)
}
`;

describe('model parameters', () => {
  const spec = model('base: int = 8, wide: bool = false', 'conv(2 * base if wide else base)');

  test('have their defaults', () => {
    const { graph } = compile(spec);
    expect(valuesOf(graph)).toEqual({ base: 8, wide: false });
    expect(graph.nodes[1]!.channels).toBe(8);
  });

  test('take settings in the notation of the language', () => {
    const { graph } = compile(spec, { base: '4 * 4', wide: 'true' });
    expect(valuesOf(graph)).toEqual({ base: 16, wide: true });
    expect(graph.nodes[1]!.channels).toBe(32);
  });

  test.each([
    ['int', '3', 3],
    ['float', '0.25', 0.25],
    ['bool', 'false', false],
    ['string', '"a b"', 'a b'],
    ['[int]', '[1, 2]', [1, 2]],
    ['[[float]]', '[[0.5], [1]]', [[0.5], [1]]],
    ['crop | pad', 'pad', 'pad'],
  ])('of type %s take %s', (type, text, value) => {
    expect(parametersOf(`p: ${type}`, { p: text })).toEqual({ p: value });
  });

  test.each([
    ['int', '2.5', 'a whole number'],
    ['int', 'true', 'a whole number'],
    ['float', '"1"', 'a number'],
    ['bool', '1', 'true or false'],
    ['[int]', '3', 'a list of whole numbers'],
    ['[int]', '[1, 0.5]', 'a list of whole numbers'],
    ['crop | pad', 'resize', '"crop" or "pad"'],
    ['int', '1 +', 'a whole number'],
    ['int', '} model X {', 'a whole number'],
  ])('of type %s refuse %s', (type, text, expects) => {
    const [message] = messagesOf(model(`p: ${type}`, 'conv(p)'), { p: text });
    expect(message).toMatch(/^UNET3014/);
    expect(message).toContain(`takes ${expects}`);
  });

  test('may use those before them', () => {
    const { graph } = compile(model('base: int = 8, top: int = base * 2', 'conv(top)'), {
      base: '3',
    });
    expect(graph.nodes[1]!.channels).toBe(6);
  });

  test('need a default or a setting', () => {
    const spec = model('base: int', 'conv(base)');
    expect(codesOf(spec)).toEqual(['UNET3015']);
    expect(messagesOf(spec, { base: '4' })).toEqual([]);
  });

  test('that do not exist are named with the nearest', () => {
    const [found] = diagnose(spec, { bsae: '3' });
    expect(found!.message).toMatch(/"bsae".*base/);
  });

  test('are declared once and with a known type', () => {
    expect(codesOf(model('a: int = 1, a: int = 2', 'conv(a)'))).toEqual(['UNET2004']);
    expect(codesOf(model('a: integer = 1', 'conv(a)'))[0]).toBe('UNET3013');
  });
});

/** The values of a model's parameters, which it need not use. */
function parametersOf(parameters: string, set: Settings): unknown {
  const { models } = compileText('test.unet', model(parameters, 'conv(4)'), { set });
  return models[0] && valuesOf(models[0].graph);
}

const valuesOf = ({ parameters }: Graph): unknown =>
  Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
