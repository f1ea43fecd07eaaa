import type { BlockParameter } from '../../ir/block.js';
import {
  evaluateFormula,
  inScope,
  parametersOf,
  readsChannels,
  type FormulaValues,
} from '../../ir/formula.js';
import type { ArgumentValue, Graph, GraphNode, NodeId, Scope, ScopeId } from '../../ir/graph.js';
import { defaultValueOf, followedBy, parametersNeeded } from './block-parameters.js';
import { withFlowFirst } from './flow-first.js';
import type {
  Body,
  CallArgument,
  NameWithin,
  OpenParameters,
  Step,
  TensorReference,
} from './body.js';
import type { FunctionTable } from './function-table.js';
import { operationOf } from './operation.js';

/**
 * The body of a model, and which of its parameters its formulas leave open. Functions of
 * the blocks it calls are gathered in the table.
 */
export function readModel(
  graph: Graph,
  table: FunctionTable,
): { readonly body: Body; readonly open: OpenParameters } {
  const reader = new GraphReader(graph, table);
  return { body: reader.read(0), open: reader.open };
}

/** Reads one graph. A step stands where the first of its nodes does, so every tensor exists in time. */
class GraphReader {
  readonly #members = new Map<ScopeId, (GraphNode | Scope)[]>();
  readonly #parameters: ReadonlyMap<string, ArgumentValue>;
  readonly #open: Set<string>;
  /** The parameters that the default of each reads. */
  readonly #parents: ReadonlyMap<string, readonly string[]>;

  constructor(
    readonly graph: Graph,
    readonly table: FunctionTable,
  ) {
    this.#parameters = new Map(graph.parameters.map(({ name, value }) => [name, value]));
    const open = graph.parameters.filter(({ isFixed, value }) => !isFixed && isNumber(value));
    this.#open = new Set(open.map(({ name }) => name));
    this.#parents = new Map(
      open.map(({ name, default: standard }) => [name, standard ? parametersOf(standard) : []]),
    );
    for (const { node } of graph.inputs) {
      const { channels } = graph.nodes[node]!.derivations ?? {};
      if (channels?.formula === undefined || inScope(channels.formula, 0) === undefined) {
        this.#close(channels?.follows ?? []);
      }
    }
    const placed = new Set<ScopeId>([0]);
    for (const node of graph.nodes) {
      let member: GraphNode | Scope = node;
      let scope = graph.scopes[node.scope]!;
      while (!placed.has(scope.id)) {
        placed.add(scope.id);
        this.#add(scope.id, member);
        member = scope;
        scope = graph.scopes[scope.parent ?? 0]!;
      }
      this.#add(scope.id, member);
    }
  }

  get open(): OpenParameters {
    return this.#open;
  }

  read(scopeId: ScopeId): Body {
    const scope = this.graph.scopes[scopeId]!;
    const values = this.#valuesOf(scope);
    const inputs: { node: NodeId; name: string }[] = [];
    const references = new Map<NodeId, TensorReference>();
    const inputNames = this.#inputNames(scope);
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
          ? this.#operationStep(member, scope, values, referTo)
          : this.#callStep(member, scope, values, referTo);
      const index = steps.length;
      const made = [step.node, ...step.others.map(({ node }) => node)];
      for (const [output, node] of made.entries()) {
        references.set(node, { from: 'step', index, ...(made.length > 1 ? { output } : {}) });
      }
      steps.push(step);
    }
    const outputs = scope.id === 0 ? [] : [scope.output, ...(scope.others ?? [])];
    const body = { inputs, steps, outputs: outputs.map(referTo) };
    const [flowing] = scope.inputs;
    if (scope.id === 0 || flowing === undefined) return body;
    const named = { node: flowing, name: inputNames.get(flowing)! };
    return withFlowFirst(body, named, scope.block);
  }

  #add(scope: ScopeId, member: GraphNode | Scope): void {
    const members = this.#members.get(scope);
    if (members === undefined) this.#members.set(scope, [member]);
    else members.push(member);
  }

  #operationStep(
    node: GraphNode,
    scope: Scope,
    values: FormulaValues,
    referTo: (node: NodeId) => TensorReference,
  ): Step {
    const isMaker = this.#isMaker(scope);
    const operation = operationOf(node, values, this.table.target, isMaker);
    for (const [attribute, { follows }] of Object.entries(node.derivations ?? {})) {
      if (operation.formulas[attribute] === undefined) this.#close(follows);
    }
    return {
      kind: 'operation',
      operation,
      inputs: node.inputs.map(referTo),
      ...nameWithin(scope, node.sharedName ?? node.name),
      node: node.id,
      others: [],
      firstName: node.name,
    };
  }

  #callStep(
    scope: Scope,
    caller: Scope,
    values: FormulaValues,
    referTo: (node: NodeId) => TensorReference,
  ): Step {
    const body = this.read(scope.id);
    const inner = this.#valuesOf(scope);
    const isMaker = this.#isMaker(scope);
    const hasChannels = { inside: !isMaker, outside: !this.#isMaker(caller) };
    const all = argumentsOf(scope, caller, values, inner, hasChannels);
    const call = { scope, values: inner, body, args: all, open: this.#open, isMaker };
    const block = this.table.functionOf(call);
    const args = new Map<string, CallArgument>();
    for (const { name } of parametersNeeded(block)) {
      const argument = all.get(name);
      if (argument === undefined) continue;
      args.set(name, argument);
      // A number that follows from parameters says so for one value of them alone.
      const isWritten = argument !== 'default' && argument.kind === 'number';
      if (isWritten) this.#close(followedBy(scope, name));
    }
    return {
      kind: 'call',
      block,
      args,
      inputs: body.inputs.map((input) => referTo(input.node)),
      ...nameWithin(caller, scope.sharedName ?? scope.name),
      ...(scope.instance !== undefined && { instance: nameWithin(caller, scope.instance) }),
      node: scope.output,
      firstName: lastPart(this.graph.nodes[scope.output]!.name),
      others: (scope.others ?? []).map((node) => ({
        node,
        name: lastPart(this.graph.nodes[node]!.name),
      })),
      scope,
    };
  }

  /** Whether a call makes layers of a shared instance, for a target to which that makes a difference. */
  #isMaker({ sharedName, instance }: Scope): boolean {
    const isShared = sharedName !== undefined || instance !== undefined;
    return isShared && this.table.target.makesLayersFirst === true;
  }

  /** What a parameter that is closed follows from by its default is closed, too. */
  #close(parameters: readonly string[]): void {
    const pending = [...parameters];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (this.#open.delete(name)) pending.push(...(this.#parents.get(name) ?? []));
    }
  }

  #valuesOf(scope: Scope): FormulaValues {
    const parameters =
      scope.id === 0
        ? this.#parameters
        : new Map(scope.args.map(({ name, value }) => [name, value]));
    return { parameters, channels: this.graph.nodes[scope.inputs[0] ?? -1]?.channels ?? 0 };
  }

  /** `input`, then the block's tensor parameters; several tensors that flow in are numbered. */
  #inputNames({ block, inputs }: Scope): ReadonlyMap<NodeId, string> {
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

/**
 * The arguments of a call that are numbers: what the caller wrote as a formula over what
 * itself takes, what the block's default gives, or else the number.
 */
function argumentsOf(
  { id, block, args }: Scope,
  caller: Scope,
  outer: FormulaValues,
  inner: FormulaValues,
  hasChannels: { readonly inside: boolean; readonly outside: boolean },
): ReadonlyMap<string, CallArgument> {
  const result = new Map<string, CallArgument>();
  const parameters = new Map(block?.parameters.map((each) => [each.name, each]));
  for (const { name, value, derivation } of args) {
    if (!isNumber(value)) continue;
    const { formula } = derivation ?? {};
    const written = formula && inScope(formula, caller.id);
    const isWritten =
      written !== undefined &&
      (hasChannels.outside || !readsChannels(written)) &&
      evaluateFormula(written, outer) === value;
    if (isWritten) result.set(name, written);
    else {
      const parameter = parameters.get(name)!;
      const isByDefault = formula !== undefined && inScope(formula, id) !== undefined;
      const isDefault =
        (hasChannels.inside ||
          parameter.default === undefined ||
          !readsChannels(parameter.default)) &&
        (isByDefault || isConstant(parameter)) &&
        defaultValueOf(parameter, inner) === value;
      result.set(name, isDefault ? 'default' : { kind: 'number', value });
    }
  }
  return result;
}

const isNumber = (value: ArgumentValue): value is number => typeof value === 'number';

const isConstant = ({ default: standard }: BlockParameter): boolean => standard?.kind === 'number';

/** What follows the name of a call in a name; the whole name where it begins otherwise. */
function nameWithin(scope: Scope, whole: string): NameWithin {
  const { id } = scope;
  const name = scope.instance ?? scope.sharedName ?? scope.name;
  const isBelow = id === 0 || whole === name || whole.startsWith(`${name}/`);
  return isBelow
    ? { suffix: whole.slice(name.length), isWhole: id === 0 }
    : { suffix: whole, isWhole: true };
}

const lastPart = (name: string): string => name.split('/').at(-1)!;
