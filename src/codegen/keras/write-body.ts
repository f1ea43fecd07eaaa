import type { NodeId } from '../../ir/graph.js';
import type { Body, Step, TensorReference } from '../program/body.js';
import { needsGap } from '../program/model-lines.js';
import { roleTensors } from '../program/tensor-names.js';
import { layOut } from '../python/layout.js';
import { snakeCase } from '../python/names.js';
import type { LocalNames } from './file-parts.js';

/** How the parts of a body are written. */
export interface BodyStyle {
  readonly locals: LocalNames;
  /** How far lines are indented: 4 blanks unless given. */
  readonly indent?: number;
  /** The call that makes a step's tensor. */
  readonly call: (step: Step, inputs: readonly string[]) => string;
  /** The name that the spec gives to a step's tensor. */
  readonly specName: (step: Step) => string | undefined;
  /** What stands beside a line that makes the tensor of a node. */
  readonly shapeOf?: (step: Step, node: NodeId) => string;
  /** Lines of one group stand together. */
  readonly group?: (step: Step) => string;
}

/** The lines of a body, and how each tensor of it is written. */
export interface WrittenBody {
  readonly lines: readonly string[];
  readonly textOf: (reference: TensorReference) => string;
}

/** Writes the steps of a body, top to bottom; `TensorRole` says which variables there are. */
export function writeBody(body: Body, style: BodyStyle): WrittenBody {
  const { names, inputs } = style.locals;
  const { indent = 4 } = style;
  const roles = roleTensors(body, style.specName);
  const first = roles.findIndex(({ kind }) => kind === 'running');
  const x = first < 0 ? '' : runningName(body, style.locals, first);
  const claim = (wanted: string): string => names.claim(variableName(wanted), '_tensor');
  const variables = roles.map((role): readonly string[] => {
    if (role.kind === 'several') return role.wanted.map(claim);
    return role.kind === 'named' ? [claim(role.wanted)] : [];
  });
  const textOf = (reference: TensorReference): string =>
    reference.from === 'input'
      ? inputs[reference.index]!
      : (variables[reference.index]![reference.output ?? 0] ?? x);
  const groups = body.steps.map((step) => style.group?.(step) ?? '');
  const lines: string[] = [];
  for (const [index, step] of body.steps.entries()) {
    if (index > 0 && needsGap(groups, index)) lines.push('');
    const call = style.call(step, step.inputs.map(textOf));
    const { kind } = roles[index]!;
    const made = variables[index]!;
    const shape = (node: NodeId): string => style.shapeOf?.(step, node) ?? '';
    if (kind === 'several') {
      const nodes = [step.node, ...step.others.map(({ node }) => node)];
      for (const [at, node] of nodes.entries()) {
        if (shape(node) !== '') lines.push(`${' '.repeat(indent)}# ${made[at]!}: ${shape(node)}`);
      }
      lines.push(...layOut(indent, `${made.join(', ')} = ${call}`));
      continue;
    }
    const text = kind === 'result' ? `return ${call}` : `${made[0] ?? x} = ${call}`;
    lines.push(...layOut(indent, text, shape(step.node)));
  }
  if (body.outputs.length > 0 && roles.at(-1)?.kind !== 'result') {
    lines.push(...layOut(indent, `return ${body.outputs.map(textOf).join(', ')}`));
  }
  return { lines, textOf };
}

/** A tensor with a name in the spec has exactly that; what the compiler named is in snake case. */
const variableName = (wanted: string): string =>
  /^[A-Za-z_]\w*$/.test(wanted) ? wanted : snakeCase(wanted);

/** `x`, also where that came in and is no longer read; else what is free. */
function runningName(
  { steps, outputs }: Body,
  { names, inputs }: LocalNames,
  first: number,
): string {
  const reads = (at: number): boolean =>
    outputs.some((source) => source.from === 'input' && source.index === at) ||
    steps.some(
      (step, index) =>
        index > first && step.inputs.some((each) => each.from === 'input' && each.index === at),
    );
  const at = inputs.indexOf('x');
  if (at >= 0 && !reads(at)) return 'x';
  const free = ['x', 'y', 'z'].find((name) => names.isFree(name)) ?? 'x';
  return names.claim(free, '_running');
}
