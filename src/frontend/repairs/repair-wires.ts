import type { Fix, TextEdit } from '../../diagnostics/diagnostic.js';
import { isPerImage } from '../../ir/graph-heads.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { tryRepair, type Repair, type RepairKind, type RepairPlan } from '../../ir/sizes/trial.js';
import type { CallExpression, Expression, Section } from '../../parser/ast.js';
import { mapExpression } from '../../parser/tree/syntax.js';

/** What the lines of a model allow: a layer at one item of a merge, another option of a crop. */
export function repairWires(
  model: Section,
  graph: Graph,
  kinds: readonly RepairKind[],
  height: number,
  width: number,
): readonly Fix[] {
  const places = findPlaces(model);
  return kinds.flatMap((kind): readonly Fix[] => {
    const plan: RepairPlan = {
      kind,
      mayRepair: () => true,
      isReplaced: () => false,
      changedInputs: () => undefined,
    };
    const repairs = tryRepair(graph, plan, height, width);
    if (repairs === undefined || repairs.length === 0) return [];
    // Zeros around the one pixel that global pooling leaves are never meant.
    const isPixel = ({ node, changed }: Repair): boolean =>
      isPerImage(graph, graph.nodes[node]!.inputs[changed]!);
    if (kind === 'pad' && repairs.some(isPixel)) return [];
    const edits = repairs.map((repair) => editAt(graph.nodes[repair.node]!, repair, kind, places));
    if (!edits.every((edit) => edit !== undefined)) return [];
    return [{ title: titleOf(graph, kind, repairs), edits: unique(edits) }];
  });
}

/** `Crop "e3" to "u3"`, or how many merges change. */
function titleOf(graph: Graph, kind: RepairKind, repairs: readonly Repair[]): string {
  const [first] = repairs;
  const node = graph.nodes[first!.node]!;
  if (kind === 'turn') {
    return node.op.kind === 'pad_to' ? 'Crop instead of padding' : 'Pad instead of cropping';
  }
  if (kind === 'round') return 'Let the crop round down (rounding: floor)';
  const verb = { crop: 'Crop', pad: 'Pad', resize: 'Resize' }[kind];
  const name = (input: number): string => `"${graph.nodes[node.inputs[input]!]!.name}"`;
  return repairs.length === 1
    ? `${verb} ${name(first!.changed)} to ${name(first!.target)}`
    : `${verb} the ${kind === 'crop' ? 'larger' : 'smaller'} tensor of ${repairs.length} merges`;
}

const unique = (edits: readonly TextEdit[]): readonly TextEdit[] =>
  edits.filter(
    (edit, index) => edits.findIndex(({ span }) => span.start === edit.span.start) === index,
  );

/** The lists that are merged, and the calls, by where the layer stands. */
interface Places {
  readonly lists: ReadonlyMap<number, readonly Expression[]>;
  readonly calls: ReadonlyMap<number, CallExpression>;
}

function findPlaces(model: Section): Places {
  const lists = new Map<number, readonly Expression[]>();
  const calls = new Map<number, CallExpression>();
  const visit = (expression: Expression): Expression => {
    if (expression.kind === 'call') calls.set(expression.span.start, expression);
    if (expression.kind === 'pipeline') {
      for (const [index, step] of expression.steps.entries()) {
        const before = expression.steps[index - 1];
        if (before?.kind === 'list') lists.set(step.span.start, before.items);
      }
    }
    return expression;
  };
  for (const section of model.body?.members ?? []) {
    if (section.kind !== 'section') continue;
    if (section.keyword.text === 'head' && section.value) mapExpression(section.value, visit);
    if (['skip', 'decoder'].includes(section.keyword.text)) visitFields(section);
    if (section.keyword.text !== 'wires') continue;
    for (const line of section.body?.members ?? []) {
      if (line.kind === 'assignment') mapExpression(line.value, visit);
    }
  }
  return { lists, calls };

  /**
   * The merges of a skip scheme and of its levels that do more than join: "align" acts before
   * them. Plain ones are aligned as a whole.
   */
  function visitFields({ body }: Section): void {
    for (const member of body?.members ?? []) {
      if (member.kind === 'section') visitFields(member);
      if (member.kind !== 'field' || member.name.text !== 'merge') continue;
      mapExpression(member.value, (inner) => {
        const isPlain = inner.kind === 'list' && inner.items.every(({ kind }) => kind === 'name');
        return isPlain ? { ...inner, kind: 'missing' } : visit(inner);
      });
    }
  }
}

function editAt(
  node: GraphNode,
  repair: Repair,
  kind: RepairKind,
  places: Places,
): TextEdit | undefined {
  if (kind === 'round' || kind === 'turn') {
    const call = places.calls.get(node.origin.start);
    if (call === undefined) return undefined;
    return kind === 'round' ? roundCrop(call) : turnCall(call, repair);
  }
  const items = places.lists.get(node.origin.start);
  const [item, target] = [items?.[repair.changed], items?.[repair.target]];
  if (items?.length !== node.inputs.length || item === undefined) return undefined;
  if (target?.kind !== 'name' || item.kind === 'conditional') return undefined;
  const rounding = kind === 'crop' && repair.isOdd ? ', rounding: floor' : '';
  const end = { ...item.span, start: item.span.end };
  return { span: end, text: ` -> ${kind}_to(${target.name}${rounding})` };
}

function roundCrop(call: CallExpression): TextEdit | undefined {
  if (call.args.some((argument) => argument.name?.text === 'rounding')) return undefined;
  const last = call.args.at(-1);
  return last && { span: { ...last.span, start: last.span.end }, text: ', rounding: floor' };
}

/** Options of the one are none of the other, so only the plain call is turned. */
function turnCall({ callee, args, span }: CallExpression, repair: Repair): TextEdit | undefined {
  const [target] = args;
  if (args.length !== 1 || target?.value.kind !== 'name') return undefined;
  const [word, rounding] =
    callee.text === 'crop_to'
      ? ['pad_to', '']
      : ['crop_to', repair.isOdd ? ', rounding: floor' : ''];
  return { span, text: `${word}(${target.value.name}${rounding})` };
}
