import { inputOf } from './inputs/input.js';
import { minimise } from './minimise.js';
import { Subject, type Property } from './properties/property.js';

/** One kind of fault with the smallest text that was found to show it. */
export interface Finding {
  readonly property: string;
  /** What is wrong: a first line that names the kind, then details. */
  readonly fault: string;
  readonly text: string;
  /** The number of the input that showed it first. */
  readonly index: number;
}

export interface FuzzOptions {
  readonly seed: number;
  /** The number of the first input. */
  readonly from: number;
  readonly count: number;
  readonly properties: readonly Property[];
  readonly corpus: readonly string[];
  readonly onFinding?: (finding: Finding) => void;
  /** Called after each input with how many there were. */
  readonly onProgress?: (done: number) => void;
  /** Whether to go on. */
  readonly goesOn?: () => boolean;
}

/** Tries inputs one after the other; each kind of fault is told once, minimised. */
export async function fuzz(options: FuzzOptions): Promise<readonly Finding[]> {
  const { seed, from, count, properties, corpus } = options;
  const findings: Finding[] = [];
  const known = new Set<string>();
  for (let index = from; index < from + count; index++) {
    const text = inputOf(seed, index, corpus);
    const subject = new Subject(text);
    for (const property of properties) {
      const fault = await faultOf(property, subject);
      if (fault === undefined) continue;
      const kind = kindOf(property, fault);
      if (known.has(kind)) continue;
      known.add(kind);
      const finding = await smallest(property, kind, text, index);
      findings.push(finding);
      options.onFinding?.(finding);
    }
    options.onProgress?.(index - from + 1);
    if (options.goesOn?.() === false) break;
  }
  return findings;
}

/** What a text does wrong, a throw included. */
async function faultOf(property: Property, subject: Subject): Promise<string | undefined> {
  try {
    return await property.check(subject);
  } catch (error) {
    if (!(error instanceof Error)) return `Throws ${String(error)}`;
    const place =
      error.stack
        ?.split('\n')
        .find((line) => /^\s+at /.test(line))
        ?.trim() ?? '';
    return `Throws ${error.message.split('\n')[0]!} ${place}\n${error.stack ?? ''}`;
  }
}

/** Faults whose first lines differ in nothing but places and quoted words are of one kind. */
const kindOf = ({ name }: Property, fault: string): string =>
  `${name}: ${fault.split('\n')[0]!.replace(/"[^"]*"|:\d+:\d+|\(.*\)/g, '')}`;

async function smallest(
  property: Property,
  kind: string,
  text: string,
  index: number,
): Promise<Finding> {
  const fails = async (candidate: string): Promise<boolean> => {
    const fault = await faultOf(property, new Subject(candidate));
    return fault !== undefined && kindOf(property, fault) === kind;
  };
  const small = await minimise(text, fails);
  const fault = (await faultOf(property, new Subject(small))) ?? kind;
  return { property: property.name, fault, text: small, index };
}
