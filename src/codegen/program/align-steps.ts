/** A step of several bodies: its index in each that has it, by the index of the body. */
export type SharedStep = ReadonlyMap<number, number>;

/**
 * Lays the steps of several bodies side by side, each body in its own order: steps of equal
 * texts are one. What only some have stands between its neighbours. Longer bodies come first,
 * so that those that lack more find their place among their steps.
 */
export function alignSteps(bodies: readonly (readonly string[])[]): readonly SharedStep[] {
  let rows: readonly { readonly text: string; readonly of: Map<number, number> }[] = [];
  const longest = [...bodies.entries()].sort(([, one], [, other]) => other.length - one.length);
  for (const [body, texts] of longest) {
    const pairs = commonSteps(
      rows.map(({ text }) => text),
      texts,
    );
    const next: { readonly text: string; readonly of: Map<number, number> }[] = [];
    let [row, own] = [0, 0];
    for (const [atRow, atOwn] of [...pairs, [rows.length, texts.length] as const]) {
      next.push(...rows.slice(row, atRow));
      for (; own < atOwn; own++) next.push({ text: texts[own]!, of: new Map([[body, own]]) });
      const shared = rows[atRow];
      if (shared !== undefined) {
        shared.of.set(body, atOwn);
        next.push(shared);
      }
      [row, own] = [atRow + 1, atOwn + 1];
    }
    rows = next;
  }
  return rows.map(({ of }) => of);
}

/** The longest list of pairs of equal texts in the order of both. */
function commonSteps(
  left: readonly string[],
  right: readonly string[],
): readonly (readonly [number, number])[] {
  // lengths[i][j]: of what is common from i and j on.
  const lengths = Array.from({ length: left.length + 1 }, () =>
    new Array<number>(right.length + 1).fill(0),
  );
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        left[i] === right[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < left.length && j < right.length;) {
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i += 1;
    else j += 1;
  }
  return pairs;
}
