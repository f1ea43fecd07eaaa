import type { Body, Import, Loop, Member, ParameterNode, Section, SpecFile } from '../ast.js';
import {
  group,
  hardLine,
  indent,
  line,
  mustBreak,
  onOneLine,
  sequence,
  sequenceOf,
  type Document,
} from './document.js';
import { bracketedDocument, valueDocument } from './expression-document.js';
import type { Origin } from './origin.js';
import { typeText } from './type-text.js';

/** The layout of a file: exactly one blank line between sections, none between imports. */
export function fileDocument(file: SpecFile, origin: Origin): Document {
  const parts: Document[] = [];
  const items = [...file.imports, ...file.sections].sort((a, b) => a.span.start - b.span.start);
  for (const [index, item] of items.entries()) {
    const isImport = item.kind === 'import';
    if (index > 0) parts.push(hardLine);
    if (index > 0 && !(isImport && items[index - 1]?.kind === 'import')) parts.push(hardLine);
    const next = items[index + 1];
    parts.push(
      origin.takeAbove(item.span.start, true),
      isImport ? importDocument(item, origin) : sectionDocument(item, origin),
    );
    origin.advance(item.span.end);
    parts.push(origin.takeTrailing(next?.span.start ?? file.span.end));
  }
  const remaining = origin.takeBelow(file.span.end, true);
  if (items.length > 0 && mustBreak(remaining)) parts.push(hardLine);
  parts.push(remaining);
  return sequenceOf(parts);
}

function importDocument({ names, path }: Import, origin: Origin): Document {
  const listed = names.flatMap(({ text }, index) => (index === 0 ? [text] : [',', line, text]));
  const source = sequence('from ', origin.stringText(path));
  return group('import ', indent(sequenceOf(listed), line, source));
}

function loopDocument(loop: Loop, origin: Origin): Document {
  const names = loop.names.map(({ text }) => text).join(', ');
  return sequence(
    origin.docText(loop.doc),
    `for ${loop.destructures ? `[${names}]` : names} in `,
    valueDocument(loop.items, origin),
    ' ',
    bodyDocument(loop.body, origin),
  );
}

/** The layout of a section, with its documentation when it comes from no text. */
export function sectionDocument(section: Section, origin: Origin): Document {
  const { keyword, name, selectors, parameters, separator, value, body } = section;
  const parts: Document[] = [origin.docText(section.doc), keyword.text];
  if (name !== undefined) parts.push(' ', name.text);
  if (selectors.length > 0) parts.push(' ', selectors.map(({ text }) => text).join(', '));
  if (parameters !== undefined) parts.push(parametersDocument(parameters, section, origin));
  if (value !== undefined) {
    const printed = valueDocument(value, origin);
    parts.push(separator === '=' ? group(' =', indent(line, printed)) : sequence(': ', printed));
  }
  if (body !== undefined) parts.push(' ', bodyDocument(body, origin));
  return sequence(...parts);
}

function parametersDocument(
  parameters: readonly ParameterNode[],
  section: Section,
  origin: Origin,
): Document {
  const printed = parameters.map((parameter) => ({
    start: parameter.span.start,
    print: () => parameterDocument(parameter, origin),
  }));
  const { keyword, name, selectors } = section;
  const last = parameters.at(-1) ?? selectors.at(-1) ?? name ?? keyword;
  const closeAt = origin.closingParenthesisAfter(last.span.end);
  return bracketedDocument('(', printed, ')', closeAt, origin);
}

function parameterDocument({ name, type, defaultValue }: ParameterNode, origin: Origin): Document {
  const parts: Document[] = [name.text];
  if (type !== undefined) parts.push(': ', typeText(type));
  if (defaultValue !== undefined) parts.push(' = ', valueDocument(defaultValue, origin));
  return sequence(...parts);
}

/**
 * A body that was on one line stays there when it fits, with commas; else one
 * member a line, without commas.
 */
function bodyDocument(body: Body, origin: Origin): Document {
  const { members, open, span } = body;
  const closeAt = body.close?.start ?? span.end;
  const oneLine = origin.wasOnOneLine(body) && !members.some(takesComma);
  origin.advance(open.end);
  const parts: Document[] = [origin.takeTrailing(members[0]?.span.start ?? closeAt)];
  for (const [index, member] of members.entries()) {
    const next = members[index + 1];
    parts.push(oneLine ? line : hardLine);
    parts.push(origin.takeAbove(member.span.start, index === 0), memberDocument(member, origin));
    if (next !== undefined) parts.push(onOneLine(','));
    origin.advance(member.span.end);
    parts.push(origin.takeTrailing(next?.span.start ?? closeAt));
  }
  parts.push(origin.takeBelow(closeAt, members.length === 0));
  const content = indent(sequenceOf(parts));
  const isEmpty = members.length === 0 && !mustBreak(content);
  return isEmpty ? '{}' : group('{', content, oneLine ? line : hardLine, '}');
}

/** `level 4` alone would take a comma for one between its numbers. */
function takesComma(member: Member): boolean {
  return isBare(member) && member.selectors.length > 0;
}

function isBare(member: Member): member is Section {
  return (
    member.kind === 'section' &&
    member.name === undefined &&
    member.parameters === undefined &&
    member.value === undefined &&
    member.body === undefined
  );
}

function memberDocument(member: Member, origin: Origin): Document {
  if (member.kind === 'section') return sectionDocument(member, origin);
  if (member.kind === 'loop') return loopDocument(member, origin);
  const separator = member.kind === 'field' ? ': ' : ' = ';
  return sequence(
    origin.docText(member.doc),
    member.name.text,
    separator,
    valueDocument(member.value, origin),
  );
}
