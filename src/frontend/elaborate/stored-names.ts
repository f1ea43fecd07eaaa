import type { Expression } from '../../parser/ast.js';
import { evaluate } from '../values/evaluate.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { fillIn } from '../values/fill-in.js';
import type { StoredNames as NamesOfNodes } from '../../ir/encoder-files.js';
import type { GraphNode, NodeId, ScopeId } from '../../ir/graph.js';
import type { NamesLine } from '../declarations/lines.js';
import { describeValue, type Value } from '../values/value.js';
import { holdsWeights, weightsName } from '../../ir/operations/weights.js';

/** The operations that one line of a body made: from the first id up to the last, which is not among them. */
export interface MadeNodes {
  readonly from: NodeId;
  readonly to: NodeId;
  /** Whether a shared instance made them, in its first call. */
  readonly isInstance?: boolean;
}

/** What is known of operations that run several times. */
interface SharedOperations {
  isFirst(node: GraphNode): boolean;
  isInside(node: NodeId, scope: ScopeId): boolean;
}

/** A graph that grows, with what its operations are called elsewhere. */
export interface NamedOperations {
  readonly nodes: readonly GraphNode[];
  readonly storedNames: StoredNames;
  readonly shared: SharedOperations;
}

/** A name as far as it is known: from the body that gave it inwards. */
interface PartialName {
  readonly text: string;
  /** The call whose body gave it. */
  readonly scope: ScopeId;
}

/**
 * What operations are called in files of other libraries. Names are made from
 * the inside out: a block names the operations of its lines, and whoever calls
 * the block says how these names begin.
 */
export class StoredNames {
  readonly #names = new Map<NodeId, Map<string, PartialName>>();

  /** The names of all operations that have some, by what the graph calls them. */
  of(nodes: readonly GraphNode[]): NamesOfNodes {
    return new Map(
      [...this.#names].map(([node, names]) => {
        const texts = [...names].map(([family, { text }]) => [family, text] as const);
        return [weightsName(nodes[node]!), Object.fromEntries(texts)];
      }),
    );
  }

  /** Puts `name` before what the operations are called so far. */
  extend(nodes: readonly NodeId[], family: string, name: string, scope: ScopeId): void {
    for (const node of nodes) {
      const names = this.#names.get(node) ?? new Map<string, PartialName>();
      const inner = names.get(family)?.text ?? '';
      this.#names.set(node, names.set(family, { text: name + inner, scope }));
    }
  }

  /**
   * What of a line takes a name each: operations with weights, and calls of
   * blocks that name their own. A block without names of the family is as if its
   * operations stood in the line.
   *
   * @param isOwn whether the line names an operation: not those of shared instances.
   */
  unitsOf(
    { from, to }: MadeNodes,
    family: string,
    operations: readonly GraphNode[],
    isOwn: (node: GraphNode) => boolean,
  ): readonly (readonly NodeId[])[] {
    const units: NodeId[][] = [];
    let open: ScopeId | undefined;
    for (let node = from; node < to; node++) {
      if (!isOwn(operations[node]!)) continue;
      const scope = this.#names.get(node)?.get(family)?.scope;
      if (scope === undefined && !holdsWeights(operations[node]!.op)) continue;
      if (scope !== undefined && scope === open) units.at(-1)!.push(node);
      else units.push([node]);
      open = scope;
    }
    return units;
  }
}

/**
 * Names the operations of lines that have run: `names torch { stem: ["conv1", "bn1"] }`.
 * A line that made nothing this time has nothing to name. A shared instance is named where it
 * is declared, and by its first call where that is inside a block.
 *
 * @param made what each line made when it ran last.
 */
export function runNames(
  line: NamesLine,
  made: ReadonlyMap<string, MadeNodes>,
  { nodes: operations, storedNames, shared }: NamedOperations,
  context: EvaluationContext & { readonly scope: ScopeId },
): void {
  for (const { name, value } of line.entries) {
    const nodes = made.get(name.text);
    if (nodes === undefined || nodes.from === nodes.to) continue;
    const texts = readTexts(value, context);
    if (texts === undefined) continue;
    const isOwn = (node: GraphNode): boolean =>
      shared.isFirst(node) &&
      (nodes.isInstance === true || !shared.isInside(node.id, context.scope));
    const units = storedNames.unitsOf(nodes, line.family.text, operations, isOwn);
    if (texts.length !== units.length) {
      const kinds = units.map(([first]) => `"${operations[first!]!.op.kind}"`);
      const help =
        kinds.length === 0 ? [] : [`They are ${kinds.join(', ')}, in the order of the line.`];
      const parameters = { line: name.text, names: texts.length, operations: units.length };
      context.reporter.report('stored-names-differ', parameters, { at: value.span, help });
      continue;
    }
    units.forEach((unit, at) => {
      storedNames.extend(unit, line.family.text, texts[at]!, context.scope);
    });
  }
}

/** One string or a list of them; undefined when something was reported. */
export function readTexts(
  expression: Expression,
  context: EvaluationContext,
): readonly string[] | undefined {
  const value = evaluate(expression, context);
  const items = value.kind === 'list' ? value.items : [value];
  if (!context.work.count(items.length, expression.span)) return undefined;
  const wrong = items.find((item) => item.kind !== 'string');
  if (wrong !== undefined) {
    if (wrong.kind === 'invalid') return undefined;
    const parameters = { found: describeValue(wrong) };
    context.reporter.report('bad-stored-name', parameters, { at: expression.span });
    return undefined;
  }
  const texts = items.map((item) => fillIn(textOf(item), expression.span, context));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

const textOf = (value: Value): string => (value.kind === 'string' ? value.value : '');
