import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { nodeWeights, type WeightRole } from '../../ir/operations/weights.js';
import type { Expression } from './expression.js';
import type { OnnxNode, OnnxTensor } from './model.js';
import { dimensionsOf, orderOf, reordered, weightName, type ValuesOf } from './weights.js';

/**
 * Turns the expressions of operations into nodes and constants with names. A value carries
 * the name of its node in the graph; what leads to it is called by that name, a colon,
 * which no name of a spec has, and the operator.
 */
export class Writer {
  readonly nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxTensor>();
  readonly #values = new Map<NodeId, string>();

  constructor(
    readonly graph: Graph,
    readonly valuesOf: ValuesOf,
  ) {}

  get constants(): readonly OnnxTensor[] {
    return [...this.#constants.values()];
  }

  /** The name of a node's value. */
  value(node: NodeId): string {
    return this.#values.get(node)!;
  }

  /** Says what the value of an input is called. */
  give(node: NodeId, name: string): void {
    this.#values.set(node, name);
  }

  /** Writes what makes the value of a node, which is called `name` unless it is another node's. */
  write(node: GraphNode, expression: Expression, name: string): void {
    const known = new Map<Expression, string>();
    const counts = new Map<string, number>();
    const within = (type: string): string => {
      const count = (counts.get(type) ?? 0) + 1;
      counts.set(type, count);
      return `${name}:${type}${count === 1 ? '' : count}`;
    };
    const visit = (value: Expression, isLast: boolean): string => {
      switch (value.kind) {
        case 'nothing':
          return '';
        case 'input':
          return this.value(node.inputs[value.number]!);
        case 'integers':
        case 'floats':
          return this.#constant(value.kind, value.values);
        case 'weight':
          return this.#weight(node, value.role, value.isPerPixel);
        case 'applied': {
          const made = known.get(value);
          if (made !== undefined) return made;
          const inputs = value.inputs.map((each) => visit(each, false));
          const own = isLast ? name : within(value.type);
          const { type, attributes, output } = value;
          this.nodes.push({ type, name: own, output, inputs, attributes });
          known.set(value, own);
          return own;
        }
      }
    };
    this.#values.set(node.id, visit(expression, true));
  }

  /** Gives the value of a node a further name. */
  repeat(node: NodeId, name: string): void {
    const inputs = [this.value(node)];
    this.nodes.push({ type: 'Identity', name, output: 'first', inputs, attributes: {} });
  }

  /** Small constants are shared by all nodes. */
  #constant(kind: 'integers' | 'floats', values: number | readonly number[]): string {
    const list = [values].flat() as readonly number[];
    const isSingle = typeof values === 'number';
    const name = `${kind}:${isSingle ? values : `[${shortened(list)}]`}`;
    this.#constants.set(name, {
      name,
      dimensions: isSingle ? [] : [list.length],
      values:
        kind === 'floats'
          ? Float32Array.from(list)
          : BigInt64Array.from(list, (each) => BigInt(each)),
    });
    return name;
  }

  #weight(node: GraphNode, role: WeightRole, isPerPixel: boolean): string {
    const name = weightName(node, role);
    const weight = nodeWeights(this.graph, node).find((each) => each.role === role)!;
    const values = reordered(this.valuesOf(node, weight), weight.axes, orderOf(node.op, role));
    this.#constants.set(name, { name, dimensions: dimensionsOf(node, weight, isPerPixel), values });
    return name;
  }
}

/** Many equal numbers as one and how often it stands. */
const shortened = (list: readonly number[]): string =>
  list.length > 8 && list.every((each) => each === list[0])
    ? `${list[0]} x ${list.length}`
    : list.join();
