import type { CommandContext, ExitCode } from './context.js';

interface OptionBase {
  /** One line for `--help`, starting in lower case, without a final period. */
  readonly help: string;
  /** One letter, so that `-x` is the same option. */
  readonly short?: string;
}

/** What one option of a command is. */
export type OptionDescription =
  | (OptionBase & { readonly kind: 'flag' })
  | (OptionBase & { readonly kind: 'text'; readonly value: string; readonly required?: true })
  | (OptionBase & {
      readonly kind: 'integer';
      readonly value: string;
      readonly minimum: number;
      /** What may stand in the place of a number. */
      readonly words?: readonly string[];
      readonly required?: true;
    })
  | (OptionBase & {
      readonly kind: 'choice';
      readonly choices: readonly string[];
      readonly required?: true;
    })
  | (OptionBase & { readonly kind: 'list'; readonly value: string });

/** The options of a command by their long names, as written after `--`. */
export type OptionDescriptions = Readonly<Record<string, OptionDescription>>;

/** One argument that is not an option. Optional and repeated ones come last. */
export interface ArgumentDescription {
  /** In capitals, as `--help` shows it. */
  readonly name: string;
  readonly help: string;
  readonly optional?: true;
  /** One or more of them (with `optional`, none as well). */
  readonly repeated?: true;
}

type ValueOf<D extends OptionDescription> = D extends { kind: 'flag' }
  ? boolean
  : D extends { kind: 'list' }
    ? readonly string[]
    : SingleValue<D> | (D extends { required: true } ? never : undefined);

type SingleValue<D extends OptionDescription> = D extends { kind: 'integer' }
  ? number | (D extends { words: readonly (infer W)[] } ? W : never)
  : D extends { choices: readonly (infer C)[] }
    ? C
    : string;

/** The values of the options, typed by their descriptions. */
export type OptionValues<O extends OptionDescriptions> = {
  readonly [K in keyof O]: ValueOf<O[K]>;
};

/** A call of a command with its arguments checked. */
export interface Invocation<O extends OptionDescriptions = OptionDescriptions> {
  readonly arguments: readonly string[];
  readonly options: OptionValues<O>;
}

/** What parsing and `--help` need to know of a command. */
export interface CommandDescription {
  readonly name: string;
  /** What it does, in one or more sentences. */
  readonly description: string;
  readonly arguments: readonly ArgumentDescription[];
  readonly options: OptionDescriptions;
  /** Calls that show how it is used, with a remark for each. */
  readonly examples?: readonly { readonly call: string; readonly remark: string }[];
}

/** A command of the program. */
export interface Command extends CommandDescription {
  readonly run: (invocation: Invocation, context: CommandContext) => Promise<ExitCode>;
}

/** Declares a command; the types of the values that `run` sees follow from `options`. */
export function defineCommand<const O extends OptionDescriptions>(
  command: CommandDescription & {
    readonly options: O;
    readonly run: (invocation: Invocation<O>, context: CommandContext) => Promise<ExitCode>;
  },
): Command {
  // Sound because parse-arguments.ts makes the values from these same descriptions.
  return command as unknown as Command;
}
