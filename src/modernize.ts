import { applyEdits } from './diagnostics/apply-edits.js';
import type { TextEdit } from './diagnostics/diagnostic.js';
import { compileText, type CompileOptions } from './compile.js';

/** More changes of the language than one text can need one after another. */
const roundLimit = 20;

/**
 * A spec that was written for an older version, in today's language: the fixes that only
 * change how things are said are applied until none is left. The network stays the same.
 * Problems of any other kind stay in the text.
 */
export function modernize(path: string, text: string, options: CompileOptions = {}): string {
  let current = text;
  for (let round = 0; round < roundLimit; round++) {
    const edits = modernizing(path, current, options);
    if (edits.length === 0) break;
    current = applyEdits(current, edits);
  }
  return current;
}

/** The edits of all modernizing fixes of this file that do not overlap. */
function modernizing(path: string, text: string, options: CompileOptions): readonly TextEdit[] {
  const { diagnostics } = compileText(path, text, options);
  const taken: TextEdit[] = [];
  for (const fix of diagnostics.flatMap(({ fixes }) => fixes)) {
    const isOurs = fix.modernizes === true && fix.edits.every(({ span }) => span.file === path);
    const isFree = fix.edits.every((edit) => !taken.some((other) => touches(edit, other)));
    if (isOurs && isFree) taken.push(...fix.edits);
  }
  return taken;
}

const touches = ({ span }: TextEdit, { span: other }: TextEdit): boolean =>
  span.start <= other.end && other.start <= span.end;
