import { InlayHintKind, type InlayHint, type Range } from 'vscode-languageserver';
import type { ModelDraft } from '../../compile.js';
import type { Span } from '../../diagnostics/source.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import type { Body, Section } from '../../parser/ast.js';
import { offsetAt, positionAt } from '../positions.js';
import type { FeatureContext } from './feature.js';
import { nodeOfTap, shapesOf, type EncoderLine, type ModelShapes } from './shapes.js';

/** More sizes than fit behind a line. */
const sizeLimit = 6;

/**
 * Sizes and parameters at the ends of lines: of every tensor that wires name, of every
 * head, and of the stages that a field of a scheme makes, the top level first; of every
 * line of an encoder, for the models of the file or, where it has none, for a colour image.
 * Behind the head of a block stand the parameters of all its calls.
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
      const stages = names.map((name) => shapes.nodesOf(name));
      add(span, stages, shapes, names.length === 1 ? undefined : names.join(', '));
    }
  }
  const { sections } = compilation.parsed.file;
  const encoders = sections.filter(isEncoder);
  const blocks = new Map(sections.flatMap(namedBlock));
  for (const runner of [...compilation.drafts, ...compilation.trials]) {
    const shapes = shapesOf(runner);
    if (shapes === undefined) continue;
    const ran = isEncoder(runner.section)
      ? [runner.section.name?.text]
      : shapes.graph.encoders.map(({ name }) => name);
    for (const section of encoders.filter(({ name }) => ran.includes(name?.text))) {
      for (const line of tensorLines(section.body)) {
        const rounds = shapes.roundsOf(section, line);
        if (rounds.length > 0) add(line.span, rounds, shapes);
        const passed = nodeOfTap(shapes.graph, line);
        if (passed !== undefined) put(line.span, shapes.sizeOf(passed), undefined);
      }
    }
    for (const [name, nodes] of nodesOfBlocks(shapes.graph, source.path)) {
      const span = blocks.get(name);
      if (span === undefined) continue;
      put(span, describeCost(nodes, shapes), describeExactly(nodes, shapes));
    }
  }
  return [...hints.values()];

  function add(
    span: Span,
    stages: readonly (readonly GraphNode[])[],
    shapes: ModelShapes,
    names?: string,
  ): void {
    const sizes = describeSizes(
      stages.flatMap((nodes) => nodes.at(-1) ?? []),
      shapes,
    );
    if (sizes === undefined) return;
    const cost = describeCost(stages.flat(), shapes);
    const lines = [names, describeExactly(stages.flat(), shapes)];
    const tooltip = lines.filter((line) => line !== undefined).join('; ');
    put(span, cost === undefined ? sizes : `${sizes} · ${cost}`, tooltip);
  }

  function put(span: Span, label: string | undefined, tooltip: string | undefined): void {
    const end = endOfLine(span);
    if (label === undefined || end < from || end > to || hints.has(end)) return;
    const position = positionAt(source, end);
    const hint: InlayHint = { position, label, kind: InlayHintKind.Type, paddingLeft: true };
    hints.set(end, tooltip === undefined || tooltip === '' ? hint : { ...hint, tooltip });
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
    const inGraph = new Set(graph.nodes.map(({ name }) => name));
    for (const wire of draft.unfolded.wires) {
      if (own.has(wire.name) || wire.nameSpan.file !== source.path) continue;
      if (!inGraph.has(wire.name)) continue;
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

/** Where the name of a block stands. */
const namedBlock = ({ keyword, name }: Section): readonly (readonly [string, Span])[] =>
  keyword.text === 'block' && name !== undefined ? [[name.text, name.span]] : [];

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

function describeSizes(nodes: readonly GraphNode[], shapes: ModelShapes): string | undefined {
  const sizes = nodes.flatMap((node) => shapes.sizeOf(node) ?? []);
  const [only] = sizes;
  if (only === undefined) return undefined;
  if (sizes.length === 1) return only;
  // Symbols for one; for several the example sizes, which are short.
  const examples = nodes.flatMap((node) => shapes.exampleOf(node) ?? []).map(withoutSquare);
  const shown = examples.slice(0, sizeLimit).join(', ');
  return examples.length > sizeLimit ? `${shown}, ...` : shown;
}

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `37.6K parameters`; undefined where there are none. */
function describeCost(nodes: readonly GraphNode[], shapes: ModelShapes): string | undefined {
  const { total } = shapes.parametersOf(nodes);
  return total === 0 ? undefined : `${short.format(total)} parameters`;
}

/** `37,568 parameters`, where the hint rounds them. */
function describeExactly(nodes: readonly GraphNode[], shapes: ModelShapes): string | undefined {
  const { total } = shapes.parametersOf(nodes);
  return total < 1000 ? undefined : `${total.toLocaleString('en')} parameters`;
}

/** All that the calls of each block of a file have made, calls of others inside it too. */
function nodesOfBlocks(
  { nodes, scopes }: Graph,
  file: string,
): ReadonlyMap<string, readonly GraphNode[]> {
  const made = new Map<string, Set<GraphNode>>();
  for (const node of nodes) {
    let scope = node.scope === undefined ? undefined : scopes[node.scope];
    while (scope !== undefined) {
      if (scope.block?.file === file) {
        const own = made.get(scope.block.name);
        if (own === undefined) made.set(scope.block.name, new Set([node]));
        else own.add(node);
      }
      scope = scope.parent === undefined ? undefined : scopes[scope.parent];
    }
  }
  return new Map([...made].map(([block, own]) => [block, [...own]]));
}

/** `64 x 64 x 32` -> `64² x 32` */
function withoutSquare(size: string): string {
  const [height, width, channels] = size.split(' x ');
  return height === width ? `${height}² x ${channels}` : size;
}
