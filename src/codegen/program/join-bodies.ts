import { alignSteps } from './align-steps.js';
import { linesOf, type BodyLine } from './body-lines.js';
import type { BlockCall, BlockFunction, Body, Condition, Step, TensorReference } from './body.js';
import { findConditions, type Presence } from './conditions.js';
import { stepText } from './function-table.js';
import { joinInputs } from './join-inputs.js';
import { JoinedTensors } from './joined-tensors.js';
import type { Target } from './target.js';

/** A function for several variants of a block, and how each of them is a part of it. */
export interface JoinedBody {
  readonly of: BlockFunction;
  readonly members: readonly {
    readonly variant: BlockFunction;
    /** Of each input of the function, which of the variant's it is; undefined for one that it lacks. */
    readonly inputs: readonly (number | undefined)[];
    readonly isFlagged: boolean | undefined;
  }[];
}

/** As many choices a reader keeps in mind, and no more than there are steps without one. */
const mostChoices = 3;

/**
 * One function for variants that differ in a few steps; undefined where
 * - there are more than three choices, or more choices than common steps,
 * - more than one of them is no question about a parameter or about an input,
 * - a choice is one between several steps and others,
 * - or the steps of a choice give more than the tensor of the last of them.
 */
export function joinBodies(
  variants: readonly BlockFunction[],
  target: Target,
): JoinedBody | undefined {
  const inputs = joinInputs(variants.map(({ body }) => body));
  if (inputs === undefined) return undefined;
  const rows = alignSteps(variants.map(({ body }) => body.steps.map((each) => text(each, target))));
  const all = variants.map((_, index) => index);
  const presences = rows.map((row): Presence => all.map((variant) => row.has(variant)));
  const isCommon = (presence: Presence): boolean => presence.every(Boolean);
  const found = findConditions(variants, presences, rows, inputs);
  if (found === undefined || found.choices > mostChoices) return undefined;
  if (found.choices > presences.filter(isCommon).length) return undefined;

  const places = variants.map(
    (_, variant) =>
      new Map(rows.flatMap((row, at) => (row.has(variant) ? [[row.get(variant)!, at]] : []))),
  );
  const toRow = (variant: number, reference: TensorReference): TensorReference =>
    reference.from === 'input'
      ? { from: 'input', index: inputs.places[variant]!.indexOf(reference.index) }
      : { ...reference, index: places[variant]!.get(reference.index)! };
  const tensors = new JoinedTensors(presences);
  const read = rows.map((row) => {
    const [[variant, at]] = [...row] as [[number, number]];
    const { length } = variants[variant]!.body.steps[at]!.inputs;
    return Array.from({ length }, (_, slot) =>
      tensors.resolve(
        [...row].map(([each, own]) => {
          return [each, toRow(each, variants[each]!.body.steps[own]!.inputs[slot]!)] as const;
        }),
      ),
    );
  });
  const outputs = variants[0]!.body.outputs.map((_, slot) =>
    tensors.resolve(
      all.map((each) => [each, toRow(each, variants[each]!.body.outputs[slot]!)] as const),
    ),
  );
  if ([...read.flat(), ...outputs].includes(undefined)) return undefined;
  if (!tensors.areInReach(read as TensorReference[][], outputs as TensorReference[])) {
    return undefined;
  }

  const stepsOf = (own: (variant: number) => Body | undefined): readonly Step[] =>
    rows.map((row, at): Step => {
      const [first] = row.keys();
      const variant = [...row.keys()].find((each) => own(each) !== undefined) ?? first!;
      const body = own(variant) ?? variants[variant]!.body;
      const when = found.conditions[at];
      const otherwise = tensors.otherwise.get(at);
      return {
        ...settled(body.steps[row.get(variant)!]!, when),
        inputs: read[at] as TensorReference[],
        ...(when && { when }),
        ...(otherwise && { otherwise }),
      };
    });
  const body: Body = {
    inputs: inputs.all,
    steps: stepsOf((variant) => variants[variant]!.body),
    outputs: outputs as TensorReference[],
  };
  const calls = variants.flatMap((each, variant) =>
    each.calls.map((call): BlockCall => {
      const steps = stepsOf((at) => (at === variant ? call.body : undefined));
      return { ...call, body: { ...body, steps } };
    }),
  );
  if (linesOf(body.steps).lines.some(isBranching)) return undefined;
  const { id, block, isMaker } = variants[0]!;
  const { flag } = found;
  return {
    of: { id, block, body, calls, isMaker, ...(flag && { flag: flag.name }) },
    members: variants.map((variant, index) => ({
      variant,
      inputs: inputs.places[index]!.map((at) => (at < 0 ? undefined : at)),
      isFlagged: flag?.says[index],
    })),
  };
}

/** An operation without a formula that is one number wherever its condition holds. */
function settled(step: Step, when: Condition | undefined): Step {
  if (step.kind !== 'operation' || when?.by !== 'parameter') return step;
  const formulas = Object.entries(step.operation.formulas).filter(
    ([, formula]) => formula.kind !== 'parameter' || formula.name !== when.name,
  );
  return { ...step, operation: { ...step.operation, formulas: Object.fromEntries(formulas) } };
}

/** Whether a line is a choice between several steps and others. */
const isBranching = (line: BodyLine): boolean =>
  line.kind === 'choice' && line.others.length > 0 && line.taken.length + line.others.length > 2;

/** Equal for steps that are one in a joined function. */
function text(step: Step, target: Target): string {
  const said = step.kind === 'call' ? step.isFlagged : undefined;
  return `${stepText(step, target)} ${step.inputs.length} ${step.others.length} ${String(said)}`;
}
