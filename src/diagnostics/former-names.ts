import { ownValue } from './own-value.js';

/** How something is called that had another name before version 1.0. */
export interface FormerName {
  readonly now: string;
  /** Values of the option or the field that were others, as written. */
  readonly values?: Readonly<Record<string, string>>;
}

/** By the old name: layers, fields, options and parameters of the standard library. */
const formerNames: Readonly<Record<string, FormerName>> = {
  swish: { now: 'silu' },
  colours: { now: 'colors' },
  decay: { now: 'rho' },
  sums: { now: 'per', values: { sample: 'image' } },
  constants: { now: 'norm_form' },
  tapped: { now: 'taps_at' },
  early_s16: { now: 's16_at', values: { true: 'first', false: 'last' } },
  end: { now: 's32_at' },
};

/** What a name is called today, where that is one of the known names. */
export function formerName(name: string, known: readonly string[]): FormerName | undefined {
  const former = ownValue(formerNames, name);
  return former !== undefined && known.includes(former.now) ? former : undefined;
}
