import type { Formula } from '../../ir/formula.js';
import { valuesOfCall } from './channels.js';
import { ClassScopes, type ClassScope } from './class-scope.js';
import { docstring } from '../python/docstring.js';
import type { FileParts, NamedClass } from './file-parts.js';
import { printFormula, printWhole, type FormulaScope } from '../python/formulas.js';
import { ForwardWriter, inputNames, specNameOf, type ForwardStyle } from './forward.js';
import { isAttribute, localNames } from './identifiers.js';
import { InPlace } from './in-place.js';
import { layOut } from '../python/layout.js';
import { passesInputsOn, type ModuleStep } from './module.js';
import { normCall } from './norm-classes.js';
import { writeOperation } from './operations.js';
import type { WrittenOperation } from './words.js';

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

  readonly #scopes: ClassScopes;

  readonly #inPlace = new InPlace();

  constructor(readonly parts: FileParts) {
    this.#scopes = new ClassScopes(parts);
  }

  /** A class with its constructor and its `forward`. */
  write(own: NamedClass): readonly string[] {
    const { base, parameters, lines } = this.constructorOf(own);
    const signature = ['self', ...parameters].join(', ');
    const init =
      lines.length === 0 ? [] : [...layOut(4, `def __init__(${signature}) -> None:`), ...lines];
    // What is another class with other numbers needs no forward of its own.
    const isOther = base !== 'nn.Module' && this.#isInherited(own);
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

  /** Whether its `forward` is that of its base: it passes on what comes in, and nothing is done before. */
  #isInherited(own: NamedClass): boolean {
    const [step] = own.module.body.steps;
    if (step === undefined || !passesInputsOn(own.module.body)) return false;
    if (step.kind === 'call') return true;
    const { formulas } = this.#scopes.scopeOf(own);
    const text = this.#written(step, own, formulas, unread(formulas)).value(
      ['x'],
      'super().forward',
    );
    return text === 'super().forward(x)';
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
    const scope = this.#scopes.scopeOf(own);
    const lines: string[] = [...before, ...this.#keptValues(own, scope.formulas)];
    let base = 'nn.Module';
    let start = 'super().__init__()';
    const modules = module.body.steps.filter(
      ({ path }, at, all) => path === '' || all.findIndex((each) => each.path === path) === at,
    );
    const held = modules.flatMap((step) => {
      const made = this.#makeText(step, own, scope.formulas);
      return made === undefined ? [] : [{ step, made }];
    });
    for (const { step, made } of held) {
      if (step.path === '') {
        base = made.className;
        start = `super().__init__(${made.args.join(', ')})`;
        continue;
      }
      const text = this.#filled(step, `${made.className}(${made.args.join(', ')})`);
      lines.push(...layOut(8, `self.${step.path} = ${text}`));
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
    const { formulas } = this.#scopes.scopeOf(own);
    const forward: FormulaScope = {
      ...formulas,
      nameOf: (name) => {
        read.add(name);
        return name;
      },
    };
    for (const step of own.module.body.steps) {
      // An operation may read them as late as its value is written.
      if (step.kind === 'operation') {
        const inputs = step.inputs.map(() => 'x');
        this.#written(step, own, formulas, forward).value(inputs, `self.${step.path}`);
      }
    }
    return read;
  }

  /** What a parameter is called that `forward` reads. */
  #attributeOf(own: NamedClass, parameter: string): string {
    const name = this.#scopes.nameOf(own, parameter);
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
      args.push(isByName ? `${this.#scopes.nameOf(callee, name)}=${text}` : text);
    }
    return { className: callee.called, args };
  }

  /** How the formulas of a class are written, and which parameters they read. */
  scopeOf(own: NamedClass): ClassScope {
    return this.#scopes.scopeOf(own);
  }

  /** A formula in the type of a parameter. */
  printAs(own: NamedClass, name: string, formula: Formula): string {
    const { formulas } = this.#scopes.scopeOf(own);
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
      mayOverwrite: this.#inPlace.mayOverwrite(own.module.body, step),
      helper: this.parts.helper,
    });
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
    const isOdd = !this.#fits(own, base);
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

  /**
   * Whether `forward` takes and gives what those of its bases do; `derived` is the body of the
   * class whose base is asked about.
   */
  #fits({ module }: NamedClass, base: string, derived = module.body): boolean {
    const { inputs, outputs } = module.body;
    if (base === 'nn.Module') return true;
    const parent = [...this.parts.classes.values()].find(({ called }) => called === base);
    const theirs = parent?.module.body;
    const isAlike =
      inputs.length === (theirs ?? derived.steps.find(({ path }) => path === ''))?.inputs.length &&
      outputs.length === (theirs?.outputs.length ?? 1);
    if (parent === undefined) return isAlike;
    return isAlike && this.#fits({ ...parent, module }, this.constructorOf(parent).base, theirs);
  }

  /** The lines of `forward`, its `return` the last. */
  writeBody(own: NamedClass, style: ForwardStyle): readonly string[] {
    return new ForwardWriter(own, style, (step, tensors) => {
      const self = step.path === '' ? 'super().forward' : `self.${step.path}`;
      const base = (): string => this.constructorOf(own).base;
      const asNorm = normCall(own, step, { base, self, tensors, parts: this.parts });
      if (asNorm !== undefined) return asNorm;
      if (step.kind === 'call') return `${self}(${tensors.join(', ')})`;
      const isKept = step.operation.node.isFrozen && own.module.isOfModel;
      // What is frozen runs as in prediction.
      if (isKept && step.operation.node.op.kind === 'dropout') return tensors[0]!;
      const { formulas } = this.#scopes.scopeOf(own);
      const inForward: FormulaScope = {
        ...formulas,
        nameOf: (name) => `self.${this.#attributeOf(own, name)}`,
      };
      return this.#written(step, own, formulas, inForward).value(tensors, self);
    }).lines();
  }
}

/** Names without a note of who reads them. */
const unread = (formulas: FormulaScope): FormulaScope => ({ ...formulas, nameOf: (name) => name });
