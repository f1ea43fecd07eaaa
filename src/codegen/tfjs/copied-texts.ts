import type { CustomLayer } from './layer-table.js';

/** A text that is copied into what we emit. */
export interface CopiedText {
  readonly text: string;
  /** What it declares. */
  readonly names: readonly string[];
  /** The declarations of `values` that it reads, in the order in which it names them. */
  readonly reads: readonly string[];
}

/** The classes of layers that TensorFlow.js lacks, and the functions and types that these read. */
export interface LayerTexts {
  readonly classes: Readonly<Record<CustomLayer, CopiedText>>;
  /** Single declarations of `src/runtime/values`, by their names. */
  readonly values: Readonly<Record<string, CopiedText>>;
}

/**
 * All that layers of those classes need: the classes, as given, then each declaration that
 * they read, once, followed by what it reads itself.
 */
export function copiedTexts(
  classNames: readonly CustomLayer[],
  { classes, values }: LayerTexts,
): readonly CopiedText[] {
  const found = new Map<string, CopiedText>();
  const add = (name: string): void => {
    const value = values[name]!;
    if (found.has(name)) return;
    found.set(name, value);
    value.reads.forEach(add);
  };
  const own = classNames.map((name) => classes[name]);
  for (const { reads } of own) reads.forEach(add);
  return [...own, ...found.values()];
}
