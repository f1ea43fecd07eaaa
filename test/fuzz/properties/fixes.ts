import type { CompiledModel } from '../../../src/compile.js';
import type { Diagnostic, Fix, TextEdit } from '../../../src/diagnostics/diagnostic.js';
import type { Graph, GraphNode } from '../../../src/ir/graph.js';
import { applyFix } from '../../diagnostics/apply-fix.js';
import { Subject, subjectPath, type Property } from './property.js';

/**
 * Every fix that is offered can be applied, changes the text, removes its problem, and is
 * not undone by a fix of what it leaves. What takes out an operation that "changes nothing"
 * leaves the rest of the network as it is.
 */
export const fixes: Property = {
  name: 'fixes',
  check({ text, compilation }) {
    // Broken texts may offer hundreds.
    const offered = compilation.diagnostics.flatMap((problem) =>
      problem.fixes.map((fix) => ({ problem, fix })),
    );
    for (const { problem, fix } of offered.slice(0, 12)) {
      const wrong =
        faultOf(text, problem, fix) ?? faultOfIdle(compilation.models, text, problem, fix);
      if (wrong !== undefined) return `${problem.code}: ${wrong}\n${problem.message}\n${fix.title}`;
    }
    return undefined;
  },
};

function faultOf(text: string, problem: Diagnostic, fix: Fix): string | undefined {
  if (fix.edits.length === 0) return 'the fix has no edits';
  if (fix.edits.some(({ span }) => span.file !== subjectPath)) return undefined;
  const sorted = fix.edits.toSorted((left, right) => left.span.start - right.span.start);
  const overlaps = sorted.some(({ span }, at) => span.start < (sorted[at - 1]?.span.end ?? 0));
  if (overlaps) return 'the edits of the fix overlap';
  const repaired = applyFix(text, fix);
  if (repaired === text) return 'the fix changes nothing';
  const after = new Subject(repaired).compilation.diagnostics;
  const start = placeAfter(problem.span.start, sorted);
  const isLeft = after.some(
    ({ code, message, span }) =>
      code === problem.code && message === problem.message && span.start === start,
  );
  if (isLeft) return 'the fix leaves its problem';
  const undone = after.some((next) =>
    next.fixes.some(
      (again) =>
        again.edits.every(({ span }) => span.file === subjectPath) &&
        applyFix(repaired, again) === text,
    ),
  );
  return undone ? 'the fix is undone by another one' : undefined;
}

/** The fix of what is told to change nothing takes that out at every place that it makes, and no more. */
function faultOfIdle(
  models: readonly CompiledModel[],
  text: string,
  problem: Diagnostic,
  fix: Fix,
): string | undefined {
  if (problem.severity !== 'warning' || !problem.message.includes(' changes nothing here')) {
    return undefined;
  }
  const { start } = problem.span;
  const isIdle = ({ origin }: GraphNode): boolean =>
    origin.start === start && origin.file === subjectPath;
  const repaired = new Subject(applyFix(text, fix)).compilation.models;
  const rest = models.map(({ graph }) => operationsOf(graph, isIdle));
  const left = repaired.map(({ graph }) => operationsOf(graph, () => false));
  return JSON.stringify(rest) === JSON.stringify(left)
    ? undefined
    : 'the fix builds another network';
}

/** The operations of a network and how they hang together, without some that pass on what they get. */
function operationsOf(graph: Graph, isLeftOut: (node: GraphNode) => boolean): unknown {
  const numbers: number[] = [];
  const operations: unknown[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => numbers[input]!);
    if (isLeftOut(node)) numbers.push(inputs[0]!);
    else numbers.push(operations.push({ op: node.op, channels: node.channels, inputs }));
  }
  return { operations, outputs: graph.outputs.map(({ name, node }) => [name, numbers[node]]) };
}

/** Where an offset lies after edits; the start of an edit stays where it is. */
function placeAfter(offset: number, edits: readonly TextEdit[]): number {
  return edits
    .filter(({ span }) => span.end <= offset && span.start < offset)
    .reduce((moved, { span, text }) => moved + text.length - (span.end - span.start), offset);
}
