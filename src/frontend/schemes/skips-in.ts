import type { Section } from '../../parser/ast.js';

/** The `skip` sections that stand in a model or in a decoder. */
export const skipsIn = ({ body }: Section): readonly Section[] =>
  (body?.members ?? []).filter(
    (member): member is Section => member.kind === 'section' && member.keyword.text === 'skip',
  );

/** The section whose skips join a decoder: its own, else that of the model. */
export function skipOfDecoder(model: Section, decoder: string | undefined): Section | undefined {
  const section = model.body?.members.find(
    (member): member is Section =>
      member.kind === 'section' &&
      member.keyword.text === 'decoder' &&
      member.name?.text === decoder,
  );
  const [own] = section === undefined ? [] : skipsIn(section);
  return own ?? skipsIn(model)[0];
}
