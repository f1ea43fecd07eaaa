import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { messages } from '../../diagnostics/messages/index.js';
import type { MessageName } from '../../diagnostics/report.js';

/** Messages of one file each. */
const ofOneFile: readonly MessageName[] = [
  'image-without-mask',
  'mask-without-image',
  'duplicate-stem',
  'data-file-skipped',
  'image-without-instances',
  'instances-not-grey',
  'image-unreadable',
  'image-empty',
  'image-too-large',
  'image-format-unsupported',
  'image-depth-unsupported',
  'image-many-pages',
  'image-channels-mismatch',
  'mask-size-differs',
  'mask-value-above-classes',
  'mask-colour-unknown',
  'mask-colours-without-table',
  'mask-lossy-classes',
  'mask-lossy-unclear',
  'mask-values-differ',
  'mask-alpha',
  'pair-swapped',
  'annotations-unreadable',
  'annotation-bad',
  'annotated-image-missing',
  'annotated-size-differs',
  'category-unknown',
  'categories-unnamed',
  'shapes-without-area',
  'shard-pair-incomplete',
  'shard-name-twice',
];
const grouped: ReadonlySet<string> = new Set(ofOneFile.map((name) => messages[name].code));

/** Files named in one message at most, beside the first. */
const MOST_NAMED = 4;

/**
 * Files with the same fault as one message: the first one's, with a note that
 * names some of the others and says how many there are.
 */
export function groupAlike(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const [at, diagnostic] of diagnostics.entries()) {
    const { code, help } = diagnostic;
    const key = grouped.has(code) ? `${code} ${help.map(withoutNames).join(' ')}` : String(at);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [diagnostic]);
    else group.push(diagnostic);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    if (group.length === 1) return first!;
    const files = new Set(group.map(({ span }) => span.file));
    const note =
      files.size === 1
        ? `So it is in ${group.length} places of this file.`
        : `So it is with ${files.size} files: also ${listFiles([...files].slice(1))}.`;
    return { ...first!, notes: [...first!.notes, note] };
  });
}

function listFiles(files: readonly string[]): string {
  const named = files.slice(0, MOST_NAMED).map((file) => `"${lastParts(file)}"`);
  const rest = files.length - named.length;
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Advice is the same whatever numbers and names it mentions. */
function withoutNames(text: string): string {
  return text.replace(/"[^"]*"|\[[^\]]*\]|\d+/g, '');
}

/** The split, the folder and the file of a path. */
function lastParts(path: string): string {
  return path.split(/[\\/]/).slice(-3).join('/');
}
