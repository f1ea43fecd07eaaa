import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import type { FilePair } from './folder.js';
import { endingIn, listByName } from './pair-files.js';
import type { TargetFolder } from './target-files.js';

/** The files of one folder of targets, by the names of pairs. */
interface ListedTargets extends TargetFolder {
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Gives pairs the files of targets, which have their names, and a suffix where there is one.
 * Reports folders that are missing or empty, and pairs without a file, which are left out.
 */
export function addTargets(
  pairs: readonly FilePair[],
  folders: readonly TargetFolder[],
  reporter: Reporter,
): readonly FilePair[] {
  if (folders.length === 0) return pairs;
  const listed: ListedTargets[] = [];
  for (const place of folders) {
    const expected = `a folder with the targets of head "${place.head}"`;
    // Other targets, masks and images may lie there, too.
    const naming = { ...endingIn(place.suffix), isOther: () => place.suffix !== '' };
    const files = listByName(place.folder, expected, naming, [], reporter);
    if (files === undefined) return [];
    listed.push({ ...place, files });
  }
  return pairs.flatMap((pair) => {
    const lacking = listed.filter(({ files }) => !files.has(pair.name));
    for (const { head, folder, suffix } of lacking) {
      const parameters = { image: pair.imagePath, folder, stem: pair.name + suffix, head };
      reporter.report('target-file-missing', parameters, { at: atFile(pair.imagePath) });
    }
    if (lacking.length > 0) return [];
    const targets = listed.map(({ head, files }) => ({ head, path: files.get(pair.name)! }));
    return [{ ...pair, targets }];
  });
}
