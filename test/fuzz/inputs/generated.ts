import * as fc from 'fast-check';
import { randomSpec } from '../../codegen/random-specs.js';
import { anySpec } from '../../ir/sizes/random-spec.js';
import { section } from '../../parser/random-tree.js';
import { printSection } from '../../../src/parser/format/format.js';
import type { Random } from '../random.js';
import { randomParts } from './random-parts.js';

const arbitraries: readonly fc.Arbitrary<string>[] = [
  anySpec,
  randomSpec,
  section.map(printSection),
  randomParts,
];

/** A spec made from nothing: networks of odd sizes, blocks that call each other, any tree. */
export function generated(random: Random): string {
  const [text] = fc.sample(random.pick(arbitraries), { seed: random.below(2 ** 31), numRuns: 1 });
  return text!;
}
