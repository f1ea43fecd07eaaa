/** What shells take as it is, in one word, wherever it stands. */
const plain = /^[\w@%+=:,./-]+$/;

/** Of Windows' paths also what is between folders. */
const plainOnWindows = /^[\w@+=:,./\\-]+$/;

/**
 * A word of a command line that people copy, such as a path: as it is where shells take it
 * so, else quoted, so that it is one word and nothing in it has a meaning. Shells of POSIX
 * take all between single quotes as it is; those of Windows know double ones, which no name
 * of a file there has.
 */
export function shellWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return plainOnWindows.test(word) ? word : `"${word}"`;
  return plain.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Words as a command line, each quoted where shells need it. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => shellWord(word)).join(' ');
