/** How emitted files start: what starts otherwise was not made by us. */
export const firstWords = {
  typescript: '// Made by unetc from ',
  python: '# Made by unetc from ',
  // The files of both targets have one name: neither is written over the other.
  keras: '# Made by unetc for Keras from ',
} as const;
