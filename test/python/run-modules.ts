import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { graphWeights, type WeightSpec } from '../../src/codegen/tfjs/weights.js';
import type { CompiledModel } from '../../src/compile.js';
import { activationOf } from '../../src/ir/head-activation.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { root } from '../codegen/cases.js';
import { variedWeights } from '../networks/forms.js';
import type { WeightStore } from '../../src/runtime/network/weights.js';
import { normalValues, relativeError } from '../runtime/numeric.js';

/** An emitted file with the model of it that is run, and the sizes of images. */
export interface ModuleCase {
  readonly name: string;
  readonly code: string;
  readonly model: CompiledModel;
  /** What the file calls the model. */
  readonly className: string;
  /** [height, width] */
  readonly sizes: readonly (readonly [number, number])[];
  /** Whether running statistics are compared after a step of training; there is no dropout then. */
  readonly isTrained?: boolean;
}

/** What PyTorch may differ by, relative to the largest value. */
const tolerance = 1e-5;

interface Answer {
  readonly error?: string;
  readonly names?: Readonly<Record<string, readonly number[]>>;
  readonly frozen?: readonly string[];
  readonly shapes?: readonly (readonly (readonly number[])[])[];
}

/**
 * Runs modules with weights and images of ours, and our functional network with the same.
 * Every line of the answer is one difference: of names in the state dict, of shapes, of
 * numbers that `forward` and `predict` give.
 */
export async function compareModules(
  python: string,
  cases: readonly ModuleCase[],
): Promise<readonly string[]> {
  const folder = join(root, `.tmp/python-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const expected: Expected[] = [];
    for (const [index, each] of cases.entries()) {
      expected.push(await writeCase(folder, `case${index}`, each));
    }
    writeFileSync(
      join(folder, 'cases.json'),
      JSON.stringify(expected.map(({ manifest }) => manifest)),
    );
    const script = join(root, 'test/python/forward.py');
    const { status, stdout, stderr } = spawnSync(python, ['-B', script, folder], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(stderr);
    const answers = JSON.parse(stdout) as Readonly<Record<string, Answer>>;
    return expected.flatMap((each, index) =>
      judge(folder, `case${index}`, each, answers[`case${index}`]!).map(
        (line) => `${cases[index]!.name}: ${line}`,
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Expected {
  readonly manifest: unknown;
  readonly names: Readonly<Record<string, readonly number[]>>;
  readonly frozen: readonly string[];
  /** Of each image: outputs of `forward` as probabilities where the head ends in them, then predictions. */
  readonly outputs: readonly (readonly ExpectedTensor[])[];
}

interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** What makes them of what the module gives. */
  readonly after: 'sigmoid' | 'softmax' | 'nothing' | 'either';
  readonly activation: 'sigmoid' | 'softmax';
}

async function writeCase(
  folder: string,
  id: string,
  { code, model, className, sizes, isTrained = false }: ModuleCase,
): Promise<Expected> {
  const { graph, recipe } = model;
  const weights = variedWeights(graph);
  const values = await weights.values();
  const specs = graphWeights(graph);
  const manifest = {
    id,
    file: `${id}.py`,
    class: className,
    weights: specs.map((spec) => ({ name: torchName(spec), shape: torchShape(spec, model) })),
    images: [] as number[][],
    statistics: isTrained
      ? specs.filter(({ name }) => name.includes('/moving_')).map(torchName)
      : [],
  };
  const parts = specs.map((spec) => torchValues(spec, values.get(spec.name)!, model));
  const outputs: (readonly ExpectedTensor[])[] = [];
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const network = buildFunctionalNetwork(graph);
  for (const [at, [height, width]] of sizes.entries()) {
    const batch = at === 0 ? 1 : 2;
    const data = normalValues([batch, height, width, channels], 7 + at);
    const image = tf.tensor4d(data, [batch, height, width, channels]);
    const found = network.forward(weights, image).outputs;
    const first = (tensor: tf.Tensor): readonly number[] => {
      const [n, h, w, c] = tensor.shape as [number, number, number, number];
      return [n, c, h, w];
    };
    const turned = (tensor: tf.Tensor): Float32Array =>
      tf.tidy(() => tf.transpose(tensor, [0, 3, 1, 2]).dataSync<'float32'>().slice());
    manifest.images.push([batch, channels, height, width]);
    parts.push(turned(image));
    const activated = new Map<string, tf.Tensor4D>();
    const forward = graph.outputs.map((output): ExpectedTensor => {
      const head = graph.heads.find((each) => each.outputs.includes(output.name));
      const loss = (head && recipe.losses[head.name]) ?? recipe.loss;
      const tensor = found.get(output.name)!;
      const activation = activationOf(output, tensor.shape[3], loss);
      const isLogits = output.values === 'logits';
      const probabilities = !isLogits
        ? tensor.clone()
        : activation === 'sigmoid'
          ? tf.sigmoid(tensor)
          : tf.softmax(tensor);
      activated.set(output.name, probabilities);
      return {
        shape: first(tensor),
        values: turned(tensor),
        after: isLogits ? 'nothing' : 'either',
        activation,
      };
    });
    const predictions = graph.heads.map((head): ExpectedTensor => {
      const main = head.outputs.find((name) => name === head.name) ?? head.outputs[0]!;
      const names = head.prediction === 'main' ? [main] : head.outputs;
      const mean = tf.tidy(() =>
        tf.div(
          names
            .map((name) => activated.get(name)! as tf.Tensor)
            .reduce((sum, each) => tf.add(sum, each)),
          names.length,
        ),
      );
      const result = {
        shape: first(mean),
        values: turned(mean),
        after: 'nothing',
        activation: 'sigmoid',
      } as const;
      mean.dispose();
      return result;
    });
    outputs.push(forward, predictions);
    if (isTrained && at === sizes.length - 1) {
      outputs.push(statisticsAfterTraining(model, weights, image));
    }
    tf.dispose([image, ...found.values(), ...activated.values()]);
  }
  weights.dispose();
  const all = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  writeFileSync(join(folder, `${id}.py`), code);
  writeFileSync(join(folder, `${id}.bin`), new Uint8Array(all.buffer));
  const names = Object.fromEntries(manifest.weights.map(({ name, shape }) => [name, shape]));
  const frozen = specs
    .filter(({ name, trainable }) => {
      const node = graph.nodes.find((each) => each.name === name.slice(0, name.lastIndexOf('/')))!;
      return !trainable && node.isFrozen && !name.includes('/moving_');
    })
    .map(torchName);
  return { manifest, names, frozen, outputs };
}

/** The running statistics that a step of training leaves, in the order of the weights. */
function statisticsAfterTraining(
  { graph }: CompiledModel,
  weights: WeightStore,
  image: tf.Tensor4D,
): readonly ExpectedTensor[] {
  const found: ExpectedTensor[] = [];
  tf.tidy(() => {
    const { updates } = buildFunctionalNetwork(graph).forward(weights, image, { training: true });
    const running = graphWeights(graph).filter(({ name }) => name.includes('/moving_'));
    for (const { name, shape } of running) {
      const update = updates.get(name)!;
      const values = update.dataSync<'float32'>().slice();
      found.push({ shape, values, after: 'nothing', activation: 'sigmoid' });
    }
  });
  return found;
}

function judge(
  folder: string,
  id: string,
  expected: Expected,
  { error, names, frozen, shapes }: Answer,
): readonly string[] {
  if (error !== undefined) return [error];
  const sorted = (record: object): string => JSON.stringify(Object.entries(record).sort());
  if (sorted(names!) !== sorted(expected.names)) {
    const missing = Object.keys(expected.names).filter((name) => !(name in names!));
    const more = Object.keys(names!).filter((name) => !(name in expected.names));
    return [`the state dict lacks ${missing.join(', ')}, has ${more.join(', ')}, or other shapes`];
  }
  const lines: string[] = [];
  if (JSON.stringify([...frozen!].sort()) !== JSON.stringify([...expected.frozen].sort())) {
    lines.push(`frozen are ${frozen!.join(', ')}, not ${expected.frozen.join(', ')}`);
  }
  const bytes = readFileSync(join(folder, `${id}.out.bin`));
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  let at = 0;
  // An error of a logit is one of its probability.
  let scale = 1;
  for (const [run, tensors] of expected.outputs.entries()) {
    const isAfter = run === expected.outputs.length - 1 && run % 2 === 0;
    const kind = isAfter ? 'training' : run % 2 === 0 ? 'forward' : 'predict';
    for (const [index, { shape, values, after, activation }] of tensors.entries()) {
      const own = shapes![run]![index] ?? [];
      if (own.join() !== shape.join()) {
        lines.push(`${kind} ${index} has ${own.join()}, not ${shape.join()}`);
        return lines;
      }
      const size = values.length;
      const given = all.slice(at, (at += size));
      const isLogits = kind === 'forward' && after === 'either';
      if (kind === 'forward') scale = Math.max(...given.map(Math.abs), index === 0 ? 1 : scale);
      const tried = [
        given,
        ...(after === 'either' ? [activate(given, shape, activation)] : []),
      ].map((each) => relativeError(each, values));
      const off = Math.min(...tried);
      const most = kind === 'predict' || isLogits ? tolerance * scale : tolerance;
      if (!(off < most)) lines.push(`${kind} ${index} is off by ${off.toExponential(1)}`);
    }
  }
  return lines;
}

function activate(
  values: Float32Array,
  shape: readonly number[],
  activation: 'sigmoid' | 'softmax',
): Float32Array {
  return tf.tidy(() => {
    const tensor = tf.tensor(values, [...shape]);
    if (activation === 'sigmoid') return tf.sigmoid(tensor).dataSync<'float32'>().slice();
    const last = tf.transpose(tensor, [0, 2, 3, 1]);
    return tf.transpose(tf.softmax(last), [0, 3, 1, 2]).dataSync<'float32'>().slice();
  });
}

const torchRoles: Readonly<Record<WeightSpec['role'], string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  alpha: 'weight',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
};

const torchName = ({ name, role }: WeightSpec): string =>
  `${name.slice(0, name.lastIndexOf('/')).replaceAll('/', '.')}.${torchRoles[role]}`;

const isDepthwise = ({ name }: WeightSpec, { graph }: CompiledModel): boolean =>
  graph.nodes.find((node) => name === `${node.name}/kernel`)?.op.kind === 'depthwise_conv';

function torchShape(spec: WeightSpec, model: CompiledModel): readonly number[] {
  const [h, w, a, b] = spec.shape as [number, number, number, number];
  if (spec.shape.length === 1) return spec.shape;
  return isDepthwise(spec, model) ? [a * b, 1, h, w] : [b, a, h, w];
}

function torchValues(spec: WeightSpec, values: Float32Array, model: CompiledModel): Float32Array {
  if (spec.shape.length === 1) return values;
  const order = isDepthwise(spec, model) ? [2, 3, 0, 1] : [3, 2, 0, 1];
  return tf.tidy(() =>
    tf
      .transpose(tf.tensor(values, [...spec.shape]), order)
      .dataSync<'float32'>()
      .slice(),
  );
}
