import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Section } from '../../parser/ast.js';
import type { BlockTable } from '../declarations/blocks.js';
import type { Graph, Scope } from '../../ir/graph.js';
import { ownerOf } from '../values/section-parameters.js';
import { mentionsOf } from '../../parser/tree/mentions.js';

/** Warns of blocks, encoders and imports that no other section of the file mentions. */
export function lintUnused(
  sections: readonly Section[],
  blocks: BlockTable,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const mentioned = new Set<string>();
  for (const section of sections) {
    for (const name of mentionsOf(section)) if (section.name?.text !== name) mentioned.add(name);
  }
  for (const { name, kind } of blocks.declarations) {
    if (mentioned.has(name.text)) continue;
    reporter.report(
      kind === 'block' ? 'unused-block' : 'unused-encoder',
      { name: name.text },
      { at: name.span, help: [`${kind === 'block' ? 'Call' : 'Use'} it, or take it out.`] },
    );
  }
  for (const { text, span } of blocks.imports) {
    if (mentioned.has(text)) continue;
    reporter.report(
      'unused-import',
      { name: text },
      { at: span, help: ['Use it, or take it out.'] },
    );
  }
  return reporter.diagnostics;
}

/** A call of a block, and whether the tensor that flows in is read. */
interface Call {
  readonly graph: Graph;
  readonly scope: Scope;
  readonly isRead: boolean;
}

/** Warns of the parameters of a section that its own text does not mention. */
export function lintParameters(section: Section): readonly Diagnostic[] {
  const reporter = new Reporter();
  const names = mentionsOf(section);
  const kind = section.keyword.text;
  for (const { name } of section.parameters ?? []) {
    if (names.has(name.text)) continue;
    reporter.report(
      'unused-parameter',
      {
        name: name.text,
        owner: kind === 'train' ? ownerOf(section) : (section.name?.text ?? kind),
      },
      { at: name.span, help: [`Use it in the ${kind}, or take it out.`] },
    );
  }
  return reporter.diagnostics;
}

/**
 * Warns of blocks that read nothing of what flows into them, in no call and by no word of
 * their text: a skip that flows in there is lost without a trace.
 */
export function lintIgnoredInputs(
  sections: readonly Section[],
  graphs: readonly Graph[],
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const blocks = sections.filter(
    (section) => section.keyword.text === 'block' && !mentionsOf(section).has('in'),
  );
  if (blocks.length === 0) return [];
  const callsOf = new Map<string, Call[]>();
  for (const graph of graphs) {
    const readers = scopesThatRead(graph);
    for (const scope of graph.scopes) {
      const { block, inputs } = scope;
      if (block === undefined || inputs.length === 0) continue;
      const call = { graph, scope, isRead: readers.has(scope) };
      const known = callsOf.get(`${block.file} ${block.name}`);
      if (known === undefined) callsOf.set(`${block.file} ${block.name}`, [call]);
      else known.push(call);
    }
  }
  for (const section of blocks) {
    const name = section.name?.text;
    if (name === undefined) continue;
    const calls = callsOf.get(`${section.span.file} ${name}`) ?? [];
    const [first] = calls;
    if (first === undefined || calls.some(({ isRead }) => isRead)) continue;
    const input = first.graph.nodes[first.scope.inputs[0]!]?.name ?? 'in';
    reporter.report(
      'ignored-input',
      { block: name, input },
      {
        at: section.name!.span,
        labels: [{ span: first.scope.origin, text: `"${input}" flows in here` }],
        help: ['Start a pipeline of its body from "in", or hand the tensor over by name.'],
      },
    );
  }
  return reporter.diagnostics;
}

/** The block calls inside which something reads what flows into them, or that pass it on. */
function scopesThatRead({ nodes, scopes }: Graph): ReadonlySet<Scope> {
  const reading = new Set(scopes.filter(({ inputs, output }) => inputs[0] === output));
  for (const node of nodes) {
    for (let scope = scopes[node.scope]; scope !== undefined; scope = scopes[scope.parent ?? -1]) {
      const [input] = scope.inputs;
      if (input !== undefined && node.inputs.includes(input)) reading.add(scope);
    }
  }
  return reading;
}
