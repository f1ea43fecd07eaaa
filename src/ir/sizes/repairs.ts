import type { Fix, TextEdit } from '../../diagnostics/diagnostic.js';
import type { Section } from '../../parser/ast.js';
import type { Graph } from '../graph.js';
import type { SizeRepairs } from './check-sizes.js';

/** The repairs that the text of a model section allows. */
export function textRepairs(model: Section, graph: Graph): SizeRepairs {
  const find = (keyword: string): Section | undefined =>
    model.body?.members.find(
      (member): member is Section => member.kind === 'section' && member.keyword.text === keyword,
    );
  return {
    atMerge: (node) => {
      const skip = find('skip');
      const level = /^[dm](\d+)(\/|$)/.exec(graph.nodes[node]?.name ?? '')?.[1];
      if (skip === undefined || level === undefined) return [];
      return [
        ['crop', 'Crop the skip to the up-sampled map'],
        ['pad', 'Pad the up-sampled map to the skip'],
        ['resize', 'Resize the up-sampled map to the skip'],
      ].flatMap(([word, title]) => {
        const edit = setAlign(skip, word!);
        return edit === undefined ? [] : [{ title: `${title!} (align: ${word!})`, edits: [edit] }];
      });
    },
    changeInput: (height, width) => changeInput(find('input'), height, width),
    nameWidth: (name) => nameWidth(find('input'), name),
  };
}

function setAlign(skip: Section, word: string): TextEdit | undefined {
  const { body } = skip;
  if (body === undefined) {
    const end = skip.name?.span.end ?? skip.keyword.span.end;
    return { span: { ...skip.keyword.span, start: end, end }, text: ` { align: ${word} }` };
  }
  const old = body.members.find(
    (member) => member.kind === 'field' && member.name.text === 'align',
  );
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
