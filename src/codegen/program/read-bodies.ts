import { blockKey } from '../../ir/block.js';
import { evaluateFormula, type FormulaValues } from '../../ir/formula.js';
import type { Graph, GraphNode, NodeId, Scope, ScopeId } from '../../ir/graph.js';
import { defaultValueOf, parametersNeeded } from './block-parameters.js';
import type { BlockFunction, Body, CallArgument, Step, TensorReference } from './body.js';
import { attributesOf, operationOf } from './operation.js';
import { sharedNumber } from './share-literals.js';
import type { Target } from './target.js';

/**
 * Attributes that follow from kernels and strides, which may be parameters. What a target
 * writes for them tells whether calls share a function: one may have a word for them all.
 */
const paddingAttributes: ReadonlySet<string> = new Set(['padding', 'edges', 'outputPadding']);

/** Turns graphs into bodies and gathers equal calls of blocks into functions. */
export class BodyReader {
  readonly #functions = new Map<string, BlockFunction>();

  constructor(readonly target: Target) {}

  /** All functions so far; a function comes after those it calls. */
  get functions(): readonly BlockFunction[] {
    return [...this.#functions.values()];
  }

  readModel(graph: Graph): Body {
    return new GraphReader(graph, this).read(0);
  }

  /** The function of a call, found by what its body does. */
  functionOf(scope: Scope, body: Body, values: FormulaValues): BlockFunction {
    const block = scope.block!;
    const key = `${blockKey(block)} ${this.canonicalText(body)}`;
    let found = this.#functions.get(key);
    if (found === undefined) {
      found = { id: this.#functions.size, block, body, calls: [] };
      this.#functions.set(key, found);
    }
    found.calls.push({ scope, values, body });
    return found;
  }

  /** Equal for two bodies exactly when one function serves both. */
  private canonicalText({ inputs, steps, output }: Body): string {
    const lines = steps.map((step) => {
      if (step.kind === 'operation') return [this.operationText(step), step.inputs, step.suffix];
      const args = [...step.args].map(([name, value]) => [
        name,
        value !== 'default' && value.kind === 'number' ? '_' : value,
      ]);
      return [step.block.id, args, step.inputs, step.suffix];
    });
    return JSON.stringify([inputs.map(({ name }) => name), lines, output]);
  }

  /** An operation with a blank for every number that calls may differ in. */
  private operationText({ operation }: Extract<Step, { kind: 'operation' }>): readonly unknown[] {
    const all = attributesOf(operation.node.op);
    const compared = all.filter(([attribute]) => !paddingAttributes.has(attribute));
    const attributes = compared.map(([attribute, value]) => {
      const isShared = sharedNumber(operation, attribute) !== undefined;
      return [attribute, isShared ? '_' : (operation.formulas[attribute] ?? value)];
    });
    return [attributes, this.target.keyOf(operation)];
  }
}

/** Reads one graph. A step stands where the first of its nodes does, so every tensor exists in time. */
class GraphReader {
  readonly #members = new Map<ScopeId, (GraphNode | Scope)[]>();

  constructor(
    readonly graph: Graph,
    readonly owner: BodyReader,
  ) {
    const placed = new Set<ScopeId>([0]);
    for (const node of graph.nodes) {
      let member: GraphNode | Scope = node;
      let scope = graph.scopes[node.scope]!;
      while (!placed.has(scope.id)) {
        placed.add(scope.id);
        this.add(scope.id, member);
        member = scope;
        scope = graph.scopes[scope.parent ?? 0]!;
      }
      this.add(scope.id, member);
    }
  }

  read(scopeId: ScopeId): Body {
    const scope = this.graph.scopes[scopeId]!;
    const values = this.valuesOf(scope);
    const inputs: { node: NodeId; name: string }[] = [];
    const references = new Map<NodeId, TensorReference>();
    const inputNames = this.inputNames(scope);
    const referTo = (node: NodeId): TensorReference => {
      const known = references.get(node);
      if (known !== undefined) return known;
      const reference = { from: 'input', index: inputs.length } as const;
      inputs.push({ node, name: inputNames.get(node) ?? 'other' });
      references.set(node, reference);
      return reference;
    };

    const steps: Step[] = [];
    if (scope.id === 0) for (const input of this.graph.inputs) referTo(input.node);
    for (const member of this.#members.get(scopeId) ?? []) {
      if ('op' in member && member.op.kind === 'input') continue;
      const step =
        'op' in member
          ? this.operationStep(member, scope, values, referTo)
          : this.callStep(member, scope, values, referTo);
      references.set(step.node, { from: 'step', index: steps.length });
      steps.push(step);
    }
    return { inputs, steps, output: scope.id === 0 ? undefined : referTo(scope.output) };
  }

  private add(scope: ScopeId, member: GraphNode | Scope): void {
    const members = this.#members.get(scope);
    if (members === undefined) this.#members.set(scope, [member]);
    else members.push(member);
  }

  private operationStep(
    node: GraphNode,
    scope: Scope,
    values: FormulaValues,
    referTo: (node: NodeId) => TensorReference,
  ): Step {
    return {
      kind: 'operation',
      operation: operationOf(node, values, this.owner.target),
      inputs: node.inputs.map(referTo),
      suffix: node.name.slice(scope.name.length),
      node: node.id,
    };
  }

  private callStep(
    scope: Scope,
    caller: Scope,
    values: FormulaValues,
    referTo: (node: NodeId) => TensorReference,
  ): Step {
    const body = this.read(scope.id);
    const inner = this.valuesOf(scope);
    const block = this.owner.functionOf(scope, body, inner);
    return {
      kind: 'call',
      block,
      args: this.argumentsOf(scope, block, values, inner),
      inputs: body.inputs.map((input) => referTo(input.node)),
      suffix: scope.name.slice(caller.name.length),
      node: scope.output,
      scope,
    };
  }

  /** What the caller wrote, unless it wrote nothing or what it wrote is not known. */
  private argumentsOf(
    scope: Scope,
    block: BlockFunction,
    outer: FormulaValues,
    inner: FormulaValues,
  ): ReadonlyMap<string, CallArgument> {
    const args = new Map<string, CallArgument>();
    for (const parameter of parametersNeeded(block)) {
      const argument = scope.args.find(({ name }) => name === parameter.name);
      if (typeof argument?.value !== 'number') continue;
      const { name, value, source } = argument;
      const isDefault = defaultValueOf(parameter, inner) === value;
      if (source !== undefined && evaluateFormula(source, outer) === value) args.set(name, source);
      else args.set(name, isDefault ? 'default' : { kind: 'number', value });
    }
    return args;
  }

  private valuesOf(scope: Scope): FormulaValues {
    const parameters = new Map(scope.args.map(({ name, value }) => [name, value]));
    return { parameters, channels: this.graph.nodes[scope.inputs[0] ?? -1]?.channels ?? 0 };
  }

  /** `input`, then the block's tensor parameters; several tensors that flow in are numbered. */
  private inputNames({ block, inputs }: Scope): ReadonlyMap<NodeId, string> {
    const tensors = block?.parameters.filter(({ takes }) => takes === 'tensor') ?? [];
    const flowing = inputs.length - tensors.length;
    const names = new Map<NodeId, string>();
    for (const [index, node] of inputs.entries()) {
      const own =
        index < flowing
          ? flowing === 1
            ? 'input'
            : `input${index + 1}`
          : tensors[index - flowing]!.name;
      if (!names.has(node)) names.set(node, own);
    }
    return names;
  }
}
