import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import type { SourceFile } from '../../../diagnostics/source.js';
import { createResolver } from '../../../project/imports.js';
import type { WeightSource } from '../../../runtime/pretrained/weight-source.js';
import {
  combinationsOf,
  countCombinations,
  memberOf,
  splitValues,
  type Variation,
} from '../../../runtime/sweeps/members.js';
import type { CompiledMember } from '../../../runtime/sweeps/results.js';
import { compileRun, type RunWishes } from '../../../runtime/training/run-spec.js';
import type { CommandContext } from '../../context.js';
import { parseSettings } from '../../one-model.js';
import { nowhere, reportDiagnostics } from '../../report.js';
import { weightSourceOf, type WeightWishes } from '../../weights.js';

/** Trainings of a sweep at most: more are a slip of the hand. */
const mostMembers = 1000;

/** A member that compiles, with what it is trained from. */
export interface PlannedMember extends CompiledMember {
  readonly sources: readonly SourceFile[];
  readonly weights: WeightSource | undefined;
}

/** What a call says of all members. */
export interface MemberWishes extends Pick<RunWishes, 'model' | 'epochs' | 'batch' | 'seed'> {
  readonly folds: boolean;
  readonly weights: WeightWishes;
}

/** The values that a call gives parameters by `--set NAME=VALUE,VALUE`; those of one name add up. */
export function readVariation(
  written: readonly string[],
  folds: boolean,
): { readonly variation: Variation } | { readonly diagnostics: readonly Diagnostic[] } {
  const checked = parseSettings(written);
  if ('diagnostics' in checked) return checked;
  const variation = new Map<string, readonly string[]>();
  const diagnostics: Diagnostic[] = [];
  for (const setting of written) {
    const at = setting.indexOf('=');
    const name = setting.slice(0, at);
    const values = splitValues(setting.slice(at + 1));
    if (values.includes('')) {
      const expected = 'NAME=VALUE,VALUE without an empty value';
      const parameters = { option: '--set', value: setting, expected };
      diagnostics.push(createDiagnostic('command-option-bad-value', parameters, { at: nowhere }));
    }
    variation.set(name, [...(variation.get(name) ?? []), ...values]);
  }
  for (const [name, values] of variation) {
    const value = values.find((each, at) => values.indexOf(each) < at);
    if (value === undefined || value === '') continue;
    diagnostics.push(createDiagnostic('sweep-value-twice', { name, value }, { at: nowhere }));
  }
  const members = countCombinations(variation);
  if (members === 1 && !folds && diagnostics.length === 0) {
    diagnostics.push(createDiagnostic('sweep-of-one', {}, { at: nowhere }));
  }
  if (members > mostMembers) {
    const parameters = { members, limit: mostMembers };
    diagnostics.push(createDiagnostic('sweep-too-large', parameters, { at: nowhere }));
  }
  return diagnostics.length > 0 ? { diagnostics } : { variation };
}

/** Compiles every member; undefined where one has mistakes. Each message is reported once. */
export function planMembers(
  { path, text }: SourceFile,
  variation: Variation,
  { folds, weights: weightWishes, ...common }: MemberWishes,
  context: CommandContext,
): readonly PlannedMember[] | undefined {
  const resolve = createResolver(path, context);
  const members: PlannedMember[] = [];
  const told = new Set<string>();
  let hasFailed = false;
  for (const set of combinationsOf(variation)) {
    const counted = folds ? countFolds(set) : [undefined];
    for (const fold of counted ?? []) plan(set, fold);
  }
  return hasFailed ? undefined : members;

  function compile(set: Readonly<Record<string, string>>, fold: number | undefined) {
    return compileRun(path, text, { ...common, set, resolve, fold });
  }

  /** The folds of some values; undefined where their recipe has a mistake. */
  function countFolds(set: Readonly<Record<string, string>>): readonly number[] | undefined {
    const { run } = compile(set, undefined);
    const split = run?.recipe.data.split;
    if (split?.kind === 'folds') return Array.from({ length: split.count }, (_, fold) => fold);
    // The first fold says what is wrong.
    plan(set, 0);
    return undefined;
  }

  function plan(set: Readonly<Record<string, string>>, fold: number | undefined): void {
    const member = memberOf(set, fold);
    const { run, sources, diagnostics } = compile(set, fold);
    tell(member.name, diagnostics, sources);
    const source = run && weightSourceOf(path, run.model, weightWishes, context);
    if (source !== undefined && 'diagnostics' in source)
      tell(member.name, source.diagnostics, sources);
    if (run === undefined || source === undefined || 'diagnostics' in source) hasFailed = true;
    else members.push({ ...member, run, sources, weights: source.source });
  }

  function tell(
    name: string,
    diagnostics: readonly Diagnostic[],
    sources: readonly SourceFile[],
  ): void {
    const keyOf = ({ code, message, span }: Diagnostic): string =>
      `${code} ${span.file} ${span.start} ${message}`;
    const fresh = diagnostics.filter((each) => !told.has(keyOf(each)));
    for (const each of fresh) told.add(keyOf(each));
    if (fresh.length === 0) return;
    context.stderr.line(`${name}:`);
    reportDiagnostics(fresh, context, { sources });
  }
}
