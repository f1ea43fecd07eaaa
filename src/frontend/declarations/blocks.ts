import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Expression, Identifier, ParameterNode, Section } from '../../parser/ast.js';
import { isComponent } from '../../catalog/index.js';
import { encoderFields } from '../schemes/encoder-fields.js';
import { functionNames } from '../values/functions.js';
import { allLines, readLines, tapNames, type Line } from './lines.js';
import { checkParameterTypes } from '../values/parameters.js';
import { encoderSchemes } from '../../catalog/sections.js';

/** A block as declared: its parameters and either one pipeline or lines that end in `out`. */
export interface BlockDeclaration {
  readonly kind: 'block';
  readonly name: Identifier;
  readonly parameters: readonly ParameterNode[];
  readonly body: Expression | readonly Line[];
  readonly doc: string | undefined;
  /** The declarations of its own file: what its body may call. */
  readonly home: BlockTable;
}

/** An encoder as declared: lines from the image downwards, some of them taps. */
export interface EncoderDeclaration {
  readonly kind: 'encoder';
  readonly name: Identifier;
  readonly parameters: readonly ParameterNode[];
  readonly body: readonly Line[];
  /** The names of its taps, full resolution first. */
  readonly taps: readonly string[];
  readonly doc: string | undefined;
  readonly home: BlockTable;
}

export type Declaration = BlockDeclaration | EncoderDeclaration;

/** What a file declares and imports. */
export class BlockTable {
  readonly #declared = new Map<string, Declaration>();
  readonly #imported = new Map<string, { readonly at: Identifier; readonly what: Declaration }>();
  readonly #broken = new Set<string>();
  readonly #recursive = new Set<string>();

  add(declaration: Declaration): void {
    this.#declared.set(declaration.name.text, declaration);
  }

  /** Makes a declaration of another file known by the name it has there. */
  import(at: Identifier, what: Declaration): void {
    this.#imported.set(at.text, { at, what });
  }

  /** Notes a name whose import failed, which was reported: its uses stay silent. */
  importBroken(name: string): void {
    this.#broken.add(name);
  }

  isBroken(name: string): boolean {
    return this.#broken.has(name) && this.#find(name) === undefined;
  }

  get(name: string): BlockDeclaration | undefined {
    const found = this.#find(name);
    return found?.kind === 'block' ? found : undefined;
  }

  encoder(name: string): EncoderDeclaration | undefined {
    const found = this.#find(name);
    return found?.kind === 'encoder' ? found : undefined;
  }

  /** What the file itself declares by a name: what others may import. */
  declared(name: string): Declaration | undefined {
    return this.#declared.get(name);
  }

  /** Where a name is introduced: declared or imported. */
  placeOf(name: string): Identifier | undefined {
    return this.#imported.get(name)?.at ?? this.#declared.get(name)?.name;
  }

  #find(name: string): Declaration | undefined {
    return this.#declared.get(name) ?? this.#imported.get(name)?.what;
  }

  get declarations(): readonly Declaration[] {
    return [...this.#declared.values()];
  }

  /** The names that imports have brought in, where they stand. */
  get imports(): readonly Identifier[] {
    return [...this.#imported.values()].map(({ at }) => at);
  }

  /** The names of all blocks that can be called. */
  get names(): readonly string[] {
    return this.#namesOf('block');
  }

  get encoderNames(): readonly string[] {
    return this.#namesOf('encoder');
  }

  #namesOf(kind: Declaration['kind']): readonly string[] {
    const known = [...this.#declared.keys(), ...this.#imported.keys()];
    return known.filter((name) => this.#find(name)?.kind === kind);
  }

  /** Whether the block was not yet found to call itself. */
  markRecursive(name: string): boolean {
    const isNew = !this.#recursive.has(name);
    this.#recursive.add(name);
    return isNew;
  }
}

/** Reads the `block` and `encoder` sections of a file. */
export function readBlocks(sections: readonly Section[]): Result<BlockTable> {
  const reporter = new Reporter();
  const table = new BlockTable();
  for (const section of sections) {
    const kind = section.keyword.text;
    if (kind === 'block' || kind === 'encoder') readDeclaration(section, kind, table, reporter);
  }
  return reporter.result(table);
}

const examples = {
  block: 'block double_conv(c: int) = conv(c) -> relu',
  encoder: 'encoder small(c: int = 16) { tap s1 = in -> conv(c) }',
} as const;

function readDeclaration(
  section: Section,
  kind: Declaration['kind'],
  table: BlockTable,
  reporter: Reporter,
): void {
  const name = section.name;
  if (name === undefined) {
    const parameters = { section: kind, example: examples[kind] };
    reporter.report('missing-name', parameters, { at: section.keyword.span });
    return;
  }
  const previous = table.declared(name.text);
  if (previous !== undefined) {
    const first = { span: previous.name.span, text: 'first declared here' };
    reportDuplicate(reporter, { name: name.text, what: kind, at: name.span, first });
    return;
  }
  const taken = takenBy(name.text, kind);
  if (taken !== undefined) {
    const help = [`Give the ${kind} another name.`];
    reporter.report('name-is-taken', { name: name.text, what: taken }, { at: name.span, help });
    return;
  }
  const parameters = section.parameters ?? [];
  reporter.add(checkParameterTypes(parameters));
  const shared = { name, parameters, doc: section.doc, home: table };
  if (kind === 'block') {
    table.add({ kind, ...shared, body: readBlockBody(section, name, reporter) });
    return;
  }
  for (const { name: parameter } of parameters) {
    if (!encoderFields.includes(parameter.text)) continue;
    const at = { name: parameter.text, what: 'field of encoders' };
    const help = ['Give the parameter another name.'];
    reporter.report('name-is-taken', at, { at: parameter.span, help });
  }
  const body = reporter.take(readLines(section.body, { what: kind, name: name.text }));
  const taps = tapNames(body);
  const isWhole = section.body?.close !== undefined && section.body.members.length === body.length;
  if (taps.length === 0 && (isWhole || section.body === undefined)) {
    reporter.report('encoder-without-taps', { name: name.text }, { at: name.span });
  }
  table.add({ kind, ...shared, body, taps });
}

/** What of the language has a name already. */
function takenBy(name: string, kind: Declaration['kind']): string | undefined {
  if (functionNames.includes(name)) return 'function';
  if (isComponent('layer', name)) return 'layer';
  return kind === 'encoder' && encoderSchemes.includes(name) ? 'scheme' : undefined;
}

function readBlockBody(
  section: Section,
  name: Identifier,
  reporter: Reporter,
): Expression | readonly Line[] {
  if (section.value !== undefined) return section.value;
  const lines = reporter.take(readLines(section.body, { what: 'block', name: name.text }));
  const isRecovered = section.body !== undefined && section.body.close === undefined;
  const tensors = allLines(lines).filter((line) => line.kind === 'tensor');
  if (!tensors.some((line) => line.name.text === 'out') && !isRecovered) {
    const last = tensors.at(-1)?.name;
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
