import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram, type Program } from '../../src/codegen/program/program.js';
import { writeModule } from '../../src/codegen/typescript/emit.js';
import { layersTarget } from '../../src/codegen/typescript/layer-forms.js';
import { compileText } from '../../src/compile.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { root, type Case } from './cases.js';
import { forms } from './forms.js';
import { evaluateModule } from './load-module.js';
import { leaveKernelsZero } from './unfilled-weights.js';

/** An option of a built model is the parameter of the spec: both give the same network. */

beforeAll(async () => {
  await startEngine('wasm');
  leaveKernelsZero();
});

type Settings = Readonly<Record<string, string>>;

/** Values of parameters, beside those of the forms; others become 2 and 3. */
const rows: readonly Readonly<Record<string, number>>[] = [
  { classes: 4, channels: 1, base: 8, alpha: 0.35, slope: 0.3, groups: 4, wide: 32 },
  { classes: 1, channels: 5, base: 12, alpha: 0.6, slope: 0.2, groups: 8, wide: 40 },
];

const specs = readdirSync(join(root, 'specs')).filter((file) => file.endsWith('.unet'));

/** One form of each network: what fixes parameters is the same in all. */
const firsts = forms.filter((form, index) => forms[index - 1]?.of !== form.of);

describe.each(firsts.map((form) => [form.name, form] as const))('%s', (_name, { of, set }) => {
  const { models } = programOf(of, set);
  const builders = buildersOf(of, set);
  const kept = models.flatMap(({ parameters }) => parameters.map(({ name }) => name));

  test.each(rows)('built with options is what --set makes of the spec', (row) => {
    const valueOf = (name: string): number => row[name] ?? rows.indexOf(row) + 2;
    const settingsOf = (names: readonly string[]): Settings => ({
      ...set,
      ...Object.fromEntries(names.map((name) => [name, String(valueOf(name))])),
    });
    const isLegal = (names: readonly string[]): boolean =>
      !hasErrors(compileText(of.file, of.text, { set: settingsOf(names) }).diagnostics);
    // A recipe may say how many classes there are, and its scaling how many channels.
    const less = [[], ['classes'], ['channels'], ['classes', 'channels']];
    const names = less.map((fixed) => kept.filter((name) => !fixed.includes(name))).find(isLegal)!;
    expect(names).toBeDefined();
    const given = settingsOf(names);
    for (const [index, build] of buildersOf(of, given).entries()) {
      const own = models[index]!.parameters.filter(({ name }) => names.includes(name));
      const options = own.map(({ name }) => [name, valueOf(name)] as const);
      const built = builders[index]!(Object.fromEntries(options));
      const wanted = build();
      expect(facts(built)).toEqual(facts(wanted));
      for (const model of [built, wanted]) model.dispose();
    }
  });
});

test('networks keep the parameters that only numbers follow from', () => {
  const kept = specs.map((file) => {
    const text = readFileSync(join(root, 'specs', file), 'utf8');
    const { models } = compileText(file, text);
    const program = buildProgram(
      models.map(({ graph }) => graph),
      layersTarget,
    );
    return [
      file,
      ...program.models.flatMap(({ parameters }) => parameters.map(({ name }) => name)),
    ];
  });
  const others = kept.filter((names) => names.slice(1).join(' ') !== 'classes base channels');
  expect(others.map((names) => names.join(' '))).toEqual([
    'mobile-unet-keras.unet classes channels',
    'mobile-unet-torch.unet classes features channels',
    'mobile-unet.unet classes base alpha channels',
    'residual-unet-keras.unet classes channels',
    'unet-plus-plus-resnet.unet classes channels',
    'unet-resnet.unet classes channels',
  ]);
});

describe('a parameter is fixed', () => {
  const fixedOf = (parameters: string, lines: string, blocks = ''): readonly string[] => {
    const text = `model M(${parameters}) { input image: [H, W, 3] wires { ${lines} } head mask: conv(1, 1) }\n${blocks}`;
    const { models, diagnostics } = compileText('m.unet', text);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const [model] = buildProgram([models[0]!.graph], layersTarget).models;
    return model!.fixed.map(({ name }) => name);
  };

  test.each<[string, string, string, string[]?]>([
    ['where a condition asks for it', 'n: int = 4', 'a = image -> conv(4) -> (relu if n > 2)'],
    [
      'where a condition asks for channels it gives',
      'n: int = 4',
      'a = image -> conv(n) -> part(4)',
    ],
    ['where a size follows from it', 'n: int = 2', 'a = image -> max_pool(n)'],
    ['where it is a kernel', 'n: int = 3', 'a = image -> conv(4, n)'],
    ['where it is a number of groups', 'n: int = 2', 'a = image -> conv(4) -> group_norm(n)'],
    ['where no formula gives the number', 'n: int = 4', 'a = image -> conv(n % 3)'],
    ['where a formula adds to such a number', 'n: int = 4', 'a = image -> conv(8 + -(-n))'],
    ['where it is one of a few numbers', 'n: 4 | 8 = 4', 'a = image -> conv(n)'],
    [
      'where its tensor must have the channels of another',
      'n: int = 4',
      'a = image -> [conv(n), conv(4)] -> add',
    ],
    [
      'where its tensor becomes a gate for one value alone',
      'n: int = 1',
      'a = image -> [conv(n), conv(4)] -> multiply',
    ],
    ['where layers do not look at a number of it', 'n: float = 0.5', 'a = image -> dropout(1 - n)'],
    ['where it counts', 'n: int = 2', 'a = image -> conv(length(range(n)))'],
    [
      'where a stage is run in another block with a number of it',
      'n: int = 4',
      'a = image -> run(conv(n), 4)',
    ],
    [
      'where one of a few numbers follows from it by default',
      'n: int = 4, m: 2 | 4 = n',
      'a = image -> conv(m)',
      ['n', 'm'],
    ],
    [
      'where a kernel follows from it by a chain of defaults',
      'n: int = 3, m: int = n, k: int = m',
      'a = image -> conv(m, k)',
      ['n', 'm', 'k'],
    ],
    [
      'where a condition asks for what follows from it by a chain of defaults',
      'n: int = 4, m: int = 2 * n, k: int = m + 1',
      'a = image -> conv(n) -> (relu if k > 2)',
      ['n', 'm', 'k'],
    ],
  ])('%s', (_why, parameters, lines, fixed = ['n']) => {
    const blocks = `block part(c: int) { x = in -> conv(c)
      out = [in, x] -> add if in.channels == c else x }
    block run(body: stage, n: int) = conv(n) -> body`;
    expect(fixedOf(parameters, lines, blocks)).toEqual(fixed);
  });

  test.each([
    ['in a formula', 'a = image -> conv(2 * n)'],
    ['in a formula over channels', 'a = image -> conv(n)\nb = a -> conv(a.channels * 2)'],
    ['through a block', 'a = image -> twice(n)'],
    ['by a default', 'a = image -> half(n)'],
    ['where tensors that meet agree', 'a = image -> [conv(2 * n), conv(n * 2)] -> add'],
    [
      'where it is resized to another',
      'a = image -> conv(4)\nb = image -> conv(n) -> resize_to(a)\nc = b -> conv(b.channels)',
    ],
    ['where a gate of one channel meets it', 'a = image -> [conv(n), conv(1)] -> multiply'],
    ['by a function', 'a = image -> conv(max(2, floor(n / 3)))'],
  ])('not %s', (_where, lines) => {
    const blocks = `block twice(c: int) = conv(2 * c) -> conv(in.channels)
    block half(c: int, mid: int = max(1, c / 2)) = conv(mid) -> conv(c)`;
    expect(fixedOf('n: int = 4', lines, blocks)).toEqual([]);
  });
});

test('an argument that happens to equal a default stays what it is', () => {
  const text = `model M(n: int = 8) { input image: [H, W, 3]
    wires { a = image -> half(n, 4) } head mask: conv(1, 1) }
  block half(c: int, mid: int = c / 2) = conv(mid) -> conv(c)`;
  const [build] = buildersOf({ name: 'm', file: 'm.unet', text, isValid: true }, {});
  const channels = build!({ n: 32 }).layers.map(({ outputShape }) => outputShape.at(-1));
  expect(channels).toEqual([3, 4, 32, 1]);
});

describe('what the spec would not take is no option either', () => {
  const numbers = [-1, 0, 0.5, 1, 1.5, 6, 9, 12, 1e9, NaN, Infinity];
  const values: readonly unknown[] = [...numbers, '8', null, true, [8]];

  test.each([
    ['n: int = 8', 'conv(n)'],
    ['n: int from 2 below 9 = 8', 'conv(2 * n)'],
    ['n: float above 0.5 to 9 = 8', 'conv(floor(n / 2))'],
    ['n: int = 8, m: int = n / 2', 'conv(m)'],
    ['n = 8', 'conv(n)'],
    ['n: int = 8', 'depthwise_conv(3, multiplier: n)'],
    ['n: int = 8', 'conv(n) -> group_norm(4)'],
    ['n: int = 8', 'conv(4) -> conv(n, groups: 4)'],
    ['n: int = 8', 'conv(n) -> conv(4, groups: 4)'],
    ['n: int = 8', 'conv(n) -> pixel_shuffle(2)'],
    ['n: int = 8', 'conv(n) -> is_largest(5)'],
    ['n: int = 8', '[conv(n), conv(2 * n) -> conv(n)] -> subtract'],
    ['n: float = 0.5', 'dropout(n)'],
    ['n: float = 0.5', 'leaky_relu(n)'],
    ['n: float = 0.5', 'prelu(start: n)'],
    ['n: float = 0.5', 'batch_norm(epsilon: n)'],
    ['n: float = 0.5', 'batch_norm(momentum: n)'],
    ['n: float = 0.5', 'thin(n)'],
  ])('%s, %s', (parameters, pipeline) => {
    const text = `model M(${parameters}) { input image: [H, W, 3]
      wires { a = image -> ${pipeline} } head mask: conv(1, 1) }
    block thin(r: float) = dropout(r)`;
    const spec = { name: 'm', file: 'm.unet', text, isValid: true };
    const [build] = buildersOf(spec, {});
    const different = values.filter((value) => {
      const isLegal =
        typeof value === 'number' &&
        !hasErrors(compileText('m.unet', text, { set: { n: String(value) } }).diagnostics);
      try {
        build!({ n: value as number }).dispose();
        return !isLegal;
      } catch (error) {
        return isLegal || !(error instanceof Error);
      }
    });
    expect(different).toEqual([]);
  });

  test('it is told by its name, with what it may be', () => {
    const text = `model M(n: int from 2 = 8, input: int = 3) { input image: [H, W, input]
      wires { a = image -> conv(2 * n) } head mask: conv(1, 1) }`;
    const [build] = buildersOf({ name: 'm', file: 'm.unet', text, isValid: true }, {});
    expect(() => build!({ n: 1 })).toThrow(
      new RangeError('n is a whole number from 2 to 32768, found number 1.'),
    );
    expect(() => build!({ n: '8' as unknown as number })).toThrow(/, found string 8\.$/);
    expect(() => build!({ input: 0 })).toThrow(
      new RangeError('input is a whole number from 1 to 65536, found number 0.'),
    );
  });
});

type Build = (options?: Readonly<Record<string, number>>) => tf.LayersModel;

/** The functions of the module that a spec becomes, in the order of its models. */
function buildersOf({ file, text }: Case, set: Settings): readonly Build[] {
  const code = writeModule(compileText(file, text, { set }).models, { file, set });
  return Object.entries(evaluateModule(code, { '@tensorflow/tfjs': tf }))
    .filter(([key]) => key.startsWith('build'))
    .map(([, build]) => build as Build);
}

function programOf({ file, text }: Case, set: Settings): Program {
  const { models } = compileText(file, text, { set });
  return buildProgram(
    models.map(({ graph }) => graph),
    layersTarget,
  );
}

/** Layers with their configurations and how they are joined, and the shapes of weights. */
function facts(model: tf.LayersModel): unknown {
  const shapes = model.weights.map(({ shape }) => shape);
  return [model.toJSON(undefined, false), shapes];
}
