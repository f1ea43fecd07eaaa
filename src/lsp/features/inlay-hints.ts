import { InlayHintKind, type InlayHint, type Range } from 'vscode-languageserver';
import type { ModelDraft } from '../../compile.js';
import type { Span } from '../../diagnostics/source.js';
import type { GraphNode } from '../../ir/graph.js';
import type { Body, Section } from '../../parser/ast.js';
import { offsetAt, positionAt } from '../positions.js';
import type { FeatureContext } from './feature.js';
import { nodesOfLine, shapesOf, type EncoderLine, type ModelShapes } from './shapes.js';

/** More sizes than fit behind a line. */
const sizeLimit = 6;

/**
 * Sizes at the ends of lines: of every tensor that wires name, of every head, and of
 * the stages that a field of a scheme makes, the top level first; and of every line of an
 * encoder, for the models of the file or, where it has none, for a colour image.
 */
export function inlayHints({ analysis }: FeatureContext, range: Range): readonly InlayHint[] {
  const { source, compilation } = analysis;
  const from = offsetAt(source, range.start);
  const to = offsetAt(source, range.end);
  const hints = new Map<number, InlayHint>();
  for (const draft of compilation.drafts) {
    const shapes = shapesOf(draft);
    if (shapes === undefined || draft.section.span.file !== source.path) continue;
    for (const { span, names } of places(draft, shapes)) {
      const nodes = names.flatMap((name) => shapes.nodesOf(name).at(-1) ?? []);
      add(span, nodes, shapes, names.length === 1 ? undefined : names.join(', '));
    }
  }
  const encoders = compilation.parsed.file.sections.filter(isEncoder);
  for (const runner of [...compilation.drafts, ...compilation.trials]) {
    const shapes = shapesOf(runner);
    if (shapes === undefined) continue;
    for (const section of encoders.filter((each) => isRunBy(runner.section, each))) {
      for (const line of tensorLines(section.body)) {
        const rounds = nodesOfLine(shapes.graph, section, line);
        const nodes = rounds.flatMap((made) => made.at(-1) ?? []);
        add(line.span, nodes, shapes);
      }
    }
  }
  return [...hints.values()];

  function add(
    span: Span,
    nodes: readonly GraphNode[],
    shapes: ModelShapes,
    tooltip?: string,
  ): void {
    const end = endOfLine(span);
    if (end < from || end > to || hints.has(end)) return;
    const label = labelOf(nodes, shapes);
    if (label === undefined) return;
    const position = positionAt(source, end);
    const shared: InlayHint = { position, label, kind: InlayHintKind.Type, paddingLeft: true };
    hints.set(end, tooltip === undefined ? shared : { ...shared, tooltip });
  }

  /** Behind the last character of the line on which a span ends, or its closing brace stands before. */
  function endOfLine({ end }: Span): number {
    const { line } = source.position(end);
    return source.lineStart(line) + source.lineText(line).trimEnd().length;
  }

  function places(draft: ModelDraft, { graph }: ModelShapes): readonly Place[] {
    const found: Place[] = [];
    const written = new Map<string, { readonly span: Span; readonly names: string[] }>();
    for (const section of draft.section.body?.members ?? []) {
      if (section.kind !== 'section') continue;
      const { keyword, name, body, value } = section;
      if (keyword.text === 'input' && name !== undefined && value !== undefined) {
        found.push({ span: value.span, names: [name.text] });
      }
      if (keyword.text === 'head' && name !== undefined && value !== undefined) {
        found.push({ span: value.span, names: [name.text] });
      }
      for (const member of keyword.text === 'wires' ? (body?.members ?? []) : []) {
        if (member.kind === 'assignment') {
          found.push({ span: member.value.span, names: [member.name.text] });
        }
      }
    }
    // What a scheme makes stands behind the field that says how.
    const own = new Set(found.flatMap(({ names }) => names));
    for (const wire of draft.unfolded.wires) {
      if (own.has(wire.name) || wire.nameSpan.file !== source.path) continue;
      if (!graph.nodes.some(({ name }) => name === wire.name)) continue;
      const { expression } = wire;
      const last = expression.kind === 'pipeline' ? expression.steps.at(-1)! : expression;
      const made = last.span.file === source.path ? last.span : wire.nameSpan;
      const span = fieldAround(draft, made);
      const key = `${span.start}`;
      const place = written.get(key) ?? { span, names: [] };
      place.names.push(wire.name);
      written.set(key, place);
    }
    return [...found, ...written.values()];
  }
}

const isEncoder = ({ keyword }: Section): boolean => keyword.text === 'encoder';
/** An encoder is tried alone, or run by models that name it. */
const isRunBy = (runner: Section, { name }: Section): boolean =>
  !isEncoder(runner) || runner.name?.text === name?.text;

/** The lines of an encoder that make tensors, loops included, with the places of what they say. */
function tensorLines(
  body: Body | undefined,
  isInLoop = false,
): readonly (EncoderLine & { readonly span: Span })[] {
  return (body?.members ?? []).flatMap((member) => {
    if (member.kind === 'loop') return tensorLines(member.body, true);
    const isTap = member.kind === 'section' && member.keyword.text === 'tap';
    if (!isTap && member.kind !== 'assignment') return [];
    const { name, value } = member;
    if (name === undefined || value === undefined) return [];
    return [{ name: name.text, isTap, isInLoop: isInLoop && !isTap, span: value.span }];
  });
}

interface Place {
  readonly span: Span;
  readonly names: readonly string[];
}

/** The field of a scheme that holds a place; the place itself where there is none. */
function fieldAround({ section }: ModelDraft, at: Span): Span {
  for (const scheme of section.body?.members ?? []) {
    if (scheme.kind !== 'section') continue;
    for (const member of scheme.body?.members ?? []) {
      const isField = member.kind === 'field';
      if (isField && member.span.start <= at.start && at.end <= member.span.end) {
        return member.value.span;
      }
    }
  }
  return at;
}

function labelOf(nodes: readonly GraphNode[], shapes: ModelShapes): string | undefined {
  const sizes = nodes.flatMap((node) => shapes.sizeOf(node) ?? []);
  const [only] = sizes;
  if (only === undefined) return undefined;
  if (sizes.length === 1) return only;
  // Symbols for one; for several the example sizes, which are short.
  const short = nodes.flatMap((node) => shapes.exampleOf(node) ?? []).map(withoutSquare);
  const shown = short.slice(0, sizeLimit).join(', ');
  return short.length > sizeLimit ? `${shown}, ...` : shown;
}

/** `64 x 64 x 32` -> `64² x 32` */
function withoutSquare(size: string): string {
  const [height, width, channels] = size.split(' x ');
  return height === width ? `${height}² x ${channels}` : size;
}
