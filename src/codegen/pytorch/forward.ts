import { isMerge } from '../../ir/operations/operation-rules.js';
import type { Names } from '../program/names.js';
import { roleTensors } from '../program/tensor-names.js';
import type { NamedClass } from './file-parts.js';
import { snakeCase } from '../python/names.js';
import { layOut } from '../python/layout.js';
import type { ModuleStep, TensorSource } from './module.js';
import { isTyped } from './typed-text.js';

/** How the lines of `forward` are written. */
export interface ForwardStyle {
  readonly names: Names;
  /** The variables of the tensors that come in. */
  readonly inputs: readonly string[];
  /** The name that the spec gives to the tensor of a step. */
  readonly specName: (step: ModuleStep) => string | undefined;
  /** What stands behind the line. */
  readonly remark: (step: ModuleStep) => string;
  /** The part of the network that a step is of: blank lines stand between parts. */
  readonly partOf?: (step: ModuleStep) => string;
  /** What is returned of several outputs. */
  readonly result?: (variables: readonly string[]) => string;
}

/** As `specNameOf` of programs. */
export function specNameOf(step: ModuleStep): string | undefined {
  const own = /^\/([A-Za-z_]\w*)$/.exec(step.suffix)?.[1];
  if (own === undefined) return undefined;
  const word = step.kind === 'call' ? step.callee.word : step.operation.word;
  const isNumbered = own.startsWith(word) && /^\d+$/.test(own.slice(word.length));
  return isNumbered ? undefined : own;
}

/** Names of what comes in: those of the spec, else x, y, z. */
export function inputNames(wanted: readonly string[], names: Names): readonly string[] {
  const free = ['x', 'y', 'z'];
  return wanted.map((name) =>
    names.claim(name !== '' ? variableName(name) : (free.shift() ?? 'other'), '_in'),
  );
}

const variableName = (wanted: string): string =>
  /^[A-Za-z_]\w*$/.test(wanted) ? wanted : snakeCase(wanted);

/** Writes the steps of one `forward`, nameless ones inside each other. */
export class ForwardWriter {
  readonly #lines: string[] = [];
  readonly #variables = new Map<string, string>();
  /** Variables that mypy knows to be tensors. */
  readonly #typed: Set<string>;
  /** A nameless tensor that is not written yet. */
  #pending: { readonly text: string; readonly depth: number } | undefined;
  #running = 'x';
  #part: string | undefined;
  /** Whether the next line begins another part. */
  #isApart = false;

  constructor(
    readonly own: NamedClass,
    readonly style: ForwardStyle,
    readonly textOf: (step: ModuleStep, tensors: readonly string[]) => string,
  ) {
    this.#typed = new Set(style.inputs);
  }

  lines(): readonly string[] {
    const { body } = this.own.module;
    const { names } = this.style;
    const isOne = body.outputs.length === 1;
    const given = new Set(
      body.outputs.flatMap((source) => (source.from === 'step' ? [source.index] : [])),
    );
    const named = body.steps.map((step) => {
      const [first, ...others] = step.nodes.map((node, at) => ({
        node,
        name: nameOfOutput(step, at),
      }));
      return { ...step, others, firstName: first!.name };
    });
    const roles = roleTensors({ steps: named, outputs: body.outputs }, this.style.specName);
    this.#running = this.#runningName(
      roles.flatMap(({ kind }, index) => (kind === 'running' ? [index] : [])),
    );
    for (const [index, step] of body.steps.entries()) {
      this.#enter(step);
      const role = roles[index]!;
      const isNamed = role.kind === 'named';
      if (step.nodes.length > 1) {
        const variables = step.nodes.map((_, at) => {
          const variable = names.claim(variableName(nameOfOutput(step, at)), '_tensor');
          this.#variables.set(`${index} ${at}`, variable);
          return variable;
        });
        this.#take(step, (text) => this.#assign(variables.join(', '), text, ''));
        continue;
      }
      if (role.kind === 'running') {
        this.#run(step);
        continue;
      }
      if (isNamed) {
        const variable = names.claim(variableName(role.wanted), '_tensor');
        this.#variables.set(`${index} 0`, variable);
        const isLast = isOne && given.has(index);
        this.#take(step, (text) => this.#assign(variable, text, this.style.remark(step), isLast));
      } else {
        this.#take(step, (text) => this.#giveBack(text, step));
      }
    }
    if (roles.at(-1)?.kind !== 'result') {
      const variables = body.outputs.map((source) => this.#nameOf(source));
      const text = this.style.result?.(variables) ?? variables.join(', ');
      this.#write(layOut(8, `return ${text}`));
    }
    return this.#lines;
  }

  #enter(step: ModuleStep): void {
    const part = this.style.partOf?.(step);
    this.#isApart ||= this.#part !== undefined && part !== this.#part;
    this.#part = part;
  }

  #write(lines: readonly string[]): void {
    if (this.#isApart && this.#lines.length > 0) this.#lines.push('');
    this.#isApart = false;
    this.#lines.push(...lines);
  }

  /** `x`, also where that came in and is no longer read; else what is free. */
  #runningName(running: readonly number[]): string {
    const { names, inputs } = this.style;
    if (running.length === 0) return '';
    const { steps, outputs } = this.own.module.body;
    const first = running[0]!;
    const isReadLater = (at: number): boolean =>
      outputs.some((source) => source.from === 'input' && source.index === at) ||
      steps.some(
        (step, index) =>
          index > first && step.inputs.some((each) => each.from === 'input' && each.index === at),
      );
    const [only] = inputs;
    if (inputs.length === 1 && only === 'x' && !isReadLater(0)) return 'x';
    const free = ['x', 'y', 'z'].find((name) => names.isFree(name)) ?? 'x';
    return names.claim(free, '_running');
  }

  #nameOf(source: TensorSource): string {
    if (source.from === 'input') return this.style.inputs[source.index]!;
    return this.#variables.get(`${source.index} ${source.output}`) ?? this.#running;
  }

  /** Writes a step with what is pending inside it, where that is short enough. */
  #take(step: ModuleStep, write: (text: string) => void): void {
    const plain = this.textOf(
      step,
      step.inputs.map((source) => this.#nameOf(source)),
    );
    const long = this.#nestedText(step);
    const remark = this.style.remark(step);
    const name = this.style.specName(step) ?? 'return';
    const isLong = 8 + `${name} = ${long}  # ${remark}`.length > 88;
    const nested = isLong && remark !== '' ? undefined : long;
    this.#pending = nested === undefined ? this.#flush() : undefined;
    write(nested ?? plain);
  }

  #run(step: ModuleStep): void {
    const nested = this.#nestedText(step);
    const depth = (this.#pending?.depth ?? 0) + 1;
    if (nested === undefined) this.#flush();
    const text =
      nested ??
      this.textOf(
        step,
        step.inputs.map((source) => this.#nameOf(source)),
      );
    this.#pending = { text, depth: nested === undefined ? 1 : depth };
    const isBent = step.kind === 'operation' && step.operation.node.op.kind === 'activation';
    if (isBent) this.#pending = this.#flush();
  }

  /** A step that reads the pending tensor once, with its text in that place. */
  #nestedText(step: ModuleStep): string | undefined {
    const pending = this.#pending;
    if (pending === undefined || pending.depth > 2) return undefined;
    const isPending = (source: TensorSource): boolean =>
      source.from === 'step' && this.#nameOf(source) === this.#running;
    if (step.inputs.filter(isPending).length !== 1) return undefined;
    if (step.kind === 'operation' && isMerge(step.operation.node.op) && pending.depth > 1) {
      return undefined;
    }
    const tensors = step.inputs.map((source) =>
      isPending(source) ? pending.text : this.#nameOf(source),
    );
    const text = this.textOf(step, tensors);
    const times = text.split(pending.text).length - 1;
    return times === 1 && text.length <= 60 ? text : undefined;
  }

  /** Writes what is pending as a line of its own. */
  #flush(): undefined {
    if (this.#pending !== undefined) this.#assign(this.#running, this.#pending.text, '');
    this.#pending = undefined;
    return undefined;
  }

  #assign(variable: string, text: string, remark: string, mustBeTyped = false): void {
    if (variable === text) return;
    const isKnown = this.#typed.has(variable);
    const isTensor = isKnown || isTyped(text, this.#typed);
    if (isTensor || mustBeTyped) this.#typed.add(variable);
    const type = mustBeTyped && !isTensor ? ': Tensor' : '';
    this.#write(layOut(8, `${variable}${type} = ${text}`, remark));
  }

  #giveBack(text: string, step: ModuleStep): void {
    const remark = this.style.remark(step);
    if (isTyped(text, this.#typed)) {
      this.#write(layOut(8, `return ${text}`, remark));
      return;
    }
    const only = this.style.inputs.find((input) => input === 'x');
    const wanted = this.style.specName(step);
    const variable =
      wanted === undefined && only !== undefined
        ? only
        : this.style.names.claim(variableName(wanted ?? 'result'), '_tensor');
    this.#assign(variable, text, remark, true);
    this.#write([`        return ${variable}`]);
  }
}

/** What a step calls one of several tensors: its name below the stage. */
function nameOfOutput(step: ModuleStep, at: number): string {
  if (step.kind !== 'call') return 'output';
  const source = step.callee.body.outputs[at]!;
  if (source.from === 'input') return 'output';
  const inner = step.callee.body.steps[source.index]!;
  return inner.nodes.length > 1 ? nameOfOutput(inner, source.output) : inner.path || step.path;
}
