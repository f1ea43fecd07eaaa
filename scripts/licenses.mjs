/** The licenses of the packages that went into a bundle, which travel with it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files by which packages say what others may do with them. */
const isLicense = (name) => /^(licen[cs]e|copying|notice|third-?party-?notices)\b/i.test(name);

/**
 * Writes `LICENSES.txt` into a folder: name, version and license of each package that esbuild
 * read below `root` for the bundles in it, with the texts that the package ships.
 */
export function writeLicenses(root, folder, metafiles) {
  // What a package replaces by nothing in browsers is no part of a bundle.
  const inputs = metafiles
    .flatMap((metafile) => Object.keys(metafile.inputs))
    .filter((path) => !path.startsWith('(disabled):'));
  const packages = inputs.flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [],
  );
  const texts = [...new Set(packages)].sort().map((path) => describe(join(root, path)));
  writeFileSync(join(folder, 'LICENSES.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter(isLicense);
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${[`${name} ${version}: ${license}`, ...texts].join('\n\n')}\n`;
}
