import type { Formula } from '../../ir/formula.js';
import type { FileParts, NamedClass } from './file-parts.js';
import { printFormula, type FormulaScope } from '../python/formulas.js';
import { snakeCase } from '../python/names.js';
import { localNames } from './identifiers.js';
import { channelsOfInput } from './module.js';

/** How the formulas of one class are written, and what its constructor takes. */
export interface ClassScope {
  readonly formulas: FormulaScope;
  /** The constructor's parameters with types and defaults: those that were read so far. */
  readonly parameters: () => readonly string[];
  /** The same as the module has them: channels of inputs by `#0`, others by their names. */
  readonly taken: () => readonly string[];
}

/** What parameters of constructors are called. */
export class ClassScopes {
  constructor(readonly parts: FileParts) {}

  readonly #names = new Map<NamedClass, Map<string, string>>();

  /** What a parameter of a constructor is called. */
  nameOf(own: NamedClass, parameter: string): string {
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
  scopeOf(own: NamedClass): ClassScope {
    const { module, reals } = own;
    const read = new Set<string>();
    const formulas: FormulaScope = {
      nameOf: (name) => {
        read.add(name);
        return this.nameOf(own, name);
      },
      isWhole: (name) => !reals.has(name),
      makeDivisible: this.parts.makeDivisible,
    };
    const standardsOf = (): ReadonlyMap<string, Formula | undefined> =>
      new Map(module.parameters.map((each) => [each.name, each.default]));
    const taken = (): readonly string[] => {
      const standards = standardsOf();
      const inputs = module.body.inputs.map((_, index) => channelsOfInput(index).name);
      const all = [...inputs, ...module.parameters.map(({ name }) => name)];
      const own1 = all.filter((name) => read.has(name));
      const isOptional = (name: string): boolean => standards.get(name)?.kind === 'number';
      return [...own1.filter((name) => !isOptional(name)), ...own1.filter(isOptional)];
    };
    const parameters = (): readonly string[] => {
      const standards = standardsOf();
      return taken().map((name) => {
        const type = reals.has(name) ? 'float' : 'int';
        const standard = standards.get(name);
        const ending = standard?.kind === 'number' ? ` = ${printFormula(standard, formulas)}` : '';
        return `${this.nameOf(own, name)}: ${type}${ending}`;
      });
    };
    return { formulas, parameters, taken };
  }
}
