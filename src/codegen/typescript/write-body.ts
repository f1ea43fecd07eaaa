import type { Writer } from '../writer.js';
import { linesOf, type BodyLine, type ChoiceLine, type RoundsLine } from '../program/body-lines.js';
import type { Body, Step, TensorReference } from '../program/body.js';
import { needsGap } from '../program/model-lines.js';
import { roleTensors, type TensorRole } from '../program/tensor-names.js';
import { findRounds } from '../program/rounds.js';
import { camelCase } from '../program/spelling.js';
import type { BodyStyle, TextOf } from './body-style.js';
import { WrittenRounds } from './write-rounds.js';

/**
 * Writes the steps of a body, top to bottom; `TensorRole` says which variables there are.
 * Returns how to write each reference.
 */
export function writeBody(writer: Writer, body: Body, style: BodyStyle): TextOf {
  return new BodyWriter(writer, body, style).write();
}

class BodyWriter {
  readonly #lines: readonly BodyLine[];
  readonly #lineOf: readonly number[];
  readonly #roles: readonly TensorRole[];
  readonly #variables: readonly (readonly string[])[];
  readonly #x: string;
  readonly #runs: number;
  readonly #rounds: readonly WrittenRounds[];
  #isDeclared = false;

  constructor(
    readonly writer: Writer,
    readonly body: Body,
    readonly style: BodyStyle,
  ) {
    const rounds = style.formulas === undefined ? [] : findRounds(body.steps);
    const { lines, lineOf } = linesOf(body.steps, rounds);
    this.#lines = lines;
    this.#lineOf = lineOf;
    const toLine = (reference: TensorReference): TensorReference =>
      reference.from === 'input' ? reference : { ...reference, index: lineOf[reference.index]! };
    const steps = lines.map((line, index) => {
      const read = inputsOf(line).map(toLine);
      const isOutside = (each: TensorReference): boolean =>
        each.from === 'input' || each.index !== index;
      return { ...madeBy(line), inputs: read.filter(isOutside) };
    });
    const roles = roleTensors({ steps, outputs: body.outputs.map(toLine) }, style.specName);
    this.#roles = roles.map((role, index) =>
      lines[index]!.kind === 'rounds' ? { kind: 'several', wanted: [] } : role,
    );
    this.#rounds = rounds.map(
      (each) =>
        new WrittenRounds(
          each,
          (index) => isReadFrom(body, index, each.start + each.length),
          (wanted, what) => style.names.claim(wanted, what),
        ),
    );
    this.#variables = this.#roles.map((role): readonly string[] => {
      if (role.kind === 'several') return role.wanted.map((wanted) => this.#claim(wanted));
      return role.kind === 'named' ? [this.#claim(role.wanted)] : [];
    });
    this.#runs = this.#roles.filter(({ kind }) => kind === 'running').length;
    this.#x = this.#runs === 0 ? '' : this.#claimRunning();
  }

  write(): TextOf {
    const { writer, body, style } = this;
    const groups = this.#lines.map((line) => style.group?.(madeBy(line)) ?? '');
    for (const [index, line] of this.#lines.entries()) {
      if (needsGap(groups, index)) writer.gap();
      if (line.kind === 'rounds') {
        this.#writeRounds(line);
        continue;
      }
      const text = this.#textOfLine(line);
      if (text === undefined) this.#writeChoice(line as ChoiceLine, index);
      else this.#writeLine(madeBy(line), index, text);
    }
    const isReturned = this.#roles.at(-1)?.kind === 'result';
    const returned = body.outputs.map(this.#textOf);
    if (returned.length > 1) writer.line(`return [${returned.join(', ')}];`);
    else if (returned.length === 1 && !isReturned) writer.line(`return ${returned[0]};`);
    return this.#textOf;
  }

  readonly #textOf: TextOf = (reference) => {
    if (reference.from === 'input') return this.style.inputs[reference.index]!;
    const line = this.#lineOf[reference.index]!;
    const own = this.#lines[line]!;
    if (own.kind === 'rounds') return this.#writtenOf(own).textOf(reference.index);
    return this.#variables[line]![reference.output ?? 0] ?? this.#x;
  };

  #writtenOf({ rounds }: RoundsLine): WrittenRounds {
    return this.#rounds.find((each) => each.rounds === rounds)!;
  }

  #writeRounds(line: RoundsLine): void {
    const { names, call, formulas } = this.style;
    this.#writtenOf(line).write(this.writer, {
      claim: (wanted, what) => names.claim(wanted, what),
      textOf: this.#textOf,
      call,
      formulas: formulas!,
    });
  }

  #claim(wanted: string): string {
    return this.style.names.claim(variableName(wanted), 'Tensor');
  }

  #claimRunning(): string {
    const { names } = this.style;
    return names.claim(['x', 'y', 'z'].find((name) => names.isFree(name)) ?? 'x', 'Running');
  }

  /** What makes the tensor of a line in one expression; undefined for a choice of several steps. */
  #textOfLine(line: Exclude<BodyLine, RoundsLine>): string | undefined {
    const callOf = (step: Step): string => this.style.call(step, step.inputs.map(this.#textOf));
    if (line.kind === 'step') return callOf(line.step);
    const { taken, others, otherwise, condition } = line;
    const [one, two] = [taken, others];
    if (one.length > 1 || two.length > 1) return undefined;
    const yes = callOf(one[0]!);
    const no = two[0] === undefined ? this.#textOf(otherwise!) : callOf(two[0]);
    const question = this.style.question!({ ...condition, is: true });
    if (condition.by === 'input' && !condition.is && no === question) return `${no} ?? ${yes}`;
    return condition.is ? `${question} ? ${yes} : ${no}` : `${question} ? ${no} : ${yes}`;
  }

  #writeLine(step: Step, index: number, text: string): void {
    const { writer, style } = this;
    const remark = style.remark(step);
    const ending = remark === '' ? ';' : `; // ${remark}`;
    const { kind } = this.#roles[index]!;
    if (kind === 'result') writer.line(`return ${text}${ending}`);
    else if (kind === 'named')
      writer.line(`const ${this.#variables[index]![0]} = ${text}${ending}`);
    else if (kind === 'several') {
      const made = this.#variables[index]!;
      const nodes = [step.node, ...step.others.map(({ node }) => node)];
      for (const [at, node] of nodes.entries()) {
        writer.line(`// ${made[at]}: ${style.shapeOf?.(node) ?? ''}`);
      }
      writer.line(`const [${made.join(', ')}] = ${text};`);
    } else {
      const word = this.#isDeclared ? '' : this.#runs === 1 ? 'const ' : 'let ';
      writer.line(`${word}${this.#x} = ${text}${ending}`);
      this.#isDeclared = true;
    }
  }

  /** A choice with several steps on a side: its variable, and blocks that assign it. */
  #writeChoice({ taken, others, otherwise, condition }: ChoiceLine, index: number): void {
    const { writer, style } = this;
    const { kind } = this.#roles[index]!;
    const isResult = kind === 'result';
    const variable = this.#variables[index]![0] ?? this.#x;
    const before = otherwise && this.#textOf(otherwise);
    if (!isResult) {
      const isNew = kind === 'named' || !this.#isDeclared;
      const word = isNew ? 'let ' : '';
      if (before === undefined && isNew) writer.line(`let ${variable}: Tensor;`);
      else if (before !== undefined && before !== variable) {
        writer.line(`${word}${variable} = ${before};`);
      }
      if (kind === 'running') this.#isDeclared = true;
    }
    const assign = (text: string): string =>
      isResult ? `return ${text};` : `${variable} = ${text};`;
    writer.line(`if (${style.question!(condition)}) {`);
    this.#writeSide(taken, assign);
    if (others.length > 0 && !isResult) writer.line('} else {');
    else writer.line('}');
    if (others.length > 0) {
      this.#writeSide(others, assign);
      if (!isResult) writer.line('}');
    } else if (isResult) writer.line(`return ${before};`);
  }

  /** The steps of one side; `assign` takes what the last of them makes. */
  #writeSide(steps: readonly Step[], assign: (text: string) => string): void {
    const { writer, style, body } = this;
    const first = body.steps.indexOf(steps[0]!);
    const isInside = (each: TensorReference): boolean =>
      each.from === 'step' && each.index >= first && each.index < first + steps.length;
    const inner = steps.map((step) => ({
      ...step,
      inputs: step.inputs.filter(isInside).map((each) => ({ ...each, index: each.index - first })),
    }));
    const outputs = [{ from: 'step', index: steps.length - 1 } as const];
    const roles = roleTensors({ steps: inner, outputs }, style.specName);
    const x = roles.some(({ kind }) => kind === 'running') ? this.#claimRunning() : '';
    const names = roles.map((role) => (role.kind === 'named' ? this.#claim(role.wanted) : x));
    let isDeclared = false;
    for (const [index, step] of steps.entries()) {
      const inputs = step.inputs.map((each) =>
        isInside(each) ? names[each.index - first]! : this.#textOf(each),
      );
      const text = style.call(step, inputs);
      if (roles[index]!.kind === 'result') writer.line(assign(text));
      else if (roles[index]!.kind === 'named') writer.line(`const ${names[index]} = ${text};`);
      else {
        const isOnly = roles.filter(({ kind }) => kind === 'running').length === 1;
        writer.line(`${isDeclared ? '' : isOnly ? 'const ' : 'let '}${x} = ${text};`);
        isDeclared = true;
      }
    }
  }
}

/** The step whose tensor a line makes. */
function madeBy(line: BodyLine): Step {
  if (line.kind === 'step') return line.step;
  return (line.kind === 'choice' ? line.taken : line.steps).at(-1)!;
}

/** Whether a tensor is read by what stands from a step on, or goes out. */
const isReadFrom = ({ steps, outputs }: Body, index: number, from: number): boolean =>
  [...steps.slice(from).flatMap((step) => [...step.inputs, step.otherwise]), ...outputs].some(
    (each) => each?.from === 'step' && each.index === index,
  );

/** All that a line reads. */
function inputsOf(line: BodyLine): readonly TensorReference[] {
  if (line.kind === 'step') return line.step.inputs;
  if (line.kind === 'rounds') return line.steps.flatMap(({ inputs }) => inputs);
  const { taken, others, otherwise } = line;
  const own = [...taken, ...others].flatMap(({ inputs }) => inputs);
  return otherwise === undefined ? own : [...own, otherwise];
}

/** A tensor with a name in the spec has exactly that; what the compiler named is in camel case. */
const variableName = (wanted: string): string =>
  /^[A-Za-z_]\w*$/.test(wanted) ? wanted : camelCase(wanted);
