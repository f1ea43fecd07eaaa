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
  return [...groups.values()].map(([first, ...others]) => {
    if (others.length === 0) return first!;
    const named = others.slice(0, MOST_NAMED).map(({ span }) => `"${lastParts(span.file)}"`);
    const rest = others.length - named.length;
    const files = `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
    const count = others.length + 1;
    return { ...first!, notes: [...first!.notes, `So it is with ${count} files: also ${files}.`] };
  });
}

/** Advice is the same whatever numbers and names it mentions. */
function withoutNames(text: string): string {
  return text.replace(/"[^"]*"|\[[^\]]*\]|\d+/g, '');
}

/** The split, the folder and the file of a path. */
function lastParts(path: string): string {
  return path.split(/[\\/]/).slice(-3).join('/');
}
