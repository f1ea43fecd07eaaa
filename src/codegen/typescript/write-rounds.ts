import type { CallArgument, Step, TensorReference } from '../program/body.js';
import type { Rounds, RoundReference, RoundStep } from '../program/rounds.js';
import { camelCase } from '../program/spelling.js';
import type { Writer } from '../writer.js';
import type { FormulaNames } from './expressions.js';
import { printFormula } from './expressions.js';

/** How one step of rounds keeps its tensors. */
type Keeping =
  /** Only its own round reads them. */
  | { readonly kind: 'local'; readonly name: string }
  /** The next round reads the last one, or what comes after the rounds. */
  | { readonly kind: 'running'; readonly name: string }
  /** Others are read, too: all have a place, by their numbers. */
  | { readonly kind: 'list'; readonly name: string };

/** What writing rounds needs of the body around them. */
export interface RoundsStyle {
  readonly claim: (wanted: string, what: string) => string;
  readonly textOf: (reference: TensorReference) => string;
  readonly call: (step: Step, inputs: readonly string[], flag?: string) => string;
  readonly formulas: FormulaNames;
}

/** Rounds with names for their tensors; what comes after reads them by `textOf`. */
export class WrittenRounds {
  readonly #keeping: readonly Keeping[];

  constructor(
    readonly rounds: Rounds,
    isReadAfter: (index: number) => boolean,
    claim: RoundsStyle['claim'],
  ) {
    this.#keeping = rounds.steps.map((step, at): Keeping => {
      const name = claim(camelCase(step.stem), 'Tensors');
      return { kind: this.#kindOf(at, isReadAfter), name };
    });
  }

  /** The tensor of a step inside, for what stands after the rounds. */
  textOf(index: number): string {
    const { start, first, steps } = this.rounds;
    const { kind, name } = this.#keeping[(index - start) % steps.length]!;
    const round = Math.floor((index - start) / steps.length);
    return kind === 'list' ? `${name}[${first + round}]!` : name;
  }

  write(writer: Writer, style: RoundsStyle): void {
    const { rounds } = this;
    const { first, count, steps, initial } = rounds;
    for (const [at, { kind, name }] of this.#keeping.entries()) {
      const before = initial.get(at);
      if (kind === 'running') {
        const value = before === undefined ? ': Tensor' : ` = ${style.textOf(before)}`;
        writer.line(`let ${name}${value};`);
      }
      if (kind === 'list') {
        const isFirst = before !== undefined && first === 1;
        writer.line(`const ${name}: Tensor[] = [${isFirst ? style.textOf(before) : ''}];`);
        if (before !== undefined && !isFirst) {
          writer.line(`${name}[${first - 1}] = ${style.textOf(before)};`);
        }
      }
    }
    const i = style.claim('i', 'Round');
    const columns: { readonly name: string; readonly cells: readonly string[] }[] = [];
    const addColumn = (wanted: string, cells: readonly string[]): string => {
      const known = columns.find((each) => each.cells.join() === cells.join());
      if (known?.name === wanted) return wanted;
      const name = style.claim(camelCase(wanted), 'Value');
      columns.push({ name, cells });
      return name;
    };
    const lines = steps.map((step, at) => this.#lineOf(step, at, i, style, addColumn));
    if (columns.length === 0) {
      writer.line(`for (let ${i} = ${first}; ${i} <= ${first + count - 1}; ${i}++) {`);
    } else {
      writer.line(`for (const [${[i, ...columns.map(({ name }) => name)].join(', ')}] of [`);
      for (let round = 0; round < count; round++) {
        writer.line(
          `[${[first + round, ...columns.map(({ cells }) => cells[round]!)].join(', ')}],`,
        );
      }
      writer.line('] as const) {');
    }
    for (const line of lines) writer.line(line);
    writer.line('}');
  }

  #lineOf(
    step: RoundStep,
    at: number,
    i: string,
    style: RoundsStyle,
    addColumn: (wanted: string, cells: readonly string[]) => string,
  ): string {
    const args = new Map<string, CallArgument>();
    for (const [name, value] of step.args) {
      if (!Array.isArray(value)) args.set(name, value as CallArgument);
      else {
        const cells = value.map((each) => printFormula(each, style.formulas));
        args.set(name, { kind: 'parameter', name: addColumn(name, cells) });
      }
    }
    const { example, stem, flags, given } = step;
    const flag = flags && addColumn(example.block.flag!, flags.map(String));
    const inputs = step.inputs.map((each) => this.#inputText(each, i, style));
    if (given !== undefined) {
      const { name } = example.block.body.inputs.at(-1)!;
      const isGiven = addColumn(`has_${name}`, given.map(String));
      inputs.push(`${isGiven} ? ${inputs.pop()!} : undefined`);
    }
    const call = { ...example, args, suffix: `/${stem}\${${i}}` };
    const text = style.call(
      call,
      inputs,
      flag ?? (example.isFlagged === true ? 'true' : undefined),
    );
    const { kind, name } = this.#keeping[at]!;
    const start = { local: `const ${name}`, running: name, list: `${name}[${i}]` }[kind];
    return `${start} = ${text};`;
  }

  #inputText(input: RoundReference, i: string, style: RoundsStyle): string {
    if (input.from === 'outside') return style.textOf(input.reference);
    const { kind, name } = this.#keeping[input.step]!;
    if (kind !== 'list') return name;
    return input.from === 'round' ? `${name}[${i}]!` : `${name}[${i} - 1]!`;
  }

  #kindOf(at: number, isReadAfter: (index: number) => boolean): Keeping['kind'] {
    const { start, count, steps, length } = this.rounds;
    const indices = Array.from({ length: count }, (_, round) => start + round * steps.length + at);
    const after = indices.filter(isReadAfter);
    const last = start + length - steps.length + at;
    const reads = steps.flatMap(({ inputs }, reader) =>
      inputs.flatMap((each) =>
        each.from !== 'outside' && each.step === at ? [{ from: each.from, reader }] : [],
      ),
    );
    const isCarried = reads.some(({ from }) => from === 'before');
    if (after.some((index) => index !== last)) return 'list';
    if (!isCarried && after.length === 0) return 'local';
    const isInOrder = reads.every(({ from, reader }) =>
      from === 'before' ? reader <= at : reader > at,
    );
    return isInOrder ? 'running' : 'list';
  }
}
