import type { Span } from '../../diagnostics/source.js';
import type { BlockDescription } from '../../ir/block.js';
import type { GraphNode, NodeId, Scope, ScopeId } from '../../ir/graph.js';
import type { BlockTable } from '../declarations/blocks.js';
import type { SharedLine } from '../declarations/lines.js';
import type { MadeNodes } from './stored-names.js';
import { toData, type SharedInstance, type Value } from '../values/value.js';

/** What the builder of a graph knows of a shared instance. */
export interface InstanceState {
  /** What it is called in the graph: `e1/step`. */
  readonly path: string;
  /** What its pipeline may call. */
  readonly blocks: BlockTable;
  /** The call that declares it. */
  readonly scope: ScopeId;
  readonly block: BlockDescription;
  /** Undefined until it is called. */
  first?: FirstCall;
}

/** What the first call of an instance made, and its name in all calls. */
interface FirstCall extends Pick<CallOfInstance, 'origin' | 'channels'> {
  readonly nodes: readonly string[];
  readonly scopes: readonly SharedNames[];
  readonly from: NodeId;
  readonly to: NodeId;
}

type SharedNames = Pick<Scope, 'sharedName' | 'instance'>;

/** A call of an instance that has run: the first of its nodes, its scope, the prefix of their names. */
export interface CallOfInstance {
  readonly from: NodeId;
  readonly scope: ScopeId;
  readonly path: string;
  readonly origin: Span;
  /** Of each tensor that flows in. */
  readonly channels: readonly number[];
}

/** The graph that grows, as far as names of shared operations ask for it. */
interface Operations {
  readonly nodes: GraphNode[];
  readonly scopes: Scope[];
  uniqueName(wanted: string): string;
}

/** The shared instances of a graph that grows. */
export class SharedInstances {
  readonly #states = new Map<SharedInstance, InstanceState>();
  /** Of each operation that is shared, the node of its first call. */
  readonly #owners = new Map<string, NodeId>();
  /** The calls that declare the instances which a node is in. */
  readonly #declaredIn = new Map<NodeId, ScopeId[]>();

  add(instance: SharedInstance, state: InstanceState): void {
    this.#states.set(instance, state);
  }

  of(instance: SharedInstance): InstanceState {
    return this.#states.get(instance)!;
  }

  /** Whether no earlier node is the same operation. */
  isFirst({ id, sharedName }: GraphNode): boolean {
    return sharedName === undefined || this.#owners.get(sharedName) === id;
  }

  /** Whether a node is in an instance that a call declares. */
  isInside(node: NodeId, scope: ScopeId): boolean {
    return this.#declaredIn.get(node)?.includes(scope) === true;
  }

  /**
   * Names what a call made: by the instance in the place of the call, the same in all calls.
   * What they make is equal, since an instance sees data alone, and channels that are equal.
   */
  name(
    instance: SharedInstance,
    call: CallOfInstance,
    { nodes, scopes, uniqueName }: Operations,
  ): void {
    const state = this.of(instance);
    const { first = this.#nameFirst(state, call, { nodes, scopes, uniqueName }) } = state;
    state.first = first;
    if (nodes.length - call.from !== first.nodes.length) {
      throw new Error(`calls of the shared instance "${state.path}" differ`);
    }
    for (const [at, sharedName] of first.nodes.entries()) {
      const id = call.from + at;
      nodes[id] = { ...nodes[id]!, sharedName };
      if (!this.#owners.has(sharedName)) this.#owners.set(sharedName, id);
      this.#declaredIn.set(id, [...(this.#declaredIn.get(id) ?? []), state.scope]);
    }
    for (const [at, names] of first.scopes.entries()) {
      const id = call.scope + 1 + at;
      scopes[id] = { ...scopes[id]!, ...names };
    }
  }

  #nameFirst(
    { path }: InstanceState,
    { from, scope, path: prefix, origin, channels }: CallOfInstance,
    { nodes, scopes, uniqueName }: Operations,
  ): FirstCall {
    const known = new Map([['', path]]);
    const nameOf = (name: string): string => {
      const own = name.slice(prefix.length);
      const found = known.get(own) ?? uniqueName(path + own);
      known.set(own, found);
      return found;
    };
    return {
      origin,
      channels,
      from,
      to: nodes.length,
      nodes: nodes.slice(from).map(({ name, sharedName = name }) => nameOf(sharedName)),
      scopes: scopes.slice(scope + 1).map(({ name, sharedName = name, instance }) => ({
        sharedName: nameOf(sharedName),
        ...(instance === undefined ? {} : { instance: nameOf(instance) }),
      })),
    };
  }
}

/** A shared instance as emitters see it: a block whose parameters are the data that it names. */
export function describeShared(
  { name, doc }: SharedLine,
  captured: ReadonlyMap<string, Value>,
): BlockDescription {
  return {
    name: name.text,
    file: name.span.file,
    ...(doc === undefined ? {} : { doc }),
    parameters: [...captured].flatMap(([parameter, value]) =>
      toData(value) === undefined
        ? []
        : [{ name: parameter, takes: 'value' as const, isOptional: false }],
    ),
    origin: name.span,
  };
}

/** What the first call of each instance made, by the instance's name: what `names` speak of. */
export function madeByInstances(
  instances: ReadonlyMap<string, SharedInstance>,
  { shared }: { readonly shared: SharedInstances },
): ReadonlyMap<string, MadeNodes> {
  return new Map(
    [...instances].flatMap(([name, instance]) => {
      const { first } = shared.of(instance);
      return first === undefined ? [] : [[name, { ...first, isInstance: true }] as const];
    }),
  );
}
