const MiB = 2 ** 20;

/**
 * The kinds of files that are read, with the most bytes of each. The limits lie
 * far above what such files have and below what would hurt: they keep endless
 * and mistaken files out of memory.
 */
export const fileKinds = {
  /** A spec, or a module that was made of one. */
  text: { limit: 8 * MiB },
  /** A document of JSON: `model.json`, `run.json`. */
  json: { limit: 128 * MiB },
  /** Outlines of the objects of many images: what a text of Node.js holds. */
  annotations: { limit: 511 * MiB },
  /** The log of a run: about two million steps. */
  log: { limit: 256 * MiB },
  /** An image or a mask, as stored. */
  image: { limit: 2 ** 31 - 1 },
  /** An image that is read in parts, never as a whole. */
  scene: { limit: 2 ** 40 },
  /** Weights of a network: more than one buffer of Node.js is sure to hold is not read. */
  weights: { limit: 2 ** 31 - 1 },
  /** A part of the program itself. */
  program: { limit: 128 * MiB },
} as const satisfies Readonly<Record<string, { readonly limit: number }>>;

export type FileKind = keyof typeof fileKinds;
