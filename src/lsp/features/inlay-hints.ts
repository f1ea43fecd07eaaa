import { InlayHintKind, type InlayHint, type Range } from 'vscode-languageserver';
import type { ModelDraft } from '../../compile.js';
import type { Span } from '../../diagnostics/source.js';
import type { GraphNode } from '../../ir/graph.js';
import { offsetAt, positionAt } from '../positions.js';
import type { FeatureContext } from './feature.js';
import { shapesOf, type ModelShapes } from './shapes.js';

/** More sizes than fit behind a line. */
const sizeLimit = 6;

/**
 * Sizes at the ends of lines: of every tensor that wires name, of every head, and of
 * the stages that a field of a scheme makes, the top level first.
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
      const end = endOfLine(span);
      if (end < from || end > to || hints.has(end)) continue;
      const nodes = names.flatMap((name) => shapes.nodesOf(name).at(-1) ?? []);
      const label = labelOf(nodes, shapes);
      if (label === undefined) continue;
      const position = positionAt(source, end);
      const tooltip = names.length === 1 ? undefined : names.join(', ');
      hints.set(end, {
        position,
        label,
        kind: InlayHintKind.Type,
        paddingLeft: true,
        ...(tooltip === undefined ? {} : { tooltip }),
      });
    }
  }
  return [...hints.values()];

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
      const span = fieldAround(draft, wire.nameSpan);
      const key = `${span.start}`;
      const place = written.get(key) ?? { span, names: [] };
      place.names.push(wire.name);
      written.set(key, place);
    }
    return [...found, ...written.values()];
  }
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
