import { counted } from '../../diagnostics/counted.js';
import type { Label } from '../../diagnostics/diagnostic.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import { channelLimit } from '../../catalog/component.js';
import type {
  EncoderPart,
  GraphNode,
  NodeId,
  Scope,
  ScopeId,
  SourceExpression,
} from '../../ir/graph.js';
import type { Op, OpKind, OpOf } from '../../ir/operations/ops.js';
import { insideLabel, placeOf } from '../../ir/place.js';
import type { NamedTensor } from '../../ir/provenance.js';
import { StoredNames } from './stored-names.js';

/** More operations than any network of this kind has. */
export const nodeLimit = 20_000;

/** Channels that an operation cannot cut into equal parts. */
interface UnevenParts {
  readonly uneven: number;
  readonly parts: number;
}

/** Edges of a pool that could hold a whole window. */
interface WideEdges {
  readonly edge: number;
  readonly window: number;
}

/** How many channels come out, from those that go in; otherwise what is wrong. */
type ChannelRule<O> = (
  op: O,
  inputs: readonly number[],
) => number | string | UnevenParts | WideEdges;
type ChannelRules = { readonly [K in OpKind]: ChannelRule<OpOf<K>> };

const keep = (_op: unknown, [first]: readonly number[]): number => first ?? 0;

const pool: ChannelRule<OpOf<'max_pool' | 'avg_pool'>> = ({ size, padding }, [first = 0]) => {
  if (typeof padding !== 'object') return first;
  const { top, bottom, left, right } = padding;
  const edges: readonly (readonly [number, number])[] = [
    [Math.max(top, bottom), size[0]],
    [Math.max(left, right), size[1]],
  ];
  const wide = edges.find(([edge, window]) => edge >= window);
  return wide === undefined ? first : { edge: wide[0], window: wide[1] };
};

const channelRules: ChannelRules = {
  input: (op) => op.channels,
  conv: (op, [first]) => {
    const parts = op.groups ?? 1;
    const uneven = [first ?? 0, op.filters].find((channels) => channels % parts !== 0);
    return uneven === undefined ? op.filters : { uneven, parts };
  },
  depthwise_conv: (op, [first]) => (first ?? 0) * op.multiplier,
  conv_transpose: (op) => op.filters,
  max_pool: pool,
  avg_pool: pool,
  global_avg_pool: keep,
  global_max_pool: keep,
  upsample: keep,
  resize_to: keep,
  crop_to: keep,
  pad_to: keep,
  crop: keep,
  pad: keep,
  pixel_shuffle: ({ factor }, [first = 0]) => {
    const parts = factor * factor;
    return first % parts === 0 ? first / parts : { uneven: first, parts };
  },
  batch_norm: keep,
  instance_norm: keep,
  group_norm: ({ groups }, [first = 0]) =>
    first % groups === 0 ? first : { uneven: first, parts: groups },
  layer_norm: keep,
  activation: keep,
  prelu: keep,
  softmax: keep,
  dropout: keep,
  concat: (_op, inputs) => inputs.reduce((sum, channels) => sum + channels, 0),
  add: (_op, inputs) =>
    inputs.every((channels) => channels === inputs[0]) ? (inputs[0] ?? 0) : inputs.join(' and '),
  average: (_op, inputs) =>
    inputs.every((channels) => channels === inputs[0]) ? (inputs[0] ?? 0) : inputs.join(' and '),
  is_largest: () => 1,
  multiply: (_op, inputs) => {
    const most = Math.max(...inputs);
    return inputs.every((channels) => channels === most || channels === 1)
      ? most
      : inputs.join(' and ');
  },
};

interface NewNode {
  readonly op: Op;
  readonly inputs: readonly NodeId[];
  readonly name: string;
  readonly tensor: NamedTensor;
  readonly scope: ScopeId;
  readonly origin: Span;
  readonly attributeSources?: Readonly<Record<string, SourceExpression>>;
}

/** Grows a graph node by node; channels are known at once, sizes are proved later. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly scopes: Scope[] = [];
  readonly storedNames = new StoredNames();
  readonly #names = new Set<string>();
  readonly #numbers = new Map<string, number>();
  #calls = 0;
  #isFull = false;

  constructor(
    readonly model: string,
    readonly reporter: Reporter,
  ) {}

  /** Adds an operation; undefined when its channels do not fit or the graph is too large, which is reported. */
  addNode(node: NewNode): NodeId | undefined {
    if (this.nodes.length >= nodeLimit) {
      this.reportFull(node.origin);
      return undefined;
    }
    const rule = channelRules[node.op.kind] as ChannelRule<Op>;
    const channels = rule(
      node.op,
      node.inputs.map((input) => this.channelsOf(input)),
    );
    if (typeof channels === 'string') {
      this.reporter.report(
        'channels-differ',
        { operation: node.op.kind, found: channels },
        {
          at: placeOf(this, node),
          labels: this.channelLabels(node),
          help: [
            `Bring one to the other's channels, as in "-> conv(${this.channelsOf(node.inputs[0]!)}, 1)", or use "concat".`,
          ],
        },
      );
      return undefined;
    }
    if (typeof channels === 'object' && 'edge' in channels) {
      this.reporter.report(
        'pool-edges-too-wide',
        { operation: node.op.kind, ...channels },
        {
          at: placeOf(this, node),
          labels: insideLabel(placeOf(this, node), node),
          help: [`Use edges of at most ${channels.window - 1} pixels.`],
        },
      );
      return undefined;
    }
    if (typeof channels === 'object') {
      this.reportUneven(node, channels);
      return undefined;
    }
    if (channels > channelLimit) {
      this.reporter.report(
        'channels-too-many',
        { operation: node.op.kind, channels: String(channels), limit: channelLimit },
        {
          at: placeOf(this, node),
          labels: this.channelLabels(node),
          help: ['Use fewer channels; a conv of size 1 narrows a tensor.'],
        },
      );
      return undefined;
    }
    if (node.op.kind === 'is_largest' && !this.hasChannel(node, node.op.channel)) return undefined;
    const id = this.nodes.length;
    this.nodes.push({ id, channels, ...node, name: this.uniqueName(node.name) });
    return id;
  }

  private reportUneven(node: NewNode, { uneven, parts }: UnevenParts): void {
    const near = [Math.floor(uneven / parts), Math.ceil(uneven / parts)]
      .filter((times) => times > 0)
      .map((times) => times * parts);
    this.reporter.report(
      'channels-do-not-divide',
      { operation: node.op.kind, channels: uneven, parts },
      {
        at: placeOf(this, node),
        labels: this.channelLabels(node),
        help: [
          `Use ${near.join(' or ')} channels, or a divisor of ${uneven} as the number of parts.`,
        ],
      },
    );
  }

  /** Whether the input has a channel of that number; reported when not. */
  private hasChannel(node: NewNode, channel: number): boolean {
    const channels = this.channelsOf(node.inputs[0]!);
    if (channel < channels) return true;
    this.reporter.report(
      'channel-out-of-range',
      { operation: node.op.kind, channel, last: channels - 1 },
      { at: placeOf(this, node), labels: this.channelLabels(node) },
    );
    return false;
  }

  /** What each input brings, each place once. */
  private channelLabels(node: NewNode): readonly Label[] {
    const at = placeOf(this, node);
    const labels: readonly Label[] = node.inputs.map((input) => ({
      span: placeOf(this, this.nodes[input]!),
      text: `"${this.nodes[input]!.name}" has ${counted(this.channelsOf(input), 'channel')}`,
    }));
    const isSame = (one: Span, other: Span): boolean =>
      one.start === other.start && one.file === other.file;
    const apart = labels.filter(
      ({ span }, index) =>
        !isSame(span, at) && labels.findIndex((other) => isSame(other.span, span)) === index,
    );
    return [...apart, ...insideLabel(at, node)];
  }

  /** Marks all nodes from `first` on as parts of the declared encoder. */
  markEncoder(first: NodeId, isFrozen: boolean): void {
    for (let id = first; id < this.nodes.length; id++) {
      const ofEncoder: EncoderPart = { isFrozen, storedNames: this.storedNames.of(id) };
      this.nodes[id] = { ...this.nodes[id]!, ofEncoder };
    }
  }

  channelsOf(node: NodeId): number {
    return this.nodes[node]?.channels ?? 0;
  }

  /** A free name: the wanted one, or with the first number from 2 that makes it free. */
  uniqueName(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#names.has(name); number++) name = `${wanted}_${number}`;
    this.#names.add(name);
    return name;
  }

  /** `<path>/<word><number>`, numbered from 1 below each path. */
  numberedName(path: string, word: string): string {
    const prefix = path === '' ? word : `${path}/${word}`;
    const number = (this.#numbers.get(prefix) ?? 0) + 1;
    this.#numbers.set(prefix, number);
    return `${prefix}${number}`;
  }

  /** Counts a block call; false, and reported once, when there are more than a graph can have. */
  countCall(origin: Span): boolean {
    this.#calls += 1;
    if (this.#calls > nodeLimit) this.reportFull(origin);
    return !this.#isFull;
  }

  private reportFull(origin: Span): void {
    if (!this.#isFull) {
      this.reporter.report(
        'graph-too-large',
        { model: this.model, limit: nodeLimit },
        { at: origin, help: ['Call fewer blocks: each call writes its block out once more.'] },
      );
    }
    this.#isFull = true;
  }

  /** Opens a scope whose output is set when its block has run. */
  openScope(scope: Omit<Scope, 'id' | 'output'>): ScopeId {
    const id = this.scopes.length;
    this.scopes.push({ ...scope, id, output: -1 });
    return id;
  }

  closeScope(id: ScopeId, output: NodeId): void {
    this.scopes[id] = { ...this.scopes[id]!, output };
  }
}
