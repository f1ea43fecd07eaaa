import * as tf from '../tensorflow.js';
import type { Graph } from '../../ir/graph.js';
import type { RandomStart } from '../../ir/operations/weights.js';
import type { WeightSpec } from '../../codegen/tfjs/weights.js';
import { graphWeights } from '../../codegen/tfjs/weights.js';
import type { Random } from '../random.js';
import type { NamedVariable } from './optimizers/optimizer.js';

/** The weights of one graph as tensors on the engine in use, by `<node>/<role>`. */
export class WeightStore {
  readonly specs: readonly WeightSpec[];
  readonly #variables = new Map<string, tf.Variable>();

  /** `valuesOf` fills each weight; its arrays have the sizes of the shapes. */
  constructor(graph: Graph, valuesOf: (spec: WeightSpec) => Float32Array) {
    this.specs = graphWeights(graph);
    for (const spec of this.specs) {
      const variable = tf.tidy(() =>
        tf.variable(tf.tensor(valuesOf(spec), [...spec.shape]), spec.trainable),
      );
      this.#variables.set(spec.name, variable);
    }
  }

  /** The tensor of that name; an unknown name is a bug of the caller. */
  get(name: string): tf.Variable {
    const variable = this.#variables.get(name);
    if (variable === undefined) throw new Error(`no weight is called '${name}'`);
    return variable;
  }

  /** What an optimizer moves, in node order. */
  trainable(): readonly NamedVariable[] {
    return this.specs
      .filter((spec) => spec.trainable)
      .map(({ name }) => ({ name, variable: this.get(name) }));
  }

  /** Puts new values into one weight; the tensor stays the caller's. */
  assign(name: string, value: tf.Tensor): void {
    this.get(name).assign(value);
  }

  /** Copies of all values. */
  async values(): Promise<Map<string, Float32Array>> {
    const values = new Map<string, Float32Array>();
    for (const { name } of this.specs) {
      values.set(name, Float32Array.from(await this.get(name).data<'float32'>()));
    }
    return values;
  }

  /** Takes values for all weights; throws where one is missing or has another size. */
  setValues(values: ReadonlyMap<string, Float32Array>): void {
    for (const spec of this.specs) {
      tf.tidy(() =>
        this.assign(spec.name, tf.tensor(checkedValues(values, spec), [...spec.shape])),
      );
    }
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
    this.#variables.clear();
  }
}

/**
 * New weights for a graph; every weight draws from its own stream, so that adding
 * one moves no other. Those that are given, of the right sizes, start at these values.
 */
export function initialiseWeights(
  graph: Graph,
  random: Random,
  given: ReadonlyMap<string, Float32Array> = new Map(),
): WeightStore {
  return new WeightStore(graph, (spec) =>
    given.has(spec.name) ? checkedValues(given, spec) : startValues(spec, random.fork(spec.name)),
  );
}

/** Weights with stored values; throws where one is missing or has another size. */
export function weightsFromValues(
  graph: Graph,
  values: ReadonlyMap<string, Float32Array>,
): WeightStore {
  return new WeightStore(graph, (spec) => checkedValues(values, spec));
}

function startValues(spec: WeightSpec, random: Random): Float32Array {
  const values = new Float32Array(tf.util.sizeFromShape([...spec.shape]));
  if (spec.start === 'zeros') return values;
  if (spec.start === 'ones') return values.fill(1);
  if (typeof spec.start === 'number') return values.fill(spec.start);
  const draw = drawing(spec.start, random);
  for (let at = 0; at < values.length; at++) values[at] = draw();
  return values;
}

/**
 * He et al. 2015: variance 2 / fanIn; Glorot and Bengio 2010: variance
 * 2 / (fanIn + fanOut). Normal values are not truncated; a uniform distribution
 * over [-l, l] has variance l^2 / 3.
 */
function drawing({ initializer, fanIn, fanOut }: RandomStart, random: Random): () => number {
  switch (initializer) {
    case 'he_normal':
      return () => random.normal(0, Math.sqrt(2 / fanIn));
    case 'he_uniform':
      return () => uniform(Math.sqrt(6 / fanIn));
    case 'glorot_normal':
      return () => random.normal(0, Math.sqrt(2 / (fanIn + fanOut)));
    case 'glorot_uniform':
      return () => uniform(Math.sqrt(6 / (fanIn + fanOut)));
  }
  function uniform(limit: number): number {
    return random.uniform(-limit, limit);
  }
}

function checkedValues(values: ReadonlyMap<string, Float32Array>, spec: WeightSpec): Float32Array {
  const given = values.get(spec.name);
  const size = tf.util.sizeFromShape([...spec.shape]);
  if (given === undefined) throw new RangeError(`the values of weight '${spec.name}' are missing`);
  if (given.length !== size) {
    throw new RangeError(
      `weight '${spec.name}' has ${size} values (${spec.shape.join(' x ')}), not ${given.length}`,
    );
  }
  return given;
}
