import type { Fix, TextEdit } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { tryRepair, type RepairKind, type RepairPlan } from '../../ir/sizes/trial.js';
import type { Field, Member, Section } from '../../parser/ast.js';

/** Whether a node belongs to a merge that a skip scheme wrote, or to the stage behind it. */
export const isOfScheme = ({ tensor: { madeBy } }: GraphNode): boolean =>
  madeBy.kind === 'decoder' && (madeBy.part === 'node' || madeBy.part === 'merge');

/** The name of the decoder that a node belongs to. */
export const decoderOf = ({ tensor: { madeBy } }: GraphNode): string | undefined =>
  madeBy.kind === 'decoder' ? madeBy.decoder : undefined;

/**
 * The fixes that set `align` of a skip scheme, which acts on every level.
 *
 * @param isOwn whether a node is one that the scheme wrote.
 */
export function alignSkips(
  skip: Section,
  isOwn: (node: GraphNode) => boolean,
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
    crop: 'Crop each skip to the upsampled tensor',
    pad: 'Pad the upsampled tensor to the skip',
    resize: 'Resize the upsampled tensor to the skip',
  } as const;
  return (['crop', 'pad', 'resize'] as const).flatMap((kind): readonly Fix[] => {
    if (!kinds.includes(kind)) return [];
    const plan: RepairPlan = {
      kind,
      // Where nothing is up-sampled (`up: identity`), what comes up cannot be told from the skip.
      mayRepair: (node) => isOwn(node) && node.inputs.some((input) => comesUp(graph, input)),
      isReplaced: (node) => isOwn(node) && isInside(node.origin, skip.span),
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

const isAlign = (member: Member): member is Field =>
  member.kind === 'field' && member.name.text === 'align';

/** Whether the skips are aligned by that word. */
const isAlignedBy = (skip: Section, word: string): boolean =>
  (skip.body?.members ?? []).some(
    (member) => isAlign(member) && member.value.kind === 'name' && member.value.name === word,
  );

function setAlign(skip: Section, word: string): TextEdit {
  const { body } = skip;
  if (body === undefined) {
    const end = skip.name?.span.end ?? skip.keyword.span.end;
    return { span: { ...skip.keyword.span, start: end, end }, text: ` { align: ${word} }` };
  }
  const old = body.members.find(isAlign);
  if (old !== undefined) return { span: old.value.span, text: word };
  const last = body.members.at(-1);
  if (last === undefined) {
    return {
      span: { ...body.open, start: body.open.end, end: body.open.end },
      text: ` align: ${word} `,
    };
  }
  return { span: { ...last.span, start: last.span.end }, text: `, align: ${word}` };
}
