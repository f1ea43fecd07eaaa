import type { Fix, TextEdit } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import type { CallExpression, Expression, Section } from '../../parser/ast.js';
import { isPerImage } from '../../ir/graph-heads.js';
import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { mapExpression } from '../../parser/tree/syntax.js';
import type { SizeRepairs } from '../../ir/sizes/size-repairs.js';
import { tryRepair, type Repair, type RepairKind, type RepairPlan } from '../../ir/sizes/trial.js';

/** What alters the least comes first. */
const repairKinds: readonly RepairKind[] = ['round', 'turn', 'crop', 'pad', 'resize'];

/** The repairs that the text of a model section allows. */
export function textRepairs(model: Section, graph: Graph): SizeRepairs {
  const find = (keyword: string): Section | undefined =>
    model.body?.members.find(
      (member): member is Section => member.kind === 'section' && member.keyword.text === keyword,
    );
  return {
    atNode: (id, height, width, kinds = repairKinds) => {
      const node = graph.nodes[id]!;
      const skip = find('skip');
      const aligned =
        skip !== undefined && isOfScheme(node) ? alignSkips(skip, graph, kinds, height, width) : [];
      return [...aligned, ...repairWires(model, graph, kinds, height, width)];
    },
    changeInput: (height, width) => changeInput(find('input'), height, width),
    nameWidth: (name) => nameWidth(find('input'), name),
  };
}

/** Whether a node belongs to a merge that a skip scheme wrote, or to the stage behind it. */
const isOfScheme = ({ tensor: { madeBy } }: GraphNode): boolean =>
  madeBy.kind === 'decoder' && (madeBy.part === 'node' || madeBy.part === 'merge');

/** `align` of a skip scheme, which acts on every level. */
function alignSkips(
  skip: Section,
  graph: Graph,
  kinds: readonly RepairKind[],
  height: number,
  width: number,
): readonly Fix[] {
  const isPerLevel = (skip.body?.members ?? []).some(
    (member) => member.kind === 'section' && member.body?.members.some(isAlign),
  );
  if (isPerLevel) return [];
  const titles = {
    crop: 'Crop each skip to what comes up',
    pad: 'Pad what comes up to the skip',
    resize: 'Resize what comes up to the skip',
  } as const;
  return (['crop', 'pad', 'resize'] as const).flatMap((kind): readonly Fix[] => {
    if (!kinds.includes(kind)) return [];
    const plan: RepairPlan = {
      kind,
      // Where nothing is up-sampled (`up: identity`), what comes up cannot be told from the skip.
      mayRepair: (node) => isOfScheme(node) && node.inputs.some((input) => comesUp(graph, input)),
      isReplaced: (node) => isOfScheme(node) && isInside(node.origin, skip.span),
      changedInputs: ({ inputs }) => {
        const comes = inputs.map((input) => comesUp(graph, input));
        return comes.flatMap((isUp, index) => (isUp === (kind !== 'crop') ? [index] : []));
      },
    };
    const repairs = tryRepair(graph, plan, height, width);
    // No place where it acted: the merge joins nothing, and what it does then is not tried.
    if (repairs === undefined || repairs.length === 0) return [];
    const rounds = kind === 'crop' && repairs.some((repair) => repair.isOdd);
    const word = rounds ? 'crop(rounding: floor)' : kind;
    // What is there already has failed.
    if (isAlignedBy(skip, word)) return [];
    return [{ title: `${titles[kind]} (align: ${word})`, edits: [setAlign(skip, word)] }];
  });
}

/** Whether a tensor is what was up-sampled to a level, or made of it. */
function comesUp(graph: Graph, id: NodeId): boolean {
  for (let node = graph.nodes[id]; node !== undefined; node = graph.nodes[node.inputs[0] ?? -1]) {
    const { madeBy } = node.tensor;
    if (madeBy.kind === 'decoder' && madeBy.part === 'branch') return madeBy.role === 'up';
    if (!isOfScheme(node)) return false;
  }
  return false;
}

const isInside = (inner: Span, outer: Span): boolean =>
  inner.start >= outer.start && inner.end <= outer.end;

const isAlign = (member: { readonly kind: string; readonly name?: unknown }): boolean =>
  member.kind === 'field' && (member.name as { readonly text: string }).text === 'align';

/** Whether the skips are aligned by that word. */
const isAlignedBy = (skip: Section, word: string): boolean =>
  (skip.body?.members ?? []).some(
    (member) =>
      member.kind === 'field' &&
      isAlign(member) &&
      member.value.kind === 'name' &&
      member.value.name === word,
  );

function setAlign(skip: Section, word: string): TextEdit {
  const { body } = skip;
  if (body === undefined) {
    const end = skip.name?.span.end ?? skip.keyword.span.end;
    return { span: { ...skip.keyword.span, start: end, end }, text: ` { align: ${word} }` };
  }
  const old = body.members.find(isAlign);
  if (old?.kind === 'field') return { span: old.value.span, text: word };
  const last = body.members.at(-1);
  if (last === undefined) {
    return {
      span: { ...body.open, start: body.open.end, end: body.open.end },
      text: ` align: ${word} `,
    };
  }
  return { span: { ...last.span, start: last.span.end }, text: `, align: ${word}` };
}

/** What the lines of a model allow: a layer at one item of a merge, another option of a crop. */
function repairWires(
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
    if (section.keyword.text === 'skip') visitFields(section);
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

function nameWidth(input: Section | undefined, name: string): Fix | undefined {
  const item = input?.value?.kind === 'list' ? input.value.items[1] : undefined;
  if (item?.kind !== 'name') return undefined;
  return { title: `Call the width "${name}"`, edits: [{ span: item.span, text: name }] };
}

/** Replaces the fixed numbers of the input; a name stays. */
function changeInput(input: Section | undefined, height: number, width: number): Fix | undefined {
  if (input?.value?.kind !== 'list') return undefined;
  const edits = [height, width].flatMap((size, index): TextEdit[] => {
    const item = input.value?.kind === 'list' ? input.value.items[index] : undefined;
    if (item?.kind !== 'number' || item.value === size) return [];
    return [{ span: item.span, text: String(size) }];
  });
  return edits.length === 0
    ? undefined
    : { title: `Change the input to ${height} x ${width}`, edits };
}
