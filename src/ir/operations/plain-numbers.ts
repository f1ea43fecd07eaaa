/**
 * Attributes that are numbers in the network and nothing more: neither its sizes nor which
 * operations it has follow from them, so a built network may take other values. The names
 * are those of `attributesOf` of a program.
 */
export const plainNumbers: ReadonlySet<string> = new Set([
  'channels',
  'multiplier',
  'rate',
  'alpha',
  'start',
  'epsilon',
  'running.keep',
]);
