import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A module that is handed to users, whose programs call what it exports. */
const handedOut = 'src/runtime/exports/network-module.ts';

/** Words of a file, as a rough list of the names that it uses. */
const wordsOf = (text: string): ReadonlySet<string> => new Set(text.match(/[A-Za-z_$][\w$]*/g));

/**
 * Functions, constants and classes of `files` that are exported though no other file says their name.
 * Types are left out: they are exported with the functions whose contract they are.
 */
function deadExports(files: ReadonlyMap<string, string>): readonly string[] {
  const filesWith = new Map<string, number>();
  for (const text of files.values()) {
    for (const word of wordsOf(text)) filesWith.set(word, (filesWith.get(word) ?? 0) + 1);
  }
  return [...files].flatMap(([path, text]) =>
    path.startsWith('src/') && !path.endsWith('.generated.ts') && path !== handedOut
      ? [...text.matchAll(/^export (?:async )?(?:function\*?|const|class) ([\w$]+)/gm)]
          .filter(([, name]) => filesWith.get(name!) === 1)
          .map(([, name]) => `${path}: ${name}`)
      : [],
  );
}

test('what is exported is used by another file', () => {
  const paths = ['src', 'test', 'bench', 'scripts', 'studio'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const files = new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
  expect(files.size).toBeGreaterThan(500);
  expect(deadExports(files)).toEqual([]);
});

test('an export that only its own file uses is found', () => {
  const files = new Map([
    ['src/a.ts', 'export const own = 1;\nexport function shared() { return own; }\n'],
    ['src/b.ts', "import { shared } from './a.js';\n"],
  ]);
  expect(deadExports(files)).toEqual(['src/a.ts: own']);
});
