import { networks } from '../networks/reference.js';
import { readCases, type Case } from './cases.js';

/** Values of parameters, in the language's notation. */
type Settings = Readonly<Record<string, string>>;

/** Forms of specs that no reference has. */
const moreForms: Readonly<Record<string, readonly Settings[]>> = {
  'blood-cells-mobilenet': [{ alpha: '0.35' }],
  'unet-3-plus': [
    { base: '4', guide: 'logits' },
    { base: '4', guide: 'probabilities' },
    { base: '4', guide: 'probabilities', deep: 'true', classes: '3' },
  ],
};

/** A case with the parameters that make it narrow: the references' own, where there are some. */
export interface Form {
  readonly name: string;
  readonly of: Case;
  readonly set: Settings;
}

export const forms: readonly Form[] = readCases()
  .filter((each) => each.isValid)
  .flatMap((of) => {
    const narrow = networks
      .filter(({ spec, runs }) => spec === of.name && runs.length > 0)
      .map(({ small }) => small);
    const hasBase = /\(.*base: int/s.test(of.text);
    const all = [...narrow, ...(moreForms[of.name] ?? [])];
    const sets = all.length > 0 ? all : [hasBase ? { base: '4' } : {}];
    return sets.map((set) => {
      const words = Object.entries(set).map(([key, value]) => `${key}=${value}`);
      return { name: [of.name, ...words].join(' '), of, set };
    });
  });
