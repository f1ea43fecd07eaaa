import { counted } from '../../diagnostics/counted.js';
import type { Label } from '../../diagnostics/diagnostic.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import { channelLimit } from '../../catalog/component.js';
import type { GraphNode, NodeId, Scope, ScopeId } from '../../ir/graph.js';
import type { Derivation } from '../../ir/formula.js';
import type { ChannelProblem } from '../../ir/operations/channel-rule.js';
import { channelsOut } from '../../ir/operations/channels-out.js';
import type { Op } from '../../ir/operations/ops.js';
import { insideLabel, placeOf } from '../../ir/place.js';
import type { NamedTensor } from '../../ir/provenance.js';
import type { SharedInstance, Value } from '../values/value.js';
import { channelsAsValue, type NumberValue } from './channels-value.js';
import { SharedInstances, type CallOfInstance } from './shared-instances.js';
import { StoredNames } from './stored-names.js';

/** More operations than any network of this kind has. */
const nodeLimit = 20_000;

interface NewNode {
  readonly op: Op;
  readonly inputs: readonly NodeId[];
  readonly name: string;
  readonly tensor: NamedTensor;
  readonly scope: ScopeId;
  readonly origin: Span;
  readonly derivations?: Readonly<Record<string, Derivation>>;
  /** Attributes that follow from the model's parameters, as the spec's values. */
  readonly written?: Readonly<Record<string, Value>>;
}

/** Grows a graph node by node; channels are known at once, sizes are proved later. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly scopes: Scope[] = [];
  readonly storedNames = new StoredNames();
  readonly shared = new SharedInstances();
  readonly #names = new Set<string>();
  readonly #numbers = new Map<string, number>();
  /** Of each node, its channels. */
  readonly #channels: NumberValue[] = [];
  #calls = 0;
  #isFull = false;

  constructor(readonly model: string) {}

  /** Adds an operation; undefined when its channels do not fit or the graph is too large, which is reported. */
  addNode(node: NewNode, reporter: Reporter): NodeId | undefined {
    if (this.nodes.length >= nodeLimit) {
      this.#reportFull(node.origin, reporter);
      return undefined;
    }
    const channels = channelsOut(
      node.op,
      node.inputs.map((input) => this.channelsOf(input)),
    );
    if (typeof channels !== 'number') {
      this.#reportChannels(node, channels, reporter);
      return undefined;
    }
    if (channels > channelLimit) {
      reporter.report(
        'channels-too-many',
        { operation: node.op.kind, channels: String(channels), limit: channelLimit },
        {
          at: placeOf(this, node),
          labels: this.#channelLabels(node),
          help: ['Use fewer channels; a conv of size 1 narrows a tensor.'],
        },
      );
      return undefined;
    }
    const id = this.nodes.length;
    const { op, inputs, tensor, scope, origin, written, derivations } = node;
    const name = this.uniqueName(node.name);
    const plain = { id, channels, isFrozen: false, op, inputs, name, tensor, scope, origin };
    this.nodes.push(derivations === undefined ? plain : { ...plain, derivations });
    const values = inputs.map((input) => this.channelsValue(input));
    this.#channels.push(channelsAsValue(channels, op, written, values));
    return id;
  }

  #reportChannels(node: NewNode, problem: ChannelProblem, reporter: Reporter): void {
    const operation = node.op.kind;
    const at = placeOf(this, node);
    const labels = this.#channelLabels(node);
    switch (problem.kind) {
      case 'differ': {
        const help = `Bring one to the other's channels, as in "-> conv(${this.channelsOf(node.inputs[0]!)}, 1)", or use "concat".`;
        const { found } = problem;
        reporter.report('channels-differ', { operation, found }, { at, labels, help: [help] });
        return;
      }
      case 'pooled-differ': {
        const help = `Bring it to them before, as in "-> conv(${problem.pooled}, 1)".`;
        const { own, pooled } = problem;
        reporter.report('unpool-channels', { own, pooled }, { at, labels, help: [help] });
        return;
      }
      case 'uneven': {
        const { channels, parts } = problem;
        const near = [Math.floor(channels / parts), Math.ceil(channels / parts)]
          .filter((times) => times > 0)
          .map((times) => times * parts);
        const help = `Use ${near.join(' or ')} channels, or a divisor of ${channels} as the number of parts.`;
        const found = { operation, channels, parts };
        reporter.report('channels-do-not-divide', found, { at, labels, help: [help] });
        return;
      }
      case 'wide-edges': {
        const { edge, window } = problem;
        const help = [`Use edges of at most ${window - 1} pixels.`];
        const found = { operation, edge, window };
        const places = { at, labels: insideLabel(at, node), help };
        reporter.report('pool-edges-too-wide', found, places);
        return;
      }
      case 'no-channel': {
        const { channel, last } = problem;
        reporter.report('channel-out-of-range', { operation, channel, last }, { at, labels });
        return;
      }
      case 'empty-slice': {
        const { from, to } = problem;
        const help = [
          `"to" is the channel behind the last one: "slice(${from}, ${from + 1})" takes one.`,
        ];
        reporter.report('empty-slice', { operation, from, to }, { at, labels, help });
        return;
      }
      case 'no-window': {
        const help = ['Add "window: 7", or "position: none".'];
        reporter.report('needs-window', { operation }, { at, labels, help });
        return;
      }
      case 'wide-shift': {
        const { shift, window } = problem;
        const help = [`Half of a window is usual: "shift: ${Math.floor(window / 2)}".`];
        reporter.report('shift-too-wide', { operation, shift, window }, { at, labels, help });
        return;
      }
      case 'no-part': {
        const { part, parts } = problem;
        const help = [`Take a part from 0 to ${parts - 1}.`];
        reporter.report('no-part', { operation, part, parts }, { at, labels, help });
        return;
      }
      case 'too-many': {
        const { found, channels } = problem;
        const help = ['"slice(0, n)" takes channels away, and "conv(n, 1)" mixes them into fewer.'];
        reporter.report(
          'channels-do-not-fit',
          { operation, found, channels },
          { at, labels, help },
        );
        return;
      }
    }
  }

  /** What each input brings, each place once. */
  #channelLabels(node: NewNode): readonly Label[] {
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

  /** Leaves the weights of all nodes from `first` on as they are. */
  freeze(first: NodeId): void {
    for (let id = first; id < this.nodes.length; id++) {
      this.nodes[id] = { ...this.nodes[id]!, isFrozen: true };
    }
  }

  channelsOf(node: NodeId): number {
    return this.nodes[node]?.channels ?? 0;
  }

  /** The channels of a tensor as a value. */
  channelsValue(node: NodeId): NumberValue {
    return this.#channels[node] ?? { kind: 'number', value: 0 };
  }

  /** The call that the next scope is of. */
  get nextScope(): ScopeId {
    return this.scopes.length;
  }

  /** A free name: the wanted one, or with the first number from 2 that makes it free. */
  uniqueName(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#names.has(name); number++) name = `${wanted}_${number}`;
    this.#names.add(name);
    return name;
  }

  /** Gives a node another name, or the next free one; it keeps that which it has in shared calls. */
  rename(node: NodeId, name: string): void {
    this.nodes[node] = { ...this.nodes[node]!, name: this.uniqueName(name) };
  }

  /** Makes what a call of a shared instance made the operations of its first call. */
  shareOperations(instance: SharedInstance, call: CallOfInstance): void {
    const { nodes, scopes } = this;
    const uniqueName = (wanted: string): string => this.uniqueName(wanted);
    this.shared.name(instance, call, { nodes, scopes, uniqueName });
  }

  /** `<path>/<word><number>`, numbered from 1 below each path. */
  numberedName(path: string, word: string): string {
    const prefix = path === '' ? word : `${path}/${word}`;
    const number = (this.#numbers.get(prefix) ?? 0) + 1;
    this.#numbers.set(prefix, number);
    return `${prefix}${number}`;
  }

  /** Counts a block call; false, and reported once, when there are more than a graph can have. */
  countCall(origin: Span, reporter: Reporter): boolean {
    this.#calls += 1;
    if (this.#calls > nodeLimit) this.#reportFull(origin, reporter);
    return !this.#isFull;
  }

  #reportFull(origin: Span, reporter: Reporter): void {
    if (!this.#isFull) {
      reporter.report(
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
