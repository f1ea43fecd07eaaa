import { CodeActionKind, type CodeAction } from 'vscode-languageserver';
import { expandText } from '../../expand-text.js';
import type { ModelDraft } from '../../compile.js';
import { encoderSchemes } from '../../catalog/sections.js';
import { encoderWord } from '../../frontend/schemes/read-encoders.js';
import type { Expression, PipelineExpression, Section } from '../../parser/ast.js';
import { rangeOf } from '../positions.js';
import type { Scope } from '../symbols/symbol.js';
import type { FeatureContext } from './feature.js';

/** Changes of a spec that keep its network: schemes written out, a block made of layers, another alignment. */
export function refactorings(
  context: FeatureContext,
  from: number,
  to: number,
): readonly CodeAction[] {
  const { compilation } = context.analysis;
  const draft = compilation.drafts.find(
    ({ section: { span } }) => span.start <= from && to <= span.end,
  );
  const scheme = draft?.section.body?.members.find(
    (member): member is Section =>
      member.kind === 'section' && member.span.start <= from && to <= member.span.end,
  );
  return [
    ...(draft !== undefined && scheme !== undefined ? writeOut(context, draft, scheme) : []),
    ...(scheme?.keyword.text === 'skip' ? convertAlign(context, scheme) : []),
    ...extractBlock(context, from, to),
  ];
}

function action(
  { analysis }: FeatureContext,
  title: string,
  kind: CodeActionKind,
  edits: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): CodeAction {
  const changes = edits.map(({ text, ...span }) => ({
    range: rangeOf(analysis.source, span),
    newText: text,
  }));
  return { title, kind, edit: { changes: { [analysis.uri]: changes } } };
}

/** The schemes of a model as wires: what `unetc expand` prints. */
function writeOut(
  context: FeatureContext,
  draft: ModelDraft,
  section: Section,
): readonly CodeAction[] {
  const { keyword } = section;
  const { source, compilation } = context.analysis;
  const isScheme =
    ['skip', 'decoder'].includes(keyword.text) ||
    (keyword.text === 'encoder' && encoderSchemes.includes(encoderWord(section)?.text ?? ''));
  const model = compilation.models.find((each) => each.section === draft.section);
  if (!isScheme || model === undefined) return [];
  const text = expandText(source, model);
  const whole = { start: 0, end: source.text.length, text };
  return [
    action(context, 'Write the schemes out as wires', CodeActionKind.RefactorRewrite, [whole]),
  ];
}

const alignments = ['exact', 'crop', 'pad', 'resize'] as const;

/** Another way to make the sizes of skip and up equal. */
function convertAlign(context: FeatureContext, skip: Section): readonly CodeAction[] {
  const { source } = context.analysis;
  const members = skip.body?.members ?? [];
  const field = members.find((member) => member.kind === 'field' && member.name.text === 'align');
  const written = field?.kind === 'field' ? field.value : undefined;
  const now =
    written === undefined ? 'exact' : source.text.slice(written.span.start, written.span.end);
  return alignments
    .filter((word) => !now.startsWith(word))
    .flatMap((word) => {
      const title =
        word === 'exact'
          ? 'Demand equal sizes (align: exact)'
          : `Make sizes equal by align: ${word}`;
      const last = members.at(-1);
      const edit =
        written !== undefined
          ? { ...written.span, text: word }
          : last !== undefined
            ? { start: last.span.end, end: last.span.end, text: `, align: ${word}` }
            : skip.body !== undefined
              ? { start: skip.body.open.end, end: skip.body.open.end, text: ` align: ${word} ` }
              : { start: skip.span.end, end: skip.span.end, text: ` { align: ${word} }` };
      return [action(context, title, CodeActionKind.RefactorRewrite, [edit])];
    });
}

/** The selected steps of a pipeline as a block of their own, with the parameters that they name. */
function extractBlock(context: FeatureContext, from: number, to: number): readonly CodeAction[] {
  const { analysis } = context;
  const { source, compilation, index } = analysis;
  if (to <= from) return [];
  const found = findSteps(compilation.parsed.file.sections, from, to);
  if (found === undefined) return [];
  const { steps, owner } = found;
  const start = steps[0]!.span.start;
  const end = steps.at(-1)!.span.end;
  const named = index.occurrences.filter(({ span }) => start <= span.start && span.end <= end);
  const outside = named.filter(({ symbol }) => !['block', 'encoder'].includes(symbol.kind));
  // Tensors and lists of the surroundings are no values that a number can stand for.
  if (outside.some(({ symbol }) => symbol.kind !== 'parameter' && symbol.kind !== 'value'))
    return [];
  const arguments_ = [...new Set(outside.map(({ symbol }) => symbol.name))];
  const text = source.text.slice(start, end);
  const isSlot = /\b(width|level|factor)\b/.exec(text)?.[1];
  if (isSlot !== undefined && !arguments_.includes(isSlot)) arguments_.push(isSlot);
  const name = freeName(index.scopes, new Set(compilation.files[0]!.blocks.names));
  const parameters = arguments_.map((argument) => `${argument}: int`).join(', ');
  const call = arguments_.length === 0 ? name : `${name}(${arguments_.join(', ')})`;
  const block = `block ${name}(${parameters}) = ${text}\n\n`;
  const place = ownerStart(owner, source.text);
  return [
    action(
      context,
      `Make a block of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`,
      CodeActionKind.RefactorExtract,
      [
        { start: place, end: place, text: block },
        { start, end, text: call },
      ],
    ),
  ];
}

/** The steps of one pipeline that a selection covers, layers and blocks alone, with the section around it. */
function findSteps(
  sections: readonly Section[],
  from: number,
  to: number,
): { readonly steps: readonly Expression[]; readonly owner: Section } | undefined {
  for (const owner of sections) {
    if (owner.span.start > from || to > owner.span.end) continue;
    for (const pipeline of pipelinesIn(owner)) {
      const covered = pipeline.steps.filter(({ span }) => from <= span.start && span.end <= to);
      const isLayers = covered.every(({ kind }) => kind === 'call' || kind === 'name');
      const startsHere = covered[0] === pipeline.steps[0] && covered[0]?.kind === 'name';
      if (covered.length > 0 && isLayers && !startsHere) return { steps: covered, owner };
    }
  }
  return undefined;
}

function pipelinesIn(node: unknown): readonly PipelineExpression[] {
  if (Array.isArray(node)) return node.flatMap(pipelinesIn);
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap(pipelinesIn);
  return 'kind' in node && node.kind === 'pipeline'
    ? [...inner, node as PipelineExpression]
    : inner;
}

/** Before the documentation of a section. */
function ownerStart({ span }: Section, text: string): number {
  let at = text.lastIndexOf('\n', span.start - 1) + 1;
  for (;;) {
    const line = text.lastIndexOf('\n', at - 2) + 1;
    if (at === 0 || !text.slice(line, at).trimStart().startsWith('///')) return at;
    at = line;
  }
}

function freeName(scopes: readonly Scope[], blocks: ReadonlySet<string>): string {
  const isFree = (name: string): boolean =>
    !blocks.has(name) && scopes.every((scope) => scope.own(name) === undefined);
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'extracted' : `extracted_${number}`;
    if (isFree(name)) return name;
  }
}
