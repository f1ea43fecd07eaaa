import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '../../src/runtime/tensorflow.js';
import { graphWeights, type WeightSpec } from '../../src/codegen/tfjs/weights.js';
import { weightsName } from '../../src/ir/operations/weights.js';
import { emitKeras } from '../../src/codegen/keras/emit.js';
import { modelLayers } from '../../src/codegen/keras/model-layers.js';
import type { CompiledModel } from '../../src/compile.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import type { WeightStore } from '../../src/runtime/network/weights.js';
import { root } from '../codegen/cases.js';
import { variedWeights } from '../networks/forms.js';
import { preloaded } from './preloaded.js';
import { normalValues, relativeError } from '../runtime/numeric.js';
import type { FidelityNetwork } from '../fidelity/networks.js';
import type { Comparison } from '../fidelity/comparison.js';

/** An emitted file with the model of it that is run, and the sizes of images. */
export interface KerasCase {
  readonly name: string;
  readonly code: string;
  readonly model: CompiledModel;
  /** What the file calls the function that builds the model. */
  readonly build: string;
  /** [height, width] */
  readonly sizes: readonly (readonly [number, number])[];
  /** Whether the model is written to a file and read again before it runs. */
  readonly isSaved?: boolean;
  /** Whether running statistics are compared after a step of training; there is no dropout then. */
  readonly isTrained?: boolean;
}

/** The models of a network with the file that is emitted for them; none where Keras has no words for it. */
export function kerasCases({
  name,
  file,
  set,
  models,
  sizes,
}: FidelityNetwork): readonly KerasCase[] {
  const { value } = emitKeras(models, { file, set });
  if (value === undefined) return [];
  return models.map((model, at) => ({
    name: `${name} ${model.name}`,
    code: value.text,
    model,
    build: value.builds[at]!,
    sizes: sizes[at]!,
  }));
}

/** What Keras may differ by, relative to the largest value. */
const tolerance = 1e-5;

/** How much further than rounding carries Keras' numbers, of 64 bits, ours may be, of 32. */
const noiseFactor = 10;

/** What Keras runs on. */
const backends = { torch: 'torch', jax: 'jax', tensorflow: 'tensorflow' } as const;

export type Backend = keyof typeof backends;

/** The backends that a Python has; none where it has no Keras. */
export function findBackends(python: string | undefined): readonly Backend[] {
  if (python === undefined) return [];
  const names = JSON.stringify(['keras', ...Object.values(backends)]);
  const script = `from importlib.util import find_spec; print(*(n for n in ${names} if find_spec(n)))`;
  const { stdout } = spawnSync(python, ['-c', script], { encoding: 'utf8' });
  const found = new Set(stdout.trim().split(' '));
  if (!found.has('keras')) return [];
  return (Object.keys(backends) as Backend[]).filter((name) => found.has(backends[name]));
}

interface Answer {
  readonly error?: string;
  readonly names?: Readonly<Record<string, readonly number[]>>;
  /** In the order of `model.layers`. */
  readonly layers?: readonly string[];
  readonly frozen?: readonly string[];
  readonly shapes?: readonly (readonly (readonly number[])[])[];
  /** How far rounding of weights and images carries each output. */
  readonly noise?: readonly (readonly number[])[];
}

interface Expected {
  readonly manifest: unknown;
  readonly names: Readonly<Record<string, readonly number[]>>;
  readonly layers: readonly string[];
  readonly frozen: readonly string[];
  /** Of each image, then of a step of training. */
  readonly values: readonly (readonly ExpectedTensor[])[];
}

interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** How far a tensor of Keras is from ours, relative to its largest value. */
interface Distance {
  readonly off: number;
  /** The most that passes: more than 1e-5 where rounding itself carries further. */
  readonly most: number;
}

/**
 * Runs models of Keras with weights and images of ours, and our functional network with the
 * same. Every line of the differences is one: of names, of shapes, of what is frozen, of
 * numbers. The remarks say how close numbers were on each backend, which is one process.
 */
export async function compareKeras(
  python: string,
  found: readonly Backend[],
  cases: readonly KerasCase[],
): Promise<Comparison> {
  const folder = join(root, `.tmp/keras-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const expected: Expected[] = [];
    for (const [index, each] of cases.entries()) {
      expected.push(await writeCase(folder, `case${index}`, each));
    }
    const manifests = expected.map(({ manifest }) => manifest);
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(manifests));
    const differences: string[] = [];
    const remarks = found.map((backend) => {
      const answers = runScript(python, backend, folder);
      const distances = expected.flatMap((each, index) => {
        const judged = judge(folder, `case${index}`, each, answers[`case${index}`]!);
        const { name } = cases[index]!;
        differences.push(...judged.lines.map((line) => `${name} on ${backend}: ${line}`));
        return judged.distances;
      });
      return `${backend}: ${closeness(distances)}`;
    });
    return { differences, remarks };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runScript(
  python: string,
  backend: Backend,
  folder: string,
): Readonly<Record<string, Answer>> {
  const script = join(root, 'test/python/keras_forward.py');
  const program = backend === 'torch' ? preloaded(python) : python;
  const { status, stdout, stderr } = spawnSync(program, ['-B', script, folder], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      KERAS_BACKEND: backends[backend],
      JAX_ENABLE_X64: '1',
      KERAS_HOME: folder,
      TF_CPP_MIN_LOG_LEVEL: '3',
      CUDA_VISIBLE_DEVICES: '',
    },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Readonly<Record<string, Answer>>;
}

async function writeCase(
  folder: string,
  id: string,
  { code, model, build, sizes, isSaved = false, isTrained = false }: KerasCase,
): Promise<Expected> {
  const { graph } = model;
  const weights = variedWeights(graph);
  const values = await weights.values();
  const specs = graphWeights(graph);
  const written = specs.map((spec) => ({ name: kerasName(spec), shape: kerasShape(spec) }));
  const running = specs.filter(({ name }) => name.includes('/moving_')).map(kerasName);
  const parts = specs.map((spec) => values.get(spec.name)!);
  const images: number[][] = [];
  const found: (readonly ExpectedTensor[])[] = [];
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const network = buildFunctionalNetwork(graph);
  for (const [at, [height, width]] of sizes.entries()) {
    const shape: [number, number, number, number] = [at === 0 ? 1 : 2, height, width, channels];
    const image = tf.tensor4d(normalValues(shape, 7 + at), shape);
    images.push(shape);
    parts.push(image.dataSync<'float32'>().slice());
    const { outputs } = network.forward(weights, image);
    found.push(
      graph.outputs.map(({ name }) => {
        const tensor = outputs.get(name)!;
        return { shape: tensor.shape, values: tensor.dataSync<'float32'>().slice() };
      }),
    );
    if (isTrained && at === sizes.length - 1) {
      found.push(statisticsAfterTraining(model, weights, image));
    }
    tf.dispose([image, ...outputs.values()]);
  }
  weights.dispose();
  writeFileSync(join(folder, `${id}.py`), code);
  const bytes = parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  writeFileSync(join(folder, `${id}.bin`), Buffer.concat(bytes));
  const frozen = specs.flatMap((spec) => {
    const node = graph.nodes.find((each) => weightsName(each) === ownerOf(spec))!;
    return node.isFrozen ? [kerasName(spec)] : [];
  });
  const statistics = isTrained ? running : [];
  return {
    manifest: {
      id,
      file: `${id}.py`,
      build,
      weights: written,
      images,
      isSaved,
      statistics,
      outputs: graph.outputs.map(({ name }) => name),
    },
    names: Object.fromEntries(written.map(({ name, shape }) => [name, shape])),
    layers: modelLayers(graph).map((layer) => layer.name),
    frozen,
    values: found,
  };
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
    for (const { name, shape } of graphWeights(graph)) {
      if (!name.includes('/moving_')) continue;
      found.push({ shape, values: updates.get(name)!.dataSync<'float32'>().slice() });
    }
  });
  return found;
}

function judge(
  folder: string,
  id: string,
  expected: Expected,
  { error, names, layers, frozen, shapes, noise }: Answer,
): { readonly lines: readonly string[]; readonly distances: readonly Distance[] } {
  if (error !== undefined) return { lines: [error], distances: [] };
  const sorted = (record: object): string => JSON.stringify(Object.entries(record).sort());
  if (sorted(names!) !== sorted(expected.names)) {
    const missing = Object.keys(expected.names).filter((name) => !(name in names!));
    const more = Object.keys(names!).filter((name) => !(name in expected.names));
    const line = `the model lacks ${missing.join(', ')}, has ${more.join(', ')}, or other shapes`;
    return { lines: [line], distances: [] };
  }
  const lines: string[] = [];
  const distances: Distance[] = [];
  if (layers!.join() !== expected.layers.join()) {
    lines.push(`layers are ${layers!.join()}, not ${expected.layers.join()}`);
  }
  if (JSON.stringify([...frozen!].sort()) !== JSON.stringify([...expected.frozen].sort())) {
    lines.push(`frozen are ${frozen!.join(', ')}, not ${expected.frozen.join(', ')}`);
  }
  const all = new Float32Array(new Uint8Array(readFileSync(join(folder, `${id}.out.bin`))).buffer);
  let at = 0;
  for (const [run, tensors] of expected.values.entries()) {
    for (const [index, { shape, values }] of tensors.entries()) {
      const own = shapes![run]![index] ?? [];
      if (own.join() !== shape.join()) {
        return {
          lines: [...lines, `${run} ${index} has ${own.join()}, not ${shape.join()}`],
          distances,
        };
      }
      const off = relativeError(all.slice(at, (at += values.length)), values);
      const most = Math.max(tolerance, noiseFactor * (noise![run]?.[index] ?? 0));
      distances.push({ off, most });
      if (!(off < most)) lines.push(`${run} ${index} is off by ${off.toExponential(1)}`);
    }
  }
  return { lines, distances };
}

/** What there is to say of distances beside which of them are too large. */
function closeness(distances: readonly Distance[]): string {
  const plain = distances.filter(({ most }) => most === tolerance).map(({ off }) => off);
  const largest = Math.max(0, ...plain).toExponential(1);
  const loud = distances.filter(({ off, most }) => off >= tolerance && off < most).length;
  return (
    `${distances.length} tensors, off by ${largest} at most where rounding is small; ` +
    `${loud} by more than ${tolerance}, as rounding alone would carry them`
  );
}

const ownerOf = ({ name }: WeightSpec): string => name.slice(0, name.lastIndexOf('/'));

/** The layer and the weight in it. */
const kerasName = (spec: WeightSpec): string =>
  `${ownerOf(spec).replaceAll('/', '-')}/${spec.role}`;

/** Slopes of Keras have axes for height and width. */
const kerasShape = ({ role, shape }: WeightSpec): readonly number[] =>
  role === 'alpha' ? [1, 1, ...shape] : shape;
