import type { Reporter } from '../diagnostics/report.js';
import type { Assignment, Expression, Identifier, ParameterNode, Section } from '../parser/ast.js';
import { findComponent } from '../catalog/index.js';
import { functionNames } from './functions.js';
import { checkParameterTypes } from './parameters.js';

/** A block as declared: its parameters and either one pipeline or lines that end in `out`. */
export interface BlockDeclaration {
  readonly name: Identifier;
  readonly parameters: readonly ParameterNode[];
  readonly body: Expression | readonly Assignment[];
  readonly doc: string | undefined;
}

/** The blocks of a file and what has been used of them, for lints. */
export class BlockTable {
  readonly #blocks = new Map<string, BlockDeclaration>();
  readonly #called = new Set<string>();
  readonly #usedParameters = new Set<string>();
  readonly #recursive = new Set<string>();

  add(block: BlockDeclaration): void {
    this.#blocks.set(block.name.text, block);
  }

  get(name: string): BlockDeclaration | undefined {
    return this.#blocks.get(name);
  }

  get names(): readonly string[] {
    return [...this.#blocks.keys()];
  }

  markCalled(name: string): void {
    this.#called.add(name);
  }

  /** Whether the block was not yet found to call itself. */
  markRecursive(name: string): boolean {
    const isNew = !this.#recursive.has(name);
    this.#recursive.add(name);
    return isNew;
  }

  markParameterUsed(block: string, parameter: string): void {
    this.#usedParameters.add(`${block}.${parameter}`);
  }

  /** Warns of blocks nobody calls and parameters nobody reads. */
  lint(reporter: Reporter): void {
    for (const block of this.#blocks.values()) {
      const name = block.name.text;
      if (!this.#called.has(name)) {
        reporter.report(
          'unused-block',
          { name },
          { at: block.name.span, help: ['Call it, or take it out.'] },
        );
        continue;
      }
      for (const parameter of block.parameters) {
        if (this.#usedParameters.has(`${name}.${parameter.name.text}`)) continue;
        reporter.report(
          'unused-parameter',
          { name: parameter.name.text, owner: name },
          { at: parameter.name.span, help: ['Use it in the block, or take it out.'] },
        );
      }
    }
  }
}

/** Reads the `block` sections of a file. */
export function readBlocks(sections: readonly Section[], reporter: Reporter): BlockTable {
  const table = new BlockTable();
  for (const section of sections) {
    if (section.keyword.text !== 'block') continue;
    const name = section.name;
    if (name === undefined) {
      reporter.report(
        'missing-name',
        { section: 'block', example: 'block double_conv(c: int) = conv(c) -> relu' },
        { at: section.keyword.span },
      );
      continue;
    }
    const previous = table.get(name.text);
    if (previous !== undefined) {
      reporter.report(
        'duplicate-name',
        { name: name.text, what: 'block' },
        {
          at: name.span,
          labels: [{ span: previous.name.span, text: 'first declared here' }],
          help: ['Give each block a name of its own.'],
        },
      );
      continue;
    }
    if (findComponent('layer', name.text) !== undefined || functionNames.includes(name.text)) {
      const what = functionNames.includes(name.text) ? 'function' : 'layer';
      reporter.report(
        'name-is-taken',
        { name: name.text, what },
        { at: name.span, help: ['Give the block another name.'] },
      );
      continue;
    }
    const parameters = section.parameters ?? [];
    checkParameterTypes(parameters, reporter);
    table.add({ name, parameters, body: readBody(section, name, reporter), doc: section.doc });
  }
  return table;
}

function readBody(
  section: Section,
  name: Identifier,
  reporter: Reporter,
): Expression | readonly Assignment[] {
  if (section.value !== undefined) return section.value;
  const lines: Assignment[] = [];
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'assignment') {
      lines.push(member);
      continue;
    }
    const at = member.kind === 'field' ? member.name.span : member.keyword.span;
    reporter.report(
      'misplaced',
      {
        what: member.kind === 'field' ? 'A field' : 'A section',
        where: `block "${name.text}"; expected lines such as "out = in -> conv(64)"`,
      },
      { at },
    );
  }
  const isRecovered = section.body !== undefined && section.body.close === undefined;
  if (!lines.some((line) => line.name.text === 'out') && !isRecovered) {
    const last = lines.at(-1)?.name;
    const fixes =
      last === undefined
        ? []
        : [
            {
              title: `Call the last line "out" instead of "${last.text}"`,
              edits: [{ span: last.span, text: 'out' }],
            },
          ];
    reporter.report('block-without-output', { name: name.text }, { at: name.span, fixes });
    return { kind: 'missing', span: name.span };
  }
  return lines;
}
