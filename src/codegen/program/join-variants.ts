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
  /** The blocks that call themselves, on their own or through others. */
  readonly #recursive: ReadonlySet<string>;

  constructor(
    functions: readonly BlockFunction[],
    readonly target: Target,
  ) {
    for (const each of functions) {
      const key = keyOf(each);
      this.#variants.set(key, [...(this.#variants.get(key) ?? []), each]);
    }
    this.#recursive = recursiveKeys(this.#variants);
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
    if (this.#recursive.has(key)) {
      for (const variant of variants) this.#leaveAlone(variant);
      return;
    }
    if (this.#places.has(variants[0]!)) return;
    for (const each of calledKeys(variants)) this.#join(each);
    const own = variants.map((variant) => this.#rewritten(variant));
    for (const group of this.#groups(own)) {
      this.#place(group, (variant) => variants[own.indexOf(variant)]!);
    }
  }

  /** A variant of a block that calls itself is a function of its own, after those that it calls. */
  #leaveAlone(variant: BlockFunction): void {
    if (this.#places.has(variant)) return;
    for (const block of calledBy(variant)) {
      const key = keyOf(block);
      if (this.#recursive.has(key)) this.#leaveAlone(block);
      else this.#join(key);
    }
    this.#place(this.#joined([this.#rewritten(variant)])!, () => variant);
  }

  #rewritten(variant: BlockFunction): BlockFunction {
    return {
      ...variant,
      body: this.rewrite(variant.body),
      calls: variant.calls.map((call) => ({ ...call, body: this.rewrite(call.body) })),
    };
  }

  /** @param oldOf the variant as it was before its calls were rewritten */
  #place({ of, members }: JoinedBody, oldOf: (variant: BlockFunction) => BlockFunction): void {
    this.#made.push(of);
    for (const { variant, inputs, isFlagged } of members) {
      const old = oldOf(variant);
      const calls = new Map(old.calls.map((call) => [call.scope, call]));
      this.#places.set(old, { of, inputs, isFlagged, calls });
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

const calledBy = ({ body }: BlockFunction): readonly BlockFunction[] =>
  body.steps.flatMap((step) => (step.kind === 'call' ? [step.block] : []));

const calledKeys = (variants: readonly BlockFunction[]): ReadonlySet<string> =>
  new Set(variants.flatMap(calledBy).map(keyOf));

/** The blocks among whose calls, and the calls of those, they are themselves. */
function recursiveKeys(
  variants: ReadonlyMap<string, readonly BlockFunction[]>,
): ReadonlySet<string> {
  const called = new Map([...variants].map(([key, own]) => [key, calledKeys(own)]));
  const reaches = (key: string): boolean => {
    const seen = new Set<string>();
    const open = [...called.get(key)!];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === key) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...called.get(next)!);
    }
    return false;
  };
  return new Set([...variants.keys()].filter(reaches));
}

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
