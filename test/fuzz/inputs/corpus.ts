import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The texts that inputs are made from: every spec that is shipped, its library and
 * templates, every golden case (broken ones too), and the whole examples of the pages.
 * Paths are those of a run from the root of the repository.
 */
export function readCorpus(): readonly string[] {
  const specs = ['specs', 'specs/std', 'specs/templates', 'test/parser/samples'];
  const files = specs.flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.unet'))
          .sort()
          .map((name) => join(folder, name))
      : [],
  );
  const golden = readdirSync('test/golden')
    .sort()
    .map((name) => join('test/golden', name, 'spec.unet'))
    .filter((path) => existsSync(path));
  const pages = ['docs/tour.md', 'docs/language.md', 'docs/encoders.md']
    .filter((path) => existsSync(path))
    .flatMap((path) => examplesOf(readFileSync(path, 'utf8')));
  const explained = readdirSync('docs/diagnostics')
    .sort()
    .flatMap((name) => examplesOf(readFileSync(join('docs/diagnostics', name), 'utf8')));
  const texts = [...files, ...golden].map((path) => readFileSync(path, 'utf8'));
  return [...new Set([...texts, ...pages, ...explained])];
}

/** The examples of a page, broken ones too. */
function examplesOf(page: string): readonly string[] {
  return [...page.matchAll(/^```unet[^\n]*\n([^]*?)^```$/gm)].map(([, text]) => text!);
}
