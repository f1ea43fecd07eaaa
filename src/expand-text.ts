import { encoderSchemes } from './catalog/sections.js';
import type { CompiledModel } from './compile.js';
import { applyEdits } from './diagnostics/apply-edits.js';
import type { TextEdit } from './diagnostics/diagnostic.js';
import { SourceFile } from './diagnostics/source.js';
import type { Section } from './parser/ast.js';
import { encoderWord } from './frontend/schemes/read-encoders.js';
import { formatText, printExpression } from './parser/format/format.js';

/**
 * The text of a spec with one model's schemes replaced by wires; comments
 * elsewhere stay. What was set becomes the defaults of its parameters and its recipe's, for the wires
 * are those of the set values.
 */
export function expandText(
  source: SourceFile,
  model: CompiledModel,
  set: Readonly<Record<string, string>> = {},
): string {
  const members = model.section.body?.members ?? [];
  const sections = members.filter((member): member is Section => member.kind === 'section');
  // An encoder that is declared outside stays: its taps are tensors for the wires.
  const isDeclared = (section: Section): boolean =>
    section.keyword.text === 'encoder' &&
    !encoderSchemes.includes(encoderWord(section)?.text ?? '');
  const schemes = sections.filter(
    (section) =>
      ['encoder', 'skip', 'decoder', 'wires'].includes(section.keyword.text) &&
      !isDeclared(section),
  );
  const { shared, wires } = model.unfolded;
  const lines = [
    ...shared.map(({ name, value }) => `shared ${name.text} = ${printExpression(value)}`),
    ...wires.map(({ name, expression }) => `${name} = ${printExpression(expression)}`),
  ];
  const edits: TextEdit[] = schemes.map(({ span }, index) => ({
    span,
    text: index === 0 ? `wires {\n${lines.join('\n')}\n}` : '',
  }));
  const parameters = [model.section, model.train].flatMap((each) => each?.parameters ?? []);
  for (const { name, defaultValue, span } of parameters) {
    const text = Object.hasOwn(set, name.text) ? set[name.text] : undefined;
    if (text === undefined) continue;
    edits.push(
      defaultValue === undefined
        ? { span: { ...span, start: span.end }, text: ` = ${text}` }
        : { span: defaultValue.span, text },
    );
  }
  const heads = new Map(model.unfolded.heads.map((head) => [head.section, head]));
  for (const head of sections.filter(({ keyword }) => keyword.text === 'head')) {
    const unfolded = heads.get(head);
    const main = unfolded?.outputs.find(({ name }) => name === unfolded.name);
    if (head.value === undefined || unfolded === undefined || main === undefined) continue;
    edits.push({ span: head.value.span, text: printExpression(main.expression) });
    // Schemes know what "all" are; wires do not.
    const field = head.body?.members.find(
      (member) => member.kind === 'field' && member.name.text === 'supervise',
    );
    if (field?.kind !== 'field') continue;
    const tensors = unfolded.supervised;
    const text = tensors.length === 0 ? 'none' : `[${tensors.join(', ')}]`;
    edits.push({ span: field.value.span, text });
  }
  return formatText(new SourceFile(source.path, applyEdits(source.text, edits))).value;
}
