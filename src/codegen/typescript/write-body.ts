import type { Writer } from '../writer.js';
import type { NodeId } from '../../ir/graph.js';
import type { Body, Step, TensorReference } from '../program/body.js';
import type { Names } from '../program/names.js';
import { roleTensors } from '../program/tensor-names.js';
import { camelCase } from '../program/spelling.js';

/** How the parts of a body are written; the body itself only lines them up. */
export interface BodyStyle {
  /** Names of the body's own scope; what is outside is taken already. */
  readonly names: Names;
  /** The variables of the tensors that come in. */
  readonly inputs: readonly string[];
  /** The call that makes a step's tensor. */
  readonly call: (step: Step, inputs: readonly string[]) => string;
  /** The name that the spec gives to a step's tensor. */
  readonly specName: (step: Step) => string | undefined;
  /** What stands behind the line. */
  readonly remark: (step: Step) => string;
  /** The shape of a tensor, for steps that make several. */
  readonly shapeOf?: (node: NodeId) => string;
  /** Lines of one group stand together. */
  readonly group?: (step: Step) => string;
}

/**
 * Writes the steps of a body, top to bottom; `TensorRole` says which variables there are.
 * Returns how to write each reference.
 */
export function writeBody(
  writer: Writer,
  body: Body,
  style: BodyStyle,
): (reference: TensorReference) => string {
  const roles = roleTensors(body, style.specName);
  const claim = (wanted: string): string => style.names.claim(variableName(wanted), 'Tensor');
  const variables = roles.map((role): readonly string[] => {
    if (role.kind === 'several') return role.wanted.map(claim);
    return role.kind === 'named' ? [claim(role.wanted)] : [];
  });
  const running = roles.filter(({ kind }) => kind === 'running').length;
  const free = ['x', 'y', 'z'].find((name) => style.names.isFree(name)) ?? 'x';
  const x = running === 0 ? '' : style.names.claim(free, 'Running');
  const textOf = (reference: TensorReference): string =>
    reference.from === 'input'
      ? style.inputs[reference.index]!
      : (variables[reference.index]![reference.output ?? 0] ?? x);

  const groups = body.steps.map((step) => style.group?.(step) ?? '');
  let isDeclared = false;
  for (const [index, step] of body.steps.entries()) {
    if (needsGap(groups, index)) writer.gap();
    const call = style.call(step, step.inputs.map(textOf));
    const remark = style.remark(step);
    const ending = remark === '' ? ';' : `; // ${remark}`;
    const { kind } = roles[index]!;
    if (kind === 'result') writer.line(`return ${call}${ending}`);
    else if (kind === 'named') writer.line(`const ${variables[index]![0]} = ${call}${ending}`);
    else if (kind === 'several') {
      const made = variables[index]!;
      const nodes = [step.node, ...step.others.map(({ node }) => node)];
      for (const [at, node] of nodes.entries()) {
        writer.line(`// ${made[at]}: ${style.shapeOf?.(node) ?? ''}`);
      }
      writer.line(`const [${made.join(', ')}] = ${call};`);
    } else {
      const word = isDeclared ? '' : running === 1 ? 'const ' : 'let ';
      writer.line(`${word}${x} = ${call}${ending}`);
      isDeclared = true;
    }
  }
  const isReturned = roles.at(-1)?.kind === 'result';
  const returned = body.outputs.map(textOf);
  if (returned.length > 1) writer.line(`return [${returned.join(', ')}];`);
  else if (returned.length === 1 && !isReturned) writer.line(`return ${returned[0]};`);
  return textOf;
}

/** A tensor with a name in the spec has exactly that; what the compiler named is in camel case. */
const variableName = (wanted: string): string =>
  /^[A-Za-z_]\w*$/.test(wanted) ? wanted : camelCase(wanted);

/** An empty line between groups that follow each other, unless both are single lines. */
function needsGap(groups: readonly string[], index: number): boolean {
  const group = groups[index]!;
  const before = groups[index - 1] ?? '';
  if (group === before) return false;
  return groups[index + 1] === group || (index > 1 && groups[index - 2] === before);
}
