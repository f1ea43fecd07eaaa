/** How emitted files start: what starts otherwise was not made by us. */
export const firstWords = {
  typescript: '// Made by unetc from ',
  python: '# Made by unetc from ',
} as const;
