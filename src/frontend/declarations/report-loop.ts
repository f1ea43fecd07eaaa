import type { Reporter } from '../../diagnostics/report.js';
import type { Loop } from '../../parser/ast.js';

/** Reports a loop where none can stand. */
export function reportLoop(loop: Loop, where: string, reporter: Reporter): void {
  const at = { ...loop.span, end: loop.span.start + 'for'.length };
  const place = `${where}; loops stand in the bodies of blocks and encoders`;
  reporter.report('misplaced', { what: 'A loop', where: place }, { at });
}
