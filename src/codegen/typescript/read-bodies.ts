import type { Graph, GraphNode, NodeId, Scope, ScopeId } from '../../ir/graph.js';
import type { Section } from '../../parser/ast.js';
import { defaultValueOf, parametersNeeded } from './block-parameters.js';
import type { BlockFunction, Body, CallArgument, Step, TensorReference } from './body.js';
import { codeValue, type CallValues } from './expressions.js';
import { layerFormOf } from './layer-forms.js';
import { withBlanks } from './share-literals.js';

/** Blocks of several files may have one name. */
const sectionKey = (file: string | undefined, name: string | undefined): string =>
  `${file ?? ''}#${name ?? ''}`;

/** Turns graphs into bodies and gathers equal calls of blocks into functions. */
export class BodyReader {
  readonly #functions = new Map<string, BlockFunction>();
  readonly #sections: ReadonlyMap<string, Section>;

  constructor(sections: readonly Section[]) {
    const blocks = sections.filter((section) => section.keyword.text === 'block');
    this.#sections = new Map(
      blocks.map((section) => [sectionKey(section.keyword.span.file, section.name?.text), section]),
    );
  }

  /** All functions so far; a function comes after those it calls. */
  get functions(): readonly BlockFunction[] {
    return [...this.#functions.values()];
  }

  readModel(graph: Graph): Body {
    return new GraphReader(graph, this).read(0);
  }

  /** The function of a call, found by what its body does. */
  functionOf(scope: Scope, body: Body, values: CallValues): BlockFunction {
    const section = this.sectionOf(scope);
    if (section === undefined) throw new Error(`block "${scope.block}" is not in the spec`);
    const key = `${sectionKey(scope.file, scope.block)} ${canonicalText(withBlanks(body))}`;
    let found = this.#functions.get(key);
    if (found === undefined) {
      found = { id: this.#functions.size, section, body, calls: [] };
      this.#functions.set(key, found);
    }
    found.calls.push({ scope, values, body });
    return found;
  }

  sectionOf(scope: Scope): Section | undefined {
    return this.#sections.get(sectionKey(scope.file, scope.block));
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
          ? this.layerStep(member, scope, values, referTo)
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

  private layerStep(
    node: GraphNode,
    scope: Scope,
    values: CallValues,
    referTo: (node: NodeId) => TensorReference,
  ): Step {
    return {
      kind: 'layer',
      form: layerFormOf(node, values),
      inputs: node.inputs.map(referTo),
      suffix: node.name.slice(scope.name.length),
      node: node.id,
    };
  }

  private callStep(
    scope: Scope,
    caller: Scope,
    values: CallValues,
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
    outer: CallValues,
    inner: CallValues,
  ): ReadonlyMap<string, CallArgument> {
    const args = new Map<string, CallArgument>();
    for (const parameter of parametersNeeded(block)) {
      const argument = scope.args.find((candidate) => candidate.name === parameter.name.text);
      if (typeof argument?.value !== 'number') continue;
      const value = codeValue(argument.value, argument.source, outer);
      const isDefault = defaultValueOf(parameter, inner) === argument.value;
      args.set(argument.name, value.kind === 'literal' && isDefault ? { kind: 'default' } : value);
    }
    return args;
  }

  private valuesOf(scope: Scope): CallValues {
    const parameters = new Map(scope.args.map(({ name, value }) => [name, value]));
    return { parameters, channels: this.graph.nodes[scope.inputs[0] ?? -1]?.channels ?? 0 };
  }

  /** `input`, then the block's tensor parameters; several tensors that flow in are numbered. */
  private inputNames(scope: Scope): ReadonlyMap<NodeId, string> {
    const parameters = this.owner.sectionOf(scope)?.parameters ?? [];
    const tensors = parameters.filter(
      ({ type }) => type?.kind === 'named' && type.name.text === 'tensor',
    );
    const flowing = scope.inputs.length - tensors.length;
    const names = new Map<NodeId, string>();
    for (const [index, node] of scope.inputs.entries()) {
      const own =
        index < flowing
          ? flowing === 1
            ? 'input'
            : `input${index + 1}`
          : tensors[index - flowing]!.name.text;
      if (!names.has(node)) names.set(node, own);
    }
    return names;
  }
}

/** Equal for two bodies exactly when one function serves both. */
function canonicalText({ inputs, steps, output }: Body): string {
  const lines = steps.map((step) =>
    step.kind === 'call'
      ? [step.block.id, [...step.args], step.inputs, step.suffix]
      : [step.form, step.inputs, step.suffix],
  );
  return JSON.stringify([inputs.map(({ name }) => name), lines, output]);
}
