import type {
  Graph,
  GraphNode,
  GraphOutput,
  HeadValues,
  InputAxis,
  NodeId,
} from '../../src/ir/graph.js';
import {
  noEdges,
  type ActivationFunction,
  type ConvOp,
  type ConvTransposeOp,
  type Coordinates,
  type Op,
  type Pair,
  type Sampling,
} from '../../src/ir/operations/ops.js';

const origin = { file: 'built by a test', start: 0, end: 0 };

/** Neither dilation nor groups. */
export const plain = { dilation: [1, 1], groups: 1 } as const;

/** Running statistics that keep nine tenths at each step. */
export const running = { keep: 0.9, variance: 'biased' } as const;

/** An element-wise function as an operation; the slope of leaky_relu is PyTorch's default. */
export const activationOp = (name: ActivationFunction): Op => ({
  ...{ kind: 'activation', function: name, alpha: 0.01 },
});

/** Nearest resizing, with the rounding that belongs to the coordinates. */
export const nearestBy = (coordinates: Coordinates): Extract<Sampling, { method: 'nearest' }> =>
  coordinates === 'asymmetric'
    ? { method: 'nearest', coordinates, rounding: 'floor' }
    : { method: 'nearest', coordinates, rounding: 'round_prefer_ceil' };

/** Builds small graphs node by node, without a spec. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #outputs: GraphOutput[] = [];
  readonly #height: InputAxis;
  readonly #width: InputAxis;

  constructor(channels: number, height: InputAxis = 'H', width: InputAxis = 'W') {
    this.#height = height;
    this.#width = width;
    this.node('image', { kind: 'input', channels }, [], channels);
  }

  /** The input image. */
  get image(): NodeId {
    return 0;
  }

  /** Adds a node; its channels default to those of the first input. */
  node(name: string, op: Op, inputs: readonly NodeId[], channels?: number): NodeId {
    const id = this.#nodes.length;
    const own = channels ?? this.#nodes[inputs[0]!]!.channels;
    const place = { scope: 0, origin, isFrozen: false };
    const tensor = { name: name.split('/')[0]!, madeBy: { kind: 'wire' } } as const;
    this.#nodes.push({ id, name, tensor, op, inputs, channels: own, ...place });
    return id;
  }

  conv(name: string, input: NodeId, filters: number, options: Partial<ConvOp> = {}): NodeId {
    const op: ConvOp = {
      kind: 'conv',
      channels: filters,
      kernel: [3, 3],
      stride: [1, 1],
      ...plain,
      padding: 'same',
      bias: true,
      initializer: 'he_normal',
      ...options,
    };
    return this.node(name, op, [input], filters);
  }

  convTranspose(
    name: string,
    input: NodeId,
    filters: number,
    kernel: Pair = [2, 2],
    stride: Pair = [2, 2],
  ): NodeId {
    const op: ConvTransposeOp = {
      kind: 'conv_transpose',
      channels: filters,
      kernel,
      stride,
      edges: noEdges,
      outputPadding: [0, 0],
      bias: true,
      initializer: 'glorot_uniform',
    };
    return this.node(name, op, [input], filters);
  }

  /** Convolution without bias, batch norm, ReLU: `<name>/conv`, `<name>/norm`, `<name>/relu`. */
  convNormRelu(name: string, input: NodeId, filters: number): NodeId {
    const conv = this.conv(`${name}/conv`, input, filters, { bias: false });
    const norm = this.node(
      `${name}/norm`,
      { kind: 'batch_norm', epsilon: 1e-3, running, scale: true, shift: true },
      [conv],
    );
    return this.node(`${name}/relu`, { kind: 'activation', function: 'relu' }, [norm]);
  }

  concat(name: string, inputs: readonly NodeId[]): NodeId {
    const channels = inputs.reduce((sum, id) => sum + this.#nodes[id]!.channels, 0);
    return this.node(name, { kind: 'concat' }, inputs, channels);
  }

  output(name: string, node: NodeId, values: HeadValues = 'logits'): this {
    this.#outputs.push({ name, node, values, origin });
    return this;
  }

  build(): Graph {
    return {
      model: 'Built',
      nodes: this.#nodes,
      scopes: [
        {
          id: 0,
          parent: undefined,
          block: undefined,
          name: '',
          args: [],
          inputs: [],
          output: this.#outputs[0]!.node,
          origin,
        },
      ],
      inputs: [{ name: 'image', node: 0, height: this.#height, width: this.#width }],
      outputs: this.#outputs,
      heads: this.#outputs.map(({ name }) => ({
        name,
        outputs: [name],
        weights: [1],
        prediction: 'main',
      })),
      encoders: [],
      parameters: [],
    };
  }
}

/** A plain U-Net of `levels` levels: conv-norm-relu twice a level, 2 x 2 transposed convolution up, 1 x 1 head. */
export function buildUnet(levels: number, filters: number, channels = 3): Graph {
  const graph = new GraphBuilder(channels);
  const twice = (name: string, input: NodeId, width: number): NodeId =>
    graph.convNormRelu(`${name}/b`, graph.convNormRelu(`${name}/a`, input, width), width);
  const skips: NodeId[] = [];
  let x = graph.image;
  for (let level = 0; level < levels; level++) {
    x = twice(`encoder${level}`, x, filters * 2 ** level);
    skips.push(x);
    const pool: Op = {
      kind: 'max_pool',
      ...{ size: [2, 2], stride: [2, 2], rounding: 'floor', padding: noEdges },
    };
    x = graph.node(`pool${level}`, pool, [x]);
  }
  x = twice('middle', x, filters * 2 ** levels);
  for (let level = levels - 1; level >= 0; level--) {
    const up = graph.convTranspose(`up${level}`, x, filters * 2 ** level);
    const joined = graph.concat(`join${level}`, [skips[level]!, up]);
    x = twice(`decoder${level}`, joined, filters * 2 ** level);
  }
  const head = graph.conv('head', x, 1, { kernel: [1, 1] });
  return graph.output('mask', head).build();
}
