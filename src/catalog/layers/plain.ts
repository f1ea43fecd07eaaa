/** A layer without options. */
export const plain = (doc: string) =>
  ({ family: 'layer', doc, positional: [], options: {} }) as const;
