import { beforeAll, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { opset } from '../../../src/codegen/onnx/encode.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { readCases } from '../cases.js';
import { faultsOf, readOnnx } from './read-onnx.js';
import { onnxOf } from './run-onnx.js';

beforeAll(async () => {
  await startEngine('cpu');
});

/** Where a spec is wide, it is made narrow: millions of weights say no more of its structure. */
const narrow: readonly Readonly<Record<string, string>>[] = [
  { base: '4' },
  { widths: '[4, 8, 12, 16, 20]', decoder_widths: '[8, 12, 16, 20]' },
  {},
];

const cases = readCases().filter(({ isValid }) => isValid);

test.each(cases)('the models of $name hang together', async ({ file, text }) => {
  const compiled = narrow.map((set) => compileText(file, text, { set }).models);
  const models = compiled.find(({ length }) => length > 0)!;
  for (const model of models) {
    const weights = initialiseWeights(model.graph, new Random(1));
    const read = readOnnx(await onnxOf(model, weights));
    weights.dispose();
    expect(faultsOf(read)).toEqual([]);
    expect(read).toMatchObject({ opset, producer: 'unetc' });
    const { inputs, outputs } = model.graph;
    expect(read.inputs.map(({ name }) => name)).toEqual(inputs.map(({ name }) => name));
    expect(read.outputs.map(({ name }) => name)).toEqual(outputs.map(({ name }) => name));
    const facts = JSON.parse(read.metadata['unetc.network']!) as { readonly model: string };
    expect(facts.model).toBe(model.name);
  }
});
