import { blockKey } from '../../ir/block.js';
import { followedBy, parametersNeeded } from './block-parameters.js';
import type { BlockCall, BlockFunction, Body, CallArgument, Step } from './body.js';
import { joinBodies, type JoinedBody } from './join-bodies.js';
import type { Target } from './target.js';

/** Functions that some variants of a block became, and bodies that call them. */
export interface JoinedVariants {
  /** A function comes after those it calls. */
  readonly functions: readonly BlockFunction[];
  readonly models: readonly Body[];
}

/**
 * Makes one function of the variants of a block where that reads as well: where they are
 * alike but for a few steps (`joinBodies` has the rule). Variants that fit no others stay.
 */
export function joinVariants(
  functions: readonly BlockFunction[],
  models: readonly Body[],
  target: Target,
): JoinedVariants {
  if (target.joinsVariants !== true) return { functions, models };
  const joiner = new Joiner(functions, target);
  const joined = joiner.all();
  return { functions: joined, models: models.map((body) => joiner.rewrite(body)) };
}

/** What became of one variant. */
interface Place {
  readonly of: BlockFunction;
  /** Of each input of the function, which of the variant's it is; undefined for one that it lacks. */
  readonly inputs: readonly (number | undefined)[];
  readonly isFlagged: boolean | undefined;
  readonly calls: ReadonlyMap<BlockCall['scope'], BlockCall>;
}

class Joiner {
  readonly #variants = new Map<string, BlockFunction[]>();
  readonly #places = new Map<BlockFunction, Place>();
  readonly #made: BlockFunction[] = [];

  constructor(
    functions: readonly BlockFunction[],
    readonly target: Target,
  ) {
    for (const each of functions) {
      const key = keyOf(each);
      this.#variants.set(key, [...(this.#variants.get(key) ?? []), each]);
    }
  }

  all(): readonly BlockFunction[] {
    for (const key of [...this.#variants.keys()]) this.#join(key);
    return this.#made;
  }

  /** A body that calls what became of the functions it called. */
  rewrite(body: Body): Body {
    return { ...body, steps: body.steps.map((step) => this.#rewriteStep(step)) };
  }

  #rewriteStep(step: Step): Step {
    if (step.kind === 'operation') return step;
    const place = this.#places.get(step.block)!;
    const call = place.calls.get(step.scope)!;
    const args = new Map<string, CallArgument>();
    for (const { name } of parametersNeeded(place.of)) {
      const argument = call.args.get(name);
      if (argument !== undefined) args.set(name, argument);
    }
    const inputs = place.inputs.flatMap((at) => (at === undefined ? [] : [step.inputs[at]!]));
    const { isFlagged } = place;
    return {
      ...step,
      block: place.of,
      args,
      inputs,
      ...(isFlagged !== undefined && { isFlagged }),
    };
  }

  /** Joins the variants of one block, after those of the blocks that they call. */
  #join(key: string): void {
    const variants = this.#variants.get(key)!;
    if (this.#places.has(variants[0]!)) return;
    const called = variants.flatMap(({ body }) =>
      body.steps.flatMap((step) => (step.kind === 'call' ? [keyOf(step.block)] : [])),
    );
    for (const each of new Set(called)) this.#join(each);
    const own = variants.map((variant): BlockFunction => ({
      ...variant,
      body: this.rewrite(variant.body),
      calls: variant.calls.map((call) => ({ ...call, body: this.rewrite(call.body) })),
    }));
    for (const group of this.#groups(own)) {
      const { of, members } = group;
      this.#made.push(of);
      for (const { variant, inputs, isFlagged } of members) {
        const old = variants[own.indexOf(variant)]!;
        const calls = new Map(old.calls.map((call) => [call.scope, call]));
        this.#places.set(old, { of, inputs, isFlagged, calls });
      }
    }
  }

  /** All in one function, or else each with the first others that it fits. */
  #groups(own: readonly BlockFunction[]): readonly JoinedBody[] {
    // Layers that are made first leave no place for a choice.
    if (own[0]!.isMaker) return own.map((variant) => this.#joined([variant])!);
    const whole = this.#joined(own);
    if (whole !== undefined) return [whole];
    const groups: { readonly variants: readonly BlockFunction[]; readonly made: JoinedBody }[] = [];
    for (const variant of own) {
      const alone = { variants: [variant], made: this.#joined([variant])! };
      const fitting = groups.findIndex(
        ({ variants }) => this.#joined([...variants, variant]) !== undefined,
      );
      if (fitting < 0) groups.push(alone);
      else {
        const variants = [...groups[fitting]!.variants, variant];
        groups[fitting] = { variants, made: this.#joined(variants)! };
      }
    }
    return groups.map(({ made }) => made);
  }

  #joined(variants: readonly BlockFunction[]): JoinedBody | undefined {
    const [only, ...others] = variants;
    if (others.length === 0) {
      const inputs = only!.body.inputs.map((_, index) => index);
      return { of: only!, members: [{ variant: only!, inputs, isFlagged: undefined }] };
    }
    const joined = joinBodies(variants, this.target);
    return joined !== undefined && variants.every((each) => canGive(each, joined.of))
      ? joined
      : undefined;
  }
}

/** Equal for functions of one block that may be joined. */
const keyOf = ({ block, isMaker }: BlockFunction): string => `${blockKey(block)} ${isMaker}`;

/**
 * Whether the calls of a variant can give what the joined function asks: a number that
 * follows from parameters which a caller of the model may choose is right for one value.
 */
function canGive(variant: BlockFunction, joined: BlockFunction): boolean {
  const known = new Set(parametersNeeded(variant).map(({ name }) => name));
  const added = parametersNeeded(joined).filter(({ name }) => !known.has(name));
  return added.every(({ name }) =>
    variant.calls.every(({ args, scope, open }) => {
      const argument = args.get(name);
      if (argument === undefined) return false;
      const isNumber = argument !== 'default' && argument.kind === 'number';
      return !isNumber || !followedBy(scope, name).some((each) => open.has(each));
    }),
  );
}
