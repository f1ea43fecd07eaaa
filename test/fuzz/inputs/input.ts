import { Random } from '../random.js';
import { generated } from './generated.js';
import { mutant } from './mutants.js';

/**
 * The input of a number: a text of the corpus or a generated spec, most often changed.
 * Equal seed, number and corpus give the equal text, so that one finding can be
 * repeated without those before it.
 */
export function inputOf(seed: number, index: number, corpus: readonly string[]): string {
  const random = new Random(seed, index);
  const isGenerated = random.below(4) === 0;
  const text = isGenerated ? generated(random) : shortRather(random, corpus);
  return isGenerated && random.below(2) === 0 ? text : mutant(text, random, corpus);
}

/** Short texts more often than long ones: more inputs in the same time. */
function shortRather(random: Random, corpus: readonly string[]): string {
  const [one, other] = [random.pick(corpus), random.pick(corpus)];
  return one.length < other.length === random.below(8) > 0 ? one : other;
}
