import type { Fix, TextEdit } from '../../diagnostics/diagnostic.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import type { SizeRepairs } from '../../ir/sizes/size-repairs.js';
import type { RepairKind } from '../../ir/sizes/trial.js';
import type { Section } from '../../parser/ast.js';
import { skipOfDecoder } from '../schemes/skips-in.js';
import { alignSkips, decoderOf, isOfScheme } from './align-skips.js';
import { repairWires } from './repair-wires.js';

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
      const skip = isOfScheme(node) ? skipOfDecoder(model, decoderOf(node)) : undefined;
      const isOwn = (other: GraphNode): boolean =>
        isOfScheme(other) && skipOfDecoder(model, decoderOf(other)) === skip;
      const aligned =
        skip === undefined ? [] : alignSkips(skip, isOwn, graph, kinds, height, width);
      return [...aligned, ...repairWires(model, graph, kinds, height, width)];
    },
    changeInput: (height, width) => changeInput(find('input'), height, width),
    nameWidth: (name) => nameWidth(find('input'), name),
  };
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
