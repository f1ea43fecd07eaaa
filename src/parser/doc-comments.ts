import type { SourceFile } from '../diagnostics/source.js';
import type { Comment } from './ast.js';

/** The documentation of a file. */
export interface DocComments {
  /** The text above the item that begins at an offset. */
  before(offset: number): string | undefined;
}

/**
 * Documentation: `///` comments on lines of their own, joined over consecutive
 * lines, directly above the item with nothing but blanks between.
 */
export function collectDocs(source: SourceFile, comments: readonly Comment[]): DocComments {
  const byLastLine = new Map<number, string>();
  for (const comment of comments) {
    if (comment.kind !== 'doc') continue;
    const { line } = source.position(comment.span.start);
    if (source.text.slice(source.lineStart(line), comment.span.start).trim() !== '') continue;
    const text = comment.text.replace(/^\/\/\/ ?/, '');
    const above = byLastLine.get(line - 1);
    byLastLine.set(line, above === undefined ? text : `${above}\n${text}`);
  }
  return { before };

  function before(offset: number): string | undefined {
    if (byLastLine.size === 0) return undefined;
    const { line } = source.position(offset);
    // A comma or parenthesis that belongs to the item before may stand between.
    const isFirstOnLine = /^[\s,)]*$/.test(source.text.slice(source.lineStart(line), offset));
    return isFirstOnLine ? byLastLine.get(line - 1) : undefined;
  }
}
