import { counted } from '../../diagnostics/counted.js';
import type { AxisAnalysis } from './analysis.js';

/** Every legal size of one axis in words, for one axis and for both. */
export interface LegalText {
  readonly one: string;
  readonly both: string;
}

/** The words after `whose height is`: `12 mod 16, from 188 on`; `any` where every size is legal. */
export function legalText(axis: AxisAnalysis): LegalText {
  const { modulus, residues, input } = axis;
  const alike = (text: string): LegalText => ({ one: text, both: text });
  if (typeof input === 'number') return alike(String(input));
  const least = Math.min(...residues.map((legal) => legal.minimum));
  if (residues.some((legal) => legal.maximum !== Infinity)) {
    return alike(rangesText(axis, (ranges) => joined(ranges, 'or')));
  }
  if (residues.length === modulus) return alike(least === 1 ? 'any' : `at least ${least}`);
  if (isMultiple(axis)) {
    const from = least > modulus ? `, from ${least} on` : '';
    return { one: `a multiple of ${modulus}${from}`, both: `multiples of ${modulus}${from}` };
  }
  const list = residueList(residues, (parts) => joined(parts, 'or'));
  return alike(`${list} mod ${modulus}, from ${least} on`);
}

/** Every legal size as messages and tables list it: `H is 0, 4 mod 16, from 188 on`. */
export function describeLegal(axis: AxisAnalysis): string {
  const { modulus, residues, input } = axis;
  const name = typeof input === 'string' ? input : axis.axis === 0 ? 'height' : 'width';
  if (residues.length === 0) return `no ${name} is legal`;
  const least = Math.min(...residues.map((legal) => legal.minimum));
  const inList = (parts: readonly string[]): string => parts.join(', ');
  if (residues.some((legal) => legal.maximum !== Infinity)) {
    return `${name} is ${rangesText(axis, inList)}`;
  }
  if (residues.length === modulus) return `${name} is at least ${least}`;
  const from = modulus === 1 ? '' : `, from ${least} on`;
  return isMultiple(axis)
    ? `${name} is a multiple of ${modulus}${least > modulus ? from : ''}`
    : `${name} is ${residueList(residues, inList)} mod ${modulus}${from}`;
}

/** Words in a list: `a, b and c`. */
export function joined(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

const isMultiple = ({ residues }: AxisAnalysis): boolean =>
  residues.length === 1 && residues[0]?.residue === 0;

type Join = (parts: readonly string[]) => string;

/** Longer lists are not read. */
const listLimit = 12;

/** Sizes of which some residues end: `0 mod 4 from 8 to 64, 3 mod 4 from 7 on`. */
function rangesText({ modulus, residues }: AxisAnalysis, join: Join): string {
  const shown = residues.slice(0, listLimit).map(({ residue, minimum, maximum }) => {
    if (minimum === maximum) return String(minimum);
    if (maximum === Infinity) return `${residue} mod ${modulus} from ${minimum} on`;
    return `${modulus === 1 ? '' : `${residue} mod ${modulus} `}from ${minimum} to ${maximum}`;
  });
  const hidden = residues.length - shown.length;
  const more = hidden === 0 ? '' : `, or of ${counted(hidden, 'other residue')} mod ${modulus}`;
  return `${join(shown)}${more}`;
}

/** `0, 4, 8`; of many `0 to 5, 8 to 63`, and of many such runs their number. */
function residueList(legal: AxisAnalysis['residues'], join: Join): string {
  const residues = legal.map(({ residue }) => residue);
  if (residues.length <= listLimit) return join(residues.map(String));
  const runs: { first: number; last: number }[] = [];
  for (const residue of [...residues].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.last === residue - 1) run.last = residue;
    else runs.push({ first: residue, last: residue });
  }
  if (runs.length > listLimit) return `one of ${residues.length} residues`;
  return join(
    runs.map(({ first, last }) => (first === last ? String(first) : `${first} to ${last}`)),
  );
}
