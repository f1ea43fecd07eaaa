import type { Body, Expression, Identifier, Member, ParameterNode, Section } from '../ast.js';
import { partsOf } from '../parts.js';

/**
 * Every name that a section writes, declares aside: of values, tensors, layers and
 * blocks, of the sections inside, and in the braces of strings. Whether a name is used
 * is a question about the text, not about a run: a branch that today's parameters do
 * not take is in use, too.
 */
export function mentionsOf(section: Section): ReadonlySet<string> {
  const known = mentions.get(section);
  if (known !== undefined) return known;
  const names = new Set<string>();
  mentions.set(section, names);
  addSection(section, names);
  return names;
}

/** Several lints ask for them. */
const mentions = new WeakMap<Section, ReadonlySet<string>>();

/** Every name in an expression that is no callee, with its place, in the order of the text. */
export function namesIn(expression: Expression): readonly Identifier[] {
  const own = expression.kind === 'name' ? [{ text: expression.name, span: expression.span }] : [];
  return [...own, ...partsOf(expression).flatMap(namesIn)];
}

function addSection({ parameters, value, body }: Section, names: Set<string>): void {
  for (const { defaultValue } of parameters ?? []) addOptional(defaultValue, names);
  addOptional(value, names);
  addBody(body, names);
}

function addBody(body: Body | undefined, names: Set<string>): void {
  for (const member of body?.members ?? []) addMember(member, names);
}

function addMember(member: Member, names: Set<string>): void {
  switch (member.kind) {
    case 'section':
      if (member.name !== undefined) names.add(member.name.text);
      addSection(member, names);
      return;
    case 'loop':
      addExpression(member.items, names);
      addBody(member.body, names);
      return;
    case 'field':
    case 'assignment':
      addExpression(member.value, names);
  }
}

function addOptional(expression: ParameterNode['defaultValue'], names: Set<string>): void {
  if (expression !== undefined) addExpression(expression, names);
}

function addExpression(expression: Expression, names: Set<string>): void {
  if (expression.kind === 'name') names.add(expression.name);
  if (expression.kind === 'call') names.add(expression.callee.text);
  if (expression.kind === 'string') {
    for (const [, name] of expression.value.matchAll(/\{\s*(\w+)\s*\}/g)) names.add(name!);
  }
  for (const part of partsOf(expression)) addExpression(part, names);
}
