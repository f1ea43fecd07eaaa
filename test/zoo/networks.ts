import { readdirSync, readFileSync } from 'node:fs';
import { compileText, type CompiledModel } from '../../src/compile.js';

/** Values of parameters, in the language's notation. */
type Settings = Readonly<Record<string, string>>;

/** A network of the zoo in PyTorch; `test/oracles/README.md` says where the numbers come from. */
export interface ZooReference {
  readonly name: string;
  /** Parameters that make the network narrow. */
  readonly small: Readonly<Record<string, number | boolean>>;
  /** Factor on the amplitude of kernels. */
  readonly gain: number;
  /** Trained parameters at the widths of the spec. */
  readonly parameters: number;
  readonly runs: readonly {
    readonly size: readonly [number, number];
    readonly outputs: Readonly<Record<string, ZooOutput>>;
  }[];
}

interface ZooOutput {
  /** [n, c, h, w] */
  readonly shape: readonly [number, number, number, number];
  readonly largest: number;
  /** [flat index in n, c, h, w; value] */
  readonly samples: readonly (readonly [number, number])[];
}

export const references = (
  JSON.parse(readFileSync('test/oracles/zoo.json', 'utf8')) as {
    readonly networks: readonly ZooReference[];
  }
).networks;

/** The names of the specs of the zoo. */
export const zooNames: readonly string[] = readdirSync('specs/zoo')
  .map((file) => file.replace(/\.unet$/, ''))
  .sort();

/** The parameters of a reference as `--set` takes them. */
export const smallSettings = ({ small }: ZooReference): Settings =>
  Object.fromEntries(Object.entries(small).map(([key, value]) => [key, `${value}`]));

/** Compiles a spec of the zoo, which must be free of messages. */
export function compileZoo(name: string, set: Settings = {}): CompiledModel {
  const path = `specs/zoo/${name}.unet`;
  const { models, diagnostics } = compileText(path, readFileSync(path, 'utf8'), { set });
  const [model] = models;
  if (model === undefined || diagnostics.length > 0) {
    throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  }
  return model;
}
