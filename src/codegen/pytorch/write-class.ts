import type { Formula } from '../../ir/formula.js';
import { isMerge } from '../../ir/operations/operation-rules.js';
import type { Names } from '../program/names.js';
import { roleTensors } from '../program/tensor-names.js';
import { valuesOfCall } from './channels.js';
import { docstring } from './docstring.js';
import type { FileParts, NamedClass } from './file-parts.js';
import { printFormula, printWhole, type FormulaScope } from './formulas.js';
import { isAttribute, localNames, snakeCase } from './identifiers.js';
import { layOut } from './layout.js';
import { channelsOfInput, type ModuleStep, type TensorSource } from './module.js';
import { writeOperation, type WrittenOperation } from './operations.js';

/** What a class is made of: its constructor's parameters and lines, and how its steps are written. */
export interface WrittenConstructor {
  /** The class that it derives from. */
  readonly base: string;
  readonly parameters: readonly string[];
  /** What a call gives, in order: channels of inputs by `#0`, others by their names. */
  readonly taken: readonly string[];
  readonly lines: readonly string[];
}

/** Writes the classes of a file; what constructors take is found as they are written. */
export class ClassWriter {
  readonly #constructors = new Map<NamedClass, WrittenConstructor>();

  constructor(readonly parts: FileParts) {}

  /** A class with its constructor and its `forward`. */
  write(own: NamedClass): readonly string[] {
    const { base, parameters, lines } = this.constructorOf(own);
    const signature = ['self', ...parameters].join(', ');
    const init =
      lines.length === 0 ? [] : [...layOut(4, `def __init__(${signature}) -> None:`), ...lines];
    // What is another class with other numbers needs no forward of its own.
    const isOther = own.module.body.steps.length === 1 && base !== 'nn.Module';
    const forward = isOther ? [] : ['', ...this.#forwardOf(own, base)];
    const doc = docstring(4, this.#describe(own));
    const gap = doc.length === 0 || init.length === 0 ? [] : [''];
    const body = [
      ...doc,
      ...gap,
      ...init,
      ...(doc.length + init.length === 0 ? forward.slice(1) : forward),
    ];
    return [`class ${own.called}(${base}):`, ...body];
  }

  #describe({ module }: NamedClass): readonly string[] {
    return module.doc.map((paragraph) => {
      if (typeof paragraph === 'string') return paragraph;
      const like = this.parts.classes.get(paragraph.like)!.called;
      return `Like ${like}${paragraph.remark === '' ? ' of other steps' : `, here ${paragraph.remark}`}.`;
    });
  }

  /** The constructor of a class without the lines around it. */
  constructorOf(own: NamedClass, before: readonly string[] = []): WrittenConstructor {
    const known = this.#constructors.get(own);
    if (known !== undefined) return known;
    const { module } = own;
    const scope = this.scopeOf(own);
    const lines: string[] = [...before, ...this.#keptValues(own, scope.formulas)];
    let base = 'nn.Module';
    let start = 'super().__init__()';
    const holders = new Set<string>();
    for (const step of module.body.steps) {
      const made = this.#makeText(step, own, scope.formulas);
      if (made === undefined) continue;
      if (step.path.includes('/')) {
        const text = this.#filled(step, `${made.className}(${made.args.join(', ')})`);
        lines.push(...hangBelow(step.path, text, holders));
      } else if (step.path === '') {
        base = made.className;
        start = `super().__init__(${made.args.join(', ')})`;
      } else {
        const text = `${made.className}(${made.args.join(', ')})`;
        lines.push(...layOut(8, `self.${step.path} = ${this.#filled(step, text)}`));
      }
    }
    const isFilled = module.body.steps.some(
      (step) => step.path === '' && this.#filled(step, '') !== '',
    );
    const own1 = module.body.steps.find(({ path }) => path === '');
    const all = [
      ...layOut(8, start),
      ...(isFilled ? [`        ${this.#filled(own1!, 'self')}`] : []),
      ...lines,
    ];
    const isPlain = lines.length === 0 && base === 'nn.Module';
    const result: WrittenConstructor = {
      base,
      parameters: scope.parameters(),
      taken: scope.taken(),
      lines: isPlain ? [] : all,
    };
    this.#constructors.set(own, result);
    return result;
  }

  /** Parameters that `forward` reads, as attributes. */
  #keptValues(own: NamedClass, formulas: FormulaScope): readonly string[] {
    return [...this.#forwardReads(own)].map(
      (name) => `        self.${this.#attributeOf(own, name)} = ${formulas.nameOf(name)}`,
    );
  }

  /** The parameters that `forward` reads. */
  #forwardReads(own: NamedClass): ReadonlySet<string> {
    const read = new Set<string>();
    const { formulas } = this.scopeOf(own);
    const forward: FormulaScope = {
      ...formulas,
      nameOf: (name) => {
        read.add(name);
        return name;
      },
    };
    for (const step of own.module.body.steps) {
      if (step.kind === 'operation') this.#written(step, own, formulas, forward);
    }
    return read;
  }

  /** What a parameter is called that `forward` reads. */
  #attributeOf(own: NamedClass, parameter: string): string {
    const name = this.#nameOf(own, parameter);
    const isTaken = own.module.body.steps.some(({ path }) => path.split('/')[0] === name);
    return isAttribute(name, true) && !isTaken ? name : `${name}_value`;
  }

  /** A module that is filled in its own way, where those of a file differ. */
  #filled(step: ModuleStep, text: string): string {
    const { initializers } = this.parts;
    if (step.kind !== 'operation' || initializers.size < 2) return text;
    const { op } = step.operation.node;
    return 'initializer' in op ? `${initializers.get(op.initializer)!}(${text})` : text;
  }

  /** How the module of a step is made; undefined for steps without one. */
  #makeText(step: ModuleStep, own: NamedClass, formulas: FormulaScope): WrittenOperation['module'] {
    if (step.kind === 'operation')
      return this.#written(step, own, formulas, unread(formulas)).module;
    const callee = this.parts.classes.get(step.callee)!;
    const { taken } = this.constructorOf(callee);
    const values = valuesOfCall(step.callee, step.args, step.inputs.map(own.channelsOf));
    const args: string[] = [];
    let isByName = false;
    for (const name of taken) {
      const parameter = step.callee.parameters.find((each) => each.name === name);
      const isLeftOut = parameter?.default?.kind === 'number' && !step.args.has(name);
      if (isLeftOut) {
        isByName = true;
        continue;
      }
      const value = values.get(name)!;
      const text = callee.reals.has(name)
        ? printFormula(value, formulas)
        : printWhole(value, formulas);
      args.push(isByName ? `${this.#nameOf(callee, name)}=${text}` : text);
    }
    return { className: callee.called, args };
  }

  /** A formula in the type of a parameter. */
  printAs(own: NamedClass, name: string, formula: Formula): string {
    const { formulas } = this.scopeOf(own);
    return own.reals.has(name) ? printFormula(formula, formulas) : printWhole(formula, formulas);
  }

  #written(
    step: Extract<ModuleStep, { kind: 'operation' }>,
    own: NamedClass,
    formulas: FormulaScope,
    forward = formulas,
  ): WrittenOperation {
    const [first] = step.inputs;
    const channelsIn: Formula =
      first === undefined ? { kind: 'number', value: 0 } : own.channelsOf(first);
    return writeOperation(step.operation, {
      formulas,
      forward,
      channelsIn,
      helper: this.parts.helper,
    });
  }

  readonly #names = new Map<NamedClass, Map<string, string>>();

  /** What a parameter of a constructor is called. */
  #nameOf(own: NamedClass, parameter: string): string {
    let known = this.#names.get(own);
    if (known === undefined) {
      known = new Map();
      const names = localNames(this.parts.names);
      for (const name of ['self']) names.claim(name, '_');
      for (const { name } of own.module.parameters) {
        known.set(name, names.claim(/^[A-Za-z]\w*$/.test(name) ? name : snakeCase(name), '_value'));
      }
      for (const [index, { name }] of own.module.body.inputs.entries()) {
        const wanted = name === '' && index === 0 ? 'channels' : `${name || 'other'}_channels`;
        known.set(channelsOfInput(index).name, names.claim(wanted, '_in'));
      }
      this.#names.set(own, known);
    }
    return known.get(parameter) ?? parameter;
  }

  /** How the formulas of a class are written, and which parameters they read. */
  scopeOf(own: NamedClass): {
    readonly formulas: FormulaScope;
    readonly parameters: () => readonly string[];
    readonly taken: () => readonly string[];
  } {
    const { module, reals } = own;
    const read = new Set<string>();
    const formulas: FormulaScope = {
      nameOf: (name) => {
        read.add(name);
        return this.#nameOf(own, name);
      },
      isWhole: (name) => !reals.has(name),
      makeDivisible: this.parts.makeDivisible,
    };
    const standardOf = (name: string): Formula | undefined =>
      module.parameters.find((each) => each.name === name)?.default;
    const taken = (): readonly string[] => {
      const inputs = module.body.inputs.map((_, index) => channelsOfInput(index).name);
      const all = [...inputs, ...module.parameters.map(({ name }) => name)];
      const own1 = all.filter((name) => read.has(name));
      const isOptional = (name: string): boolean => standardOf(name)?.kind === 'number';
      return [...own1.filter((name) => !isOptional(name)), ...own1.filter(isOptional)];
    };
    const parameters = (): readonly string[] =>
      taken().map((name) => {
        const type = reals.has(name) ? 'float' : 'int';
        const standard = standardOf(name);
        const ending = standard?.kind === 'number' ? ` = ${printFormula(standard, formulas)}` : '';
        return `${this.#nameOf(own, name)}: ${type}${ending}`;
      });
    return { formulas, parameters, taken };
  }

  #forwardOf(own: NamedClass, base: string): readonly string[] {
    const { body } = own.module;
    const names = localNames(this.parts.names);
    names.claim('self', '_');
    const inputs = inputNames(
      body.inputs.map(({ name }) => name),
      names,
    );
    const isOne = body.outputs.length === 1;
    const tensors = body.outputs.map(() => 'Tensor').join(', ');
    const result = isOne ? 'Tensor' : `tuple[${tensors}]`;
    const parameters = ['self', ...inputs.map((name) => `${name}: Tensor`)].join(', ');
    const isOdd = base !== 'nn.Module' && !this.#fits(own, base);
    const head = layOut(4, `def forward(${parameters}) -> ${result}:`);
    const lines = this.writeBody(own, {
      names,
      inputs,
      specName: specNameOf,
      remark: () => '',
    });
    const marked = isOdd ? [`${head[0]!}  # type: ignore[override]`, ...head.slice(1)] : head;
    return [...marked, ...lines];
  }

  /** Whether `forward` takes and gives what that of its base does: one tensor, or as many. */
  #fits({ module }: NamedClass, base: string): boolean {
    const { inputs, outputs } = module.body;
    const parent = [...this.parts.classes.values()].find(({ called }) => called === base);
    const theirs = parent?.module.body;
    return (
      inputs.length === (theirs?.inputs.length ?? 1) &&
      outputs.length === (theirs?.outputs.length ?? 1)
    );
  }

  /** The lines of `forward`, its `return` the last. */
  writeBody(own: NamedClass, style: ForwardStyle): readonly string[] {
    return new ForwardWriter(
      own,
      style,
      (step, tensors) => {
        const self =
          step.path === ''
            ? 'super().forward'
            : step.path.includes('/')
              ? `self.get_submodule("${step.path.replaceAll('/', '.')}")`
              : `self.${step.path}`;
        if (step.kind === 'call') return `${self}(${tensors.join(', ')})`;
        const isKept = step.operation.node.isFrozen && own.module.isOfModel;
        // What is frozen runs as in prediction.
        if (isKept && step.operation.node.op.kind === 'dropout') return tensors[0]!;
        const { formulas } = this.scopeOf(own);
        const inForward: FormulaScope = {
          ...formulas,
          nameOf: (name) => `self.${this.#attributeOf(own, name)}`,
        };
        return this.#written(step, own, formulas, inForward).value(tensors, self);
      },
      [...this.parts.classes.values()],
    ).lines();
  }
}

/** Names without a note of who reads them. */
const unread = (formulas: FormulaScope): FormulaScope => ({ ...formulas, nameOf: (name) => name });

/**
 * Modules below a name that makes no stage, since steps of other names come between: what
 * holds them is made where the first of them is.
 */
function hangBelow(path: string, text: string, holders: Set<string>): readonly string[] {
  const parts = path.split('/');
  const lines: string[] = [];
  for (let count = 1; count < parts.length; count++) {
    const holder = parts.slice(0, count).join('.');
    if (holders.has(holder)) continue;
    holders.add(holder);
    lines.push(...addModule(parts.slice(0, count), 'nn.ModuleDict()'));
  }
  return [...lines, ...addModule(parts, text)];
}

function addModule(parts: readonly string[], text: string): readonly string[] {
  const name = parts.at(-1)!;
  if (parts.length === 1) return layOut(8, `self.${name} = ${text}`);
  const [first, ...others] = parts.slice(0, -1);
  const holder =
    others.length === 0 ? `self.${first}` : `self.get_submodule("${[first, ...others].join('.')}")`;
  return layOut(8, `${holder}.add_module("${name}", ${text})`);
}

/** How the lines of `forward` are written. */
export interface ForwardStyle {
  readonly names: Names;
  /** The variables of the tensors that come in. */
  readonly inputs: readonly string[];
  /** The name that the spec gives to the tensor of a step. */
  readonly specName: (step: ModuleStep) => string | undefined;
  /** What stands behind the line. */
  readonly remark: (step: ModuleStep) => string;
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
function inputNames(wanted: readonly string[], names: Names): readonly string[] {
  const free = ['x', 'y', 'z'];
  return wanted.map((name) =>
    names.claim(name !== '' ? variableName(name) : (free.shift() ?? 'other'), '_in'),
  );
}

const variableName = (wanted: string): string =>
  /^[A-Za-z_]\w*$/.test(wanted) ? wanted : snakeCase(wanted);

/** Writes the steps of one `forward`, nameless ones inside each other. */
class ForwardWriter {
  readonly #lines: string[] = [];
  readonly #variables = new Map<string, string>();
  /** Variables that mypy knows to be tensors. */
  readonly #typed: Set<string>;
  /** A nameless tensor that is not written yet. */
  #pending: { readonly text: string; readonly depth: number } | undefined;
  #running = 'x';

  constructor(
    readonly own: NamedClass,
    readonly style: ForwardStyle,
    readonly textOf: (step: ModuleStep, tensors: readonly string[]) => string,
    readonly classes: readonly NamedClass[],
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
      this.#lines.push(...layOut(8, `return ${text}`));
    }
    return this.#lines;
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
    const isTyped = isKnown || this.#isTyped(text);
    if (isTyped || mustBeTyped) this.#typed.add(variable);
    const type = mustBeTyped && !isTyped ? ': Tensor' : '';
    this.#lines.push(...layOut(8, `${variable}${type} = ${text}`, remark));
  }

  #giveBack(text: string, step: ModuleStep): void {
    const remark = this.style.remark(step);
    if (this.#isTyped(text)) {
      this.#lines.push(...layOut(8, `return ${text}`, remark));
      return;
    }
    const only = this.style.inputs.find((input) => input === 'x');
    const wanted = this.style.specName(step);
    const variable =
      wanted === undefined && only !== undefined
        ? only
        : this.style.names.claim(variableName(wanted ?? 'result'), '_tensor');
    this.#assign(variable, text, remark, true);
    this.#lines.push(`        return ${variable}`);
  }

  /** Whether mypy takes a text for a tensor: modules give anything. */
  #isTyped(text: string): boolean {
    const terms = termsOf(text);
    if (terms.length > 1) return terms.every((term) => this.#isTyped(term));
    const inner = /^\((.*)$/.exec(text)?.[1];
    if (inner !== undefined) return this.#isTyped(inner);
    const first = /^[A-Za-z_]\w*/.exec(text)?.[0] ?? '';
    if (first === 'self') return false;
    const isCall = text.startsWith(`${first}(`);
    return isCall || ['F', 'torch'].includes(first) || this.#typed.has(first);
  }
}

/** What stands between operators outside of brackets. */
function termsOf(text: string): readonly string[] {
  const terms: string[] = [''];
  let depth = 0;
  for (const sign of text) {
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (sign === ' ' && depth === 0) terms.push('');
    else terms[terms.length - 1] += sign;
  }
  return terms.filter((term) => !['+', '-', '*', '/', ''].includes(term) && !/^\d+$/.test(term));
}

/** What a step calls one of several tensors: its name below the stage. */
function nameOfOutput(step: ModuleStep, at: number): string {
  if (step.kind !== 'call') return 'output';
  const source = step.callee.body.outputs[at]!;
  if (source.from === 'input') return 'output';
  const inner = step.callee.body.steps[source.index]!;
  return inner.nodes.length > 1 ? nameOfOutput(inner, source.output) : inner.path || step.path;
}
