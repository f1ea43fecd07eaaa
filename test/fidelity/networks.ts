import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { compileText, type CompiledModel } from '../../src/compile.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { moreNetworks } from '../codegen/pytorch/more-networks.js';
import { forms } from '../codegen/forms.js';
import { largestMap, tellingSizes } from '../networks/forms.js';
import { randomNetwork } from '../networks/random-network.js';
import { compileZoo, references, smallSettings } from '../zoo/networks.js';

/** A text whose models are compared in every target. */
export interface FidelityNetwork {
  readonly name: string;
  /** The name of the spec. */
  readonly file: string;
  readonly set: Readonly<Record<string, string>>;
  readonly models: readonly CompiledModel[];
  /** Of each model two sizes of images, [height, width], odd or not square where they may be. */
  readonly sizes: readonly (readonly (readonly [number, number])[])[];
}

/** Above this many pixels in a map a random network takes longer than it teaches. */
const mostPixels = 20_000;

function read(
  name: string,
  file: string,
  text: string,
  set: FidelityNetwork['set'] = {},
): FidelityNetwork | undefined {
  const { models, diagnostics } = compileText(file, text, { set });
  if (hasErrors(diagnostics) || models.length === 0) return undefined;
  const sizes = models.map((model) => tellingSizes(model, 6).slice(-2));
  return { name, file, set, models, sizes };
}

const known = (networks: readonly (FidelityNetwork | undefined)[]): readonly FidelityNetwork[] =>
  networks.filter((network) => network !== undefined);

/** The network of a text that is in no file; undefined where the text has errors. */
export const networkOf = (name: string, text: string): FidelityNetwork | undefined =>
  read(name, 'more.unet', text);

/** Every spec of `specs/` and `test/golden/`, narrow where that is a parameter. */
export const specNetworks = (): readonly FidelityNetwork[] =>
  known(forms.map(({ name, of, set }) => read(name, of.file, of.text, set)));

/**
 * The zoo at the small widths and the sizes of its references; images are made for one input.
 * Deep networks of instance norms are left out: ONNX Runtime sums up each map in float32, and the
 * more pixels it has the further that carries them, to 5e-4 at 768 x 384.
 */
export const zooNetworks = (): readonly FidelityNetwork[] =>
  references.flatMap((reference) => {
    const { name, runs } = reference;
    const [file, set] = [`${name}.unet`, smallSettings(reference)];
    const models = [compileZoo(name, set)];
    const isCompared = models.every(
      ({ graph: { inputs, nodes } }) =>
        inputs.length === 1 && !nodes.some(({ op }) => op.kind === 'instance_norm'),
    );
    return isCompared ? [{ name, file, set, models, sizes: [runs.map(({ size }) => size)] }] : [];
  });

/** Kinds of networks that the specs do not have. */
export const otherNetworks = (): readonly FidelityNetwork[] =>
  known(Object.entries(moreNetworks).map(([name, text]) => networkOf(name, text)));

/** The specs of a folder, as they are. */
export const networksIn = (folder: string): readonly FidelityNetwork[] =>
  known(
    readdirSync(folder)
      .filter((file) => file.endsWith('.unet'))
      .sort()
      .map((file) => read(basename(file, '.unet'), file, readFileSync(join(folder, file), 'utf8'))),
  );

/** So many random networks, the same for the same seed; the name of each is its text. */
export function randomNetworks(count: number, seed: number): readonly FidelityNetwork[] {
  const found: FidelityNetwork[] = [];
  // Of ten texts some three are networks.
  for (const text of fc.sample(randomNetwork, { numRuns: 40 * count, seed })) {
    if (found.length === count) break;
    const network = read(text, 'random.unet', text);
    const [model] = network?.models ?? [];
    // Cases are of one image.
    if (model?.graph.inputs.length !== 1) continue;
    const isSmall = network?.sizes[0]!.every((size) => largestMap(model, size) < mostPixels);
    if (isSmall === true) found.push(network!);
  }
  return found;
}
