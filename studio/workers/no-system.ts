/** Stands in for `node:os` in pages, which tell nobody how much memory is free. */
export function freemem(): number {
  return Number.POSITIVE_INFINITY;
}
