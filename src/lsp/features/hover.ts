import { ownValue } from '../../diagnostics/own-value.js';
import type { Hover, Position } from 'vscode-languageserver';
import type { ScopeId } from '../../ir/graph.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import type { EncoderTrial, ModelDraft } from '../../compile.js';
import type { Span } from '../../diagnostics/source.js';
import type { Expression, Member, SpecFile } from '../../parser/ast.js';
import { partsOf } from '../../parser/parts.js';
import { sectionFields } from '../../catalog/sections.js';
import { offsetAt, rangeOf, touches } from '../positions.js';
import type { SpecSymbol, SymbolKind } from '../symbols/symbol.js';
import { describeComponent, describeDeclaration, findAmong, optionLabel } from './components.js';
import { cursorAt, familiesAt } from './cursor.js';
import { occurrenceAt, type FeatureContext } from './feature.js';
import { nodeOfTap, shapesOf, type ModelShapes } from './shapes.js';

/** What stands at a position: a tensor with its size, a block, a component or an option with its documentation. */
export function hover(context: FeatureContext, at: Position): Hover | undefined {
  const { analysis } = context;
  const found = occurrenceAt(analysis, at);
  if (found !== undefined) {
    return answer(context, found.span, describeSymbol(context, found.symbol, found.span));
  }
  const offset = offsetAt(analysis.source, at);
  const named = nameAt(analysis.compilation.parsed.file, offset);
  if (named === undefined) return undefined;
  const families = familiesAt(cursorAt(analysis, offset));
  if (named.kind === 'option') {
    const option = ownValue(findAmong(families, named.owner)?.options ?? {}, named.name);
    if (option === undefined) return undefined;
    return answer(context, named.span, `\`${optionLabel(named.name, option)}\`\n\n${option.doc}`);
  }
  if (named.kind === 'field') {
    const fields: Readonly<Record<string, (typeof sectionFields)[keyof typeof sectionFields]>> =
      sectionFields;
    const options: Readonly<Record<string, Parameters<typeof optionLabel>[1]>> =
      ownValue(fields, named.owner)?.options ?? {};
    const option = ownValue(options, named.name);
    if (option === undefined) return undefined;
    return answer(context, named.span, `\`${optionLabel(named.name, option)}\`\n\n${option.doc}`);
  }
  const component = findAmong(families, named.name);
  if (component === undefined) return undefined;
  return answer(context, named.span, describeComponent(named.name, component));
}

function answer({ analysis }: FeatureContext, span: Span, value: string): Hover {
  return {
    contents: { kind: 'markdown', value },
    range: rangeOf(analysis.source, span),
  };
}

function describeSymbol({ analysis }: FeatureContext, symbol: SpecSymbol, at: Span): string {
  const { compilation } = analysis;
  const parts: string[] = [];
  if (symbol.kind === 'block' || symbol.kind === 'encoder') {
    const { blocks } = compilation.files[0]!;
    const found = blocks.get(symbol.name) ?? blocks.encoder(symbol.name);
    parts.push(
      fence(found === undefined ? `${symbol.kind} ${symbol.name}` : describeDeclaration(found)),
    );
  } else {
    parts.push(`**${symbol.what}** \`${symbol.name}\``);
  }
  if (symbol.doc !== undefined) parts.push(symbol.doc);
  for (const draft of [...compilation.drafts, ...compilation.trials]) {
    const { span } = draft.section;
    const isHere = span.file === at.file && span.start <= at.start && at.end <= span.end;
    const shapes = isHere ? shapesOf(draft) : undefined;
    if (shapes === undefined) continue;
    if (symbol.kind === 'model') {
      const { total, trainable } = shapes.parametersOf(shapes.graph.nodes);
      parts.push(`${count(total)} parameters, ${count(trainable)} of them trained`);
      const [height, width] = shapes.example;
      const outputs = shapes.graph.outputs.map(({ name, node }) => {
        const size = shapes.sizeOf(shapes.graph.nodes[node]!);
        return `- \`${name}\`: ${size ?? 'of sizes that contradict each other'}`;
      });
      parts.push(outputs.join('\n'), `Examples are at ${height} x ${width}.`);
      continue;
    }
    if (symbol.kind === 'shared') {
      parts.push(...describeInstance(shapes, symbol));
      continue;
    }
    const isEncoder = draft.section.keyword.text === 'encoder';
    const line = { name: symbol.name, isTap: symbol.kind === 'tap' };
    const nodes = isEncoder
      ? (shapes.roundsOf(draft.section, line).at(-1) ??
        [nodeOfTap(shapes.graph, line)].filter((node) => node !== undefined))
      : shapes.nodesOf(symbol.kind === 'part' ? endOf(symbol, draft) : symbol.name);
    const last = nodes.at(-1);
    if (!sized.includes(symbol.kind) || last === undefined) continue;
    const size = shapes.sizeOf(last);
    const example = shapes.exampleOf(last);
    const [height, width] = shapes.example;
    if (size !== undefined) parts.push(`size \`${size}\``);
    if (example !== undefined && example !== size) {
      parts.push(`at ${height} x ${width}: \`${example}\``);
    }
    const field = shapes.receptiveFieldOf(last);
    const { total } = shapes.parametersOf(nodes);
    const sees = field === undefined ? '' : `, sees ${field.map(pixels).join(' x ')} pixels`;
    parts.push(`${count(total)} parameters${sees}`);
    parts.push(nodes.map(({ op }) => operationWord(op)).join(' -> '));
  }
  return parts.join('\n\n');
}

/** Symbols that stand for a tensor; the name of a decoder does for its last one. */
const sized: readonly SymbolKind[] = ['tensor', 'input', 'tap', 'head', 'part'];

const endOf = ({ name }: SpecSymbol, draft: ModelDraft | EncoderTrial): string =>
  ('unfolded' in draft
    ? draft.unfolded.lattice.findLast(({ decoder }) => decoder === name)?.name
    : undefined) ?? name;

/** How often the instances of a line run, and what one of them has. */
function describeInstance({ graph, parametersOf }: ModelShapes, symbol: SpecSymbol): string[] {
  const { declaration } = symbol;
  const calls = graph.scopes.filter(
    ({ instance, block }) =>
      instance !== undefined &&
      block?.origin.file === declaration.file &&
      block.origin.start === declaration.start,
  );
  const [first] = calls;
  if (first === undefined) return [];
  const isInside = (scope: ScopeId | undefined): boolean =>
    scope !== undefined && (scope === first.id || isInside(graph.scopes[scope]?.parent));
  const nodes = graph.nodes.filter(({ scope }) => isInside(scope));
  const own = calls.filter(({ instance }) => instance === first.instance).length;
  const instances = new Set(calls.map(({ instance }) => instance)).size;
  const each = instances === 1 ? '' : `, ${instances} instances in all`;
  return [
    `${count(parametersOf(nodes).total)} parameters, called ${own} times${each}`,
    nodes.map(({ op }) => operationWord(op)).join(' -> '),
  ];
}

const count = (value: number): string => value.toLocaleString('en');
const pixels = (value: number): string => (Number.isFinite(value) ? String(value) : 'all');
const fence = (text: string): string => `\`\`\`unet\n${text}\n\`\`\``;

type Named =
  | { readonly kind: 'component'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'option' | 'field';
      readonly owner: string;
      readonly name: string;
      readonly span: Span;
    };

/** The name of a component, of an option or of a field at an offset. */
function nameAt({ sections }: SpecFile, offset: number): Named | undefined {
  let found: Named | undefined;
  for (const section of sections) member(section, '');
  return found;

  function member(node: Member, owner: string): void {
    if (node.kind === 'field' && touches(node.name.span, offset)) {
      found = { kind: 'field', owner, name: node.name.text, span: node.name.span };
    }
    if ('value' in node && node.value !== undefined) expression(node.value);
    if (node.kind === 'loop') expression(node.items);
    const body = node.kind === 'section' || node.kind === 'loop' ? node.body : undefined;
    const own = node.kind === 'section' ? node.keyword.text : owner;
    for (const inner of body?.members ?? []) member(inner, own);
  }
  function expression(node: Expression): void {
    if (!touches(node.span, offset)) return;
    if (node.kind === 'name') found = { kind: 'component', name: node.name, span: node.span };
    if (node.kind === 'call') {
      const { callee, args } = node;
      if (touches(callee.span, offset)) {
        found = { kind: 'component', name: callee.text, span: callee.span };
      }
      for (const { name } of args) {
        if (name === undefined || !touches(name.span, offset)) continue;
        found = { kind: 'option', owner: callee.text, name: name.text, span: name.span };
      }
    }
    partsOf(node).forEach(expression);
  }
}
