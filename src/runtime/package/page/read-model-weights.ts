/** What is read of a `model.json` that unetc saved. */
export interface SavedModel {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly { readonly shape: readonly number[] }[];
  }[];
  readonly userDefinedMetadata: { readonly unetc: { readonly weightNames: readonly string[] } };
}

/**
 * The weights of a model that unetc saved, by the names of its graph and in the runtime's order of axes.
 * Throws an `Error` where its files do not belong together.
 *
 * @param load reads a file beside `model.json`.
 */
export async function readModelWeights(
  { weightsManifest, userDefinedMetadata }: SavedModel,
  load: (name: string) => Promise<Uint8Array>,
): Promise<ReadonlyMap<string, Float32Array>> {
  const { weightNames } = userDefinedMetadata.unetc;
  const values = new Map<string, Float32Array>();
  for (const { paths, weights } of weightsManifest) {
    const parts = await Promise.all(paths.map(load));
    const { buffer } = joined(parts);
    let start = 0;
    for (const { shape } of weights) {
      const length = shape.reduce((product, size) => product * size, 1);
      if (start + 4 * length > buffer.byteLength) {
        throw new Error('The weights of the model are cut short.');
      }
      values.set(weightNames[values.size]!, new Float32Array(buffer, start, length));
      start += 4 * length;
    }
  }
  return values;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
