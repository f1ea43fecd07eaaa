import { findComponent } from '../../catalog/index.js';
import { slotNames } from '../../catalog/sections.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { ownValue } from '../../diagnostics/own-value.js';
import { Reporter } from '../../diagnostics/report.js';
import type {
  CallExpression,
  ConditionalExpression,
  Expression,
  Member,
  Section,
  SpecFile,
} from '../../parser/ast.js';
import { mentions } from '../../parser/tree/syntax.js';
import { isStage } from '../values/parameters.js';
import type { BlockTable } from './blocks.js';

/**
 * Where tensors flow, a choice says what happens both ways. Only a step among others, in
 * parentheses, may leave out `else`: it passes on what it gets. Everything else without
 * `else` is reported; the fix writes what such a text once meant, the source of its pipeline.
 */
export function checkChoices({ sections }: SpecFile, blocks: BlockTable): readonly Diagnostic[] {
  const reporter = new Reporter();
  for (const section of sections) {
    const stages = (section.parameters ?? []).filter(isStage).map(({ name }) => name.text);
    const walk = new Walk(blocks, stages, reporter);
    if (section.keyword.text === 'model') walk.model(section);
    if (section.keyword.text === 'block' || section.keyword.text === 'encoder') {
      if (section.value !== undefined) walk.flow(section.value, 'identity');
      walk.lines(section.body?.members ?? []);
    }
  }
  return reporter.diagnostics;
}

class Walk {
  readonly #blocks: BlockTable;
  /** Parameters that are pipelines. */
  readonly #stages: readonly string[];
  readonly #reporter: Reporter;

  constructor(blocks: BlockTable, stages: readonly string[], reporter: Reporter) {
    this.#blocks = blocks;
    this.#stages = stages;
    this.#reporter = reporter;
  }

  model({ body }: Section): void {
    for (const member of body?.members ?? []) {
      if (member.kind !== 'section') continue;
      const slots = ownValue(slotNames, member.keyword.text);
      if (slots !== undefined) this.#slots(member, slots);
      if (member.keyword.text === 'wires') this.lines(member.body?.members ?? []);
      if (member.keyword.text === 'head' && member.value !== undefined) {
        this.flow(member.value, 'identity');
      }
    }
  }

  #slots({ body }: Section, slots: Readonly<Record<string, unknown>>): void {
    for (const member of body?.members ?? []) {
      if (member.kind === 'section') {
        this.#slots(member, ownValue(slotNames, member.keyword.text) ?? slots);
      }
      const isSlot = member.kind === 'field' && ownValue(slots, member.name.text) !== undefined;
      if (isSlot && !['align', 'earlier'].includes(member.name.text)) {
        this.flow(member.value, 'identity');
      }
    }
  }

  lines(members: readonly Member[]): void {
    for (const member of members) {
      if (member.kind === 'loop') this.lines(member.body.members);
      if (member.kind === 'assignment') {
        const { name, value } = member;
        this.flow(value, mentions(value, name.text) ? name.text : 'in');
      }
      if (member.kind !== 'section' || member.value === undefined) continue;
      if (member.keyword.text === 'tap') this.#tap(member);
      if (member.keyword.text === 'shared') this.flow(member.value, 'identity');
    }
  }

  /** A tap under a condition is taken where it holds. */
  #tap({ value }: Section): void {
    if (value === undefined) return;
    const isUnsure = value.kind === 'conditional' && value.otherwise === undefined;
    this.flow(isUnsure ? value.value : value, 'in');
  }

  /** @param otherwise what the choice is where its pipelines name no source. */
  flow(expression: Expression, otherwise: string): void {
    if (expression.kind === 'conditional') {
      const last = lastOf(expression);
      if (last.otherwise === undefined) this.#report(last, this.#sourceOf(last.value) ?? otherwise);
      this.#branches(expression, otherwise);
    } else this.#inside(expression);
  }

  #inside(expression: Expression): void {
    if (expression.kind === 'list') {
      for (const item of expression.items) this.flow(item, 'identity');
    } else if (expression.kind === 'call') this.#call(expression);
    else if (expression.kind === 'pipeline') {
      for (const [index, step] of expression.steps.entries()) this.#step(step, index === 0);
    }
  }

  #step(step: Expression, isFirst: boolean): void {
    if (step.kind !== 'conditional') return this.#inside(step);
    const last = lastOf(step);
    const source = isFirst ? this.#sourceOf(last.value) : undefined;
    // A choice between tensors is not a step: nothing flows into it.
    if (last.otherwise === undefined && source !== undefined) this.#report(last, source);
    this.#branches(step, 'identity');
  }

  #branches({ value, otherwise }: ConditionalExpression, fallback: string): void {
    this.flow(value, fallback);
    if (otherwise?.kind === 'conditional') this.#branches(otherwise, fallback);
    else if (otherwise !== undefined) this.flow(otherwise, fallback);
  }

  /** Arguments that are pipelines. */
  #call({ callee, args }: CallExpression): void {
    const parameters = this.#blocks.get(callee.text)?.parameters ?? [];
    const named = new Map(parameters.map((each) => [each.name.text, each]));
    for (const [index, { name, value }] of args.entries()) {
      const parameter = name === undefined ? parameters[index] : named.get(name.text);
      if (parameter !== undefined && isStage(parameter)) this.flow(value, 'identity');
    }
  }

  /** The tensor that a pipeline names first. */
  #sourceOf(value: Expression): string | undefined {
    const [first] = value.kind === 'pipeline' ? value.steps : [value];
    if (first?.kind !== 'name') return undefined;
    const { name } = first;
    const isStep =
      findComponent('layer', name) !== undefined ||
      this.#blocks.get(name) !== undefined ||
      this.#stages.includes(name);
    return isStep ? undefined : name;
  }

  #report({ condition, span }: ConditionalExpression, otherwise: string): void {
    const text = `else ${otherwise}`;
    const edits = [{ span: { ...span, start: span.end }, text: ` ${text}` }];
    this.#reporter.report(
      'choice-without-else',
      { example: text },
      { at: condition.span, fixes: [{ title: `Add "${text}"`, edits, modernizes: true }] },
    );
  }
}

/** The last choice of `a if p else b if q`. */
function lastOf(choice: ConditionalExpression): ConditionalExpression {
  return choice.otherwise?.kind === 'conditional' ? lastOf(choice.otherwise) : choice;
}
