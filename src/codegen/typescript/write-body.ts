import type { Writer } from '../writer.js';
import type { Body, Step, TensorReference } from './body.js';
import { camelCase, type Names } from './identifiers.js';

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
  /** Lines of one group stand together. */
  readonly group?: (step: Step) => string;
}

/**
 * Writes the steps of a body, top to bottom. A tensor with a name in the spec
 * has that name; one that only the next line reads is the running `x`; others
 * are called by what made them. Returns how to write each reference.
 */
export function writeBody(
  writer: Writer,
  body: Body,
  style: BodyStyle,
): (reference: TensorReference) => string {
  const running = findRunning(body, style);
  const variables = nameSteps(body, style, running);
  const free = ['x', 'y', 'z'].find((name) => style.names.isFree(name)) ?? 'x';
  const x = running.size === 0 ? '' : style.names.claim(free, 'Running');
  const textOf = (reference: TensorReference): string =>
    reference.from === 'input' ? style.inputs[reference.index]! : (variables[reference.index] ?? x);

  const groups = body.steps.map((step) => style.group?.(step) ?? '');
  let isDeclared = false;
  for (const [index, step] of body.steps.entries()) {
    if (needsGap(groups, index)) writer.gap();
    const call = style.call(step, step.inputs.map(textOf));
    const remark = style.remark(step);
    const ending = remark === '' ? ';' : `; // ${remark}`;
    const isResult =
      body.output?.from === 'step' &&
      body.output.index === index &&
      index === body.steps.length - 1;
    if (isResult) writer.line(`return ${call}${ending}`);
    else if (!running.has(index)) writer.line(`const ${variables[index]} = ${call}${ending}`);
    else {
      const word = isDeclared ? '' : running.size === 1 ? 'const ' : 'let ';
      writer.line(`${word}${x} = ${call}${ending}`);
      isDeclared = true;
    }
  }
  const { output } = body;
  const isReturned = output?.from === 'step' && output.index === body.steps.length - 1;
  if (output !== undefined && !isReturned) writer.line(`return ${textOf(output)};`);
  return textOf;
}

/** Steps without a name whose tensor the next line alone reads, as its only nameless one. */
function findRunning(body: Body, style: BodyStyle): ReadonlySet<number> {
  const readers = body.steps.map((): number[] => []);
  for (const [index, step] of body.steps.entries()) {
    for (const input of step.inputs) if (input.from === 'step') readers[input.index]!.push(index);
  }
  const isNameless = (index: number): boolean => style.specName(body.steps[index]!) === undefined;
  const result = new Set<number>();
  for (const index of body.steps.keys()) {
    const next = body.steps[index + 1];
    if (next === undefined || !isNameless(index)) continue;
    if (body.output?.from === 'step' && body.output.index === index) continue;
    const nameless = new Set(
      next.inputs.flatMap((input) =>
        input.from === 'step' && isNameless(input.index) ? [input.index] : [],
      ),
    );
    const isNextOnly =
      readers[index]!.length > 0 && readers[index]!.every((at) => at === index + 1);
    if (isNextOnly && nameless.size === 1) result.add(index);
  }
  return result;
}

function nameSteps(
  body: Body,
  style: BodyStyle,
  running: ReadonlySet<number>,
): readonly (string | undefined)[] {
  const { output } = body;
  return body.steps.map((step, index) => {
    if (running.has(index)) return undefined;
    const isLast = index === body.steps.length - 1;
    if (output?.from === 'step' && output.index === index && isLast) return undefined;
    const own = style.specName(step);
    if (own !== undefined) return style.names.claim(own, 'Tensor');
    return style.names.claim(plainName(step.suffix), 'Tensor');
  });
}

/** `/h/conv1` -> `hConv`, `/conv2` -> `conv2`, `/block_11` -> `block11` */
function plainName(suffix: string): string {
  return camelCase(suffix.replace(/(?<=[a-z])1$/, '') || 'result');
}

/** An empty line between groups that follow each other, unless both are single lines. */
function needsGap(groups: readonly string[], index: number): boolean {
  const group = groups[index]!;
  const before = groups[index - 1] ?? '';
  if (group === before) return false;
  return groups[index + 1] === group || (index > 1 && groups[index - 2] === before);
}
