/** Declarations that are shipped: those that a program reads which imports the package. */
import { existsSync, readdirSync, readFileSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Removes the `.d.ts` files of a folder that none of `entries` leads to, and folders left empty. */
export function pruneTypes(folder, entries) {
  const kept = new Set();
  const keep = (file) => {
    if (kept.has(file)) return;
    kept.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, path] of text.matchAll(/(?:from |import\(|import )['"](\.[^'"]+)\.js['"]/g)) {
      keep(join(dirname(file), `${path}.d.ts`));
    }
  };
  for (const entry of entries) keep(join(folder, entry));
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of all.filter((each) => each.isFile())) {
    if (!kept.has(join(parentPath, name))) rmSync(join(parentPath, name));
  }
  const folders = all.filter((each) => each.isDirectory());
  const paths = folders.map(({ name, parentPath }) => join(parentPath, name));
  for (const path of paths.sort().reverse()) {
    if (existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
  }
}
